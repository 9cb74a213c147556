"""What stands in the repository to be read: links lead somewhere, and each decision says when, why, and what else."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown.extensions.toc import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = ROOT / "docs" / "decisions"
PARTS = ["Decision", "Alternatives", "Outcome"]


UNPUBLISHED = ("architecture.md", "benchmarks.md", "changes/", "decisions/", "mutants.md")
"""Below docs/, and for developers: not part of the site."""


def documents() -> list[Path]:
    """The repository's Markdown, but for what a strict build of the site checks: its pages, and policies."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found = (ROOT / name for name in listed if not name.startswith(("policy/", "versions/", "tests/")))
    own = tuple(f"{ROOT}/docs/{name}" for name in UNPUBLISHED)
    return sorted(path for path in found if path.is_file() and (not is_page(path) or str(path).startswith(own)))


def is_page(path: Path) -> bool:
    return path.is_relative_to(ROOT / "docs")


@cache
def parsed(path: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))


def links(path: Path) -> list[str]:
    inline = [child for token in parsed(path) for child in token.children or ()]
    return [
        str(token.attrGet("href") or token.attrGet("src")) for token in inline if token.type in ("link_open", "image")
    ]


def anchors(path: Path) -> set[str]:
    tokens = parsed(path)
    headings = [tokens[at + 1] for at, token in enumerate(tokens) if token.type == "heading_open"]
    texts = ("".join(child.content for child in heading.children or ()) for heading in headings)
    return {slugify(text, "-") for text in texts}


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_a_file_and_a_heading(path: Path) -> None:
    dead = []
    for link in links(path):
        if re.match(r"[a-z+]+:|//", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_the_files_that_are_named_to_developers_are_there(name: str) -> None:
    """From the repository's folder, or from that of the code; a module is also named without its ending."""
    inline = [child for token in parsed(ROOT / name) for child in token.children or () if child.type == "code_inline"]
    named = [child.content for child in inline if re.fullmatch(r"[\w.-]*/[\w./-]*|[\w-]+\.py", child.content)]
    places = (ROOT, ROOT / "plugins", ROOT / "plugins/inforce", ROOT / "storefront")
    found = {each for each in named for place in places if (place / each).exists() or (place / f"{each}.py").is_file()}
    assert named
    assert set(named) - found == set()


@pytest.mark.parametrize(
    "path", sorted(set(DECISIONS.glob("*.md")) - {DECISIONS / "index.md"}), ids=lambda path: path.stem
)
def test_a_decision_says_when_why_what_else_and_what_came_of_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = re.match(r"# (?P<title>.+)\n\n- \*\*Date:\*\* (?P<date>.+)\n- \*\*Status:\*\* (?P<status>.+)\n\n## ", text)
    assert head
    assert head["status"].startswith(("in force", "superseded by ["))
    day = date.fromisoformat(head["date"])
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    assert parts[::2] == PARTS
    assert all(part.strip().endswith((".", ";", "|")) for part in parts[1::2])
    index = (DECISIONS / "index.md").read_text(encoding="utf-8")
    assert index.count(f"- [{head['title']}]({path.name}), {day.isoformat()}\n") == 1


def test_the_site_leaves_out_what_only_developers_read() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for name in UNPUBLISHED:
        assert f"\n  /{name}\n" in settings
        assert settings.count(name) == 1


def test_no_page_of_the_site_leads_to_what_the_site_leaves_out() -> None:
    """MkDocs says so of such a link, and builds it all the same."""
    own = tuple(f"{ROOT}/docs/{name}" for name in UNPUBLISHED)
    pages = [path for path in (ROOT / "docs").rglob("*.md") if not str(path).startswith(own)]
    led = [
        (path.name, link, str((path.parent / link.partition("#")[0]).resolve()))
        for path in pages
        for link in links(path)
    ]
    assert len(pages) > 10
    assert [(name, link) for name, link, target in led if target.startswith(own)] == []
