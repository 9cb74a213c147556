"""Sites built in this process from projects on disk, and their pages read."""

from __future__ import annotations

from pathlib import Path

from lxml import html
from mkdocs.commands.build import build
from mkdocs.config import load_config

AS_OF = 'as_of: "2026-04-01T00:00:00Z"'


def build_site(root: Path, *, command: str = "build", strict: bool = True, target: str = "site") -> Path:
    """Build the project at ``root``; gives the folder of the site."""
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / target), strict=strict)
    config.plugins.on_startup(command=command, dirty=False)
    build(config)
    return root / target


def tree(page: Path) -> html.HtmlElement:
    """A built page."""
    return html.fromstring(page.read_text(encoding="utf-8"))


def text(page: Path) -> str:
    """The visible text of a page's article, white space folded."""
    return " ".join(tree(page).xpath("//article[contains(@class, 'if-policy')]")[0].text_content().split())


def content_security(site: Path) -> str:
    """The policy that the build wrote for hosts to send with every address."""
    first, value, *_ = (site / "_headers").read_text(encoding="utf-8").splitlines()
    name, _, policy = value.strip().partition(": ")
    assert (first[-2:], name) == ("/*", "Content-Security-Policy")
    return policy


def has_anchor(page: Path, anchor: str) -> bool:
    """Whether a page has an element of that id."""
    return bool(tree(page).xpath("//*[@id=$id]", id=anchor))
