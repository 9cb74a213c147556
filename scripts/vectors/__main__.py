"""Writes the cases as JSON into the package: ``cd scripts && python -m vectors``."""

import json
from pathlib import Path

from vectors import copies, merges, several, tables

FOLDER = Path(__file__).resolve().parents[2] / "storefront" / "vectors"


def texts() -> dict[str, str]:
    """Each file's name and text."""
    groups = {path.stem: tables.cases(path) for path in Path(__file__).parent.glob("*.md")}
    files = {}
    for name, (title, cases) in {**groups, "several": (several.TITLE, several.cases())}.items():
        schema = "instant-vectors-1.json" if name == "instants" else "review-vectors-1.json"
        files[f"{name}.json"] = _text(schema, title, cases)
    for rules in (copies, merges):
        files[f"{rules.__name__.rpartition('.')[2]}.json"] = _text(rules.SCHEMA, rules.TITLE, rules.cases())
    return files


def _text(schema: str, title: str, cases: list[tables.Json]) -> str:
    content = {"$schema": f"../schema/{schema}", "title": title, "cases": cases}
    return f"{json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n"


if __name__ == "__main__":
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(json.loads(text)['cases'])} cases")
