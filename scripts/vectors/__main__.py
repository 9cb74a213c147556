"""Writes the cases as JSON into the package: ``cd scripts && python -m vectors``."""

import json
from pathlib import Path

from vectors import changes, table

FOLDER = Path(__file__).resolve().parents[2] / "storefront" / "vectors"
GROUPS = {
    "rows": table.rows,
    "neighbours": table.neighbours,
    "records": table.odd_records,
    "later": table.later,
    "changes": changes.union,
    "redlines": changes.pages,
    "manifests": changes.manifests,
    "several": changes.several,
}


def texts() -> dict[str, str]:
    """Each file's name and text."""
    files = {}
    for name, cases in GROUPS.items():
        head = {"$schema": "../schema/review-vectors-1.json", "title": (cases.__doc__ or "").strip()}
        files[f"{name}.json"] = f"{json.dumps({**head, 'cases': cases()}, ensure_ascii=False, separators=(',', ':'))}\n"
    return files


if __name__ == "__main__":
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(json.loads(text)['cases'])} cases")
