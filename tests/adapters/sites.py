"""Sites built in this process from projects on disk, and their pages read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html
from mkdocs.commands.build import build
from mkdocs.config import load_config

from adapters.projects import ADDRESS
from inforce.adapters import output

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


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def published(folder: Path) -> dict[str, bytes]:
    """The same of a site that `inforce build` made, without the list that it keeps of its files."""
    return {name: data for name, data in content(folder).items() if name != output.LIST}


def pages(site: Path) -> Iterator[Path]:
    """The pages of a site; what a script composes one of is none."""
    yield from sorted([*site.rglob("index.html"), *site.glob("404.html")])


def links(site: Path) -> Iterator[tuple[Path, str, str]]:
    """Every link of every page to the site itself: the page, the address, and what is wrong with it, or nothing."""
    anchors: dict[Path, set[str]] = {}
    for page in pages(site):
        here = "/" if page.name == "404.html" else f"/{page.parent.relative_to(site).as_posix()}/".replace("/./", "/")
        for address in tree(page).xpath("//*/@href | //script/@src"):
            parts = urlsplit(address.removeprefix(ADDRESS.rstrip("/")))
            if parts.scheme or parts.netloc:
                continue
            way = parts.path if parts.path.startswith("/") else here + parts.path
            target = site / (Path("/", *_walked(unquote(way))).relative_to("/"))
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield page, address, "leads to no file"
                continue
            if parts.fragment and target not in anchors:
                anchors[target] = set(tree(target).xpath("//@id"))
            dead = parts.fragment and unquote(parts.fragment) not in anchors[target]
            yield page, address, "leads to no place there" if dead else ""


def _walked(way: str) -> list[str]:
    found: list[str] = []
    for part in way.split("/"):
        found = found[:-1] if part == ".." else found if part in ("", ".") else [*found, part]
    return found
