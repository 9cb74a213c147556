"""Words that would be markup if any page let them: in every field, on every kind of page, under three themes, alone.

Nothing may run, no element may come of them, and no request may leave. The Content-Security-Policy only reports here,
so that what is looked at is what pages are made of, and not what a browser forbids. `WORDS` in the environment says how
often each is drawn anew (`make looks`, every night).
"""

from __future__ import annotations

import json
import os
import random
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from adapters import projects
from adapters.commands import Terminal
from adapters.repositories import TestRepository
from adapters.sites import AS_OF, build_site, content_security
from inforce.model import EventKind
from patience import eventually

ELSEWHERE = "//elsewhere.example/"
PIECES = [
    "<img src=hostile onerror=alert(1)>",
    "</title><script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "' autofocus onfocus=alert(4) tabindex=1 x='",
    f'0;url=https:{ELSEWHERE}" http-equiv="refresh',
    "&lt;img src=hostile onerror=alert(5)&gt;",
    "&amp;lt;script&amp;gt;alert(6)&amp;lt;/script&amp;gt;",
    "--></style></textarea></noscript><script>alert(7)</script><!--",
    "</script><script>alert(8)//",
    "{{ cycler.__init__ }} ${alert(9)} `x`",
    f'" onmouseover=alert(10) style="background:url({ELSEWHERE}a)',
    f"<base href=https:{ELSEWHERE}><link rel=stylesheet href={ELSEWHERE}b>",
    f"<iframe srcdoc='<script>alert(11)</script>' src=https:{ELSEWHERE}c></iframe>",
    '\\u003cscript>alert(12)</script> \\"-alert(13)-\\"',
    "]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(14)</x:script>",
    'id="abc" t id=") A" B" y="z',
]
SEEDS = range(1, 1 + int(os.environ.get("WORDS", 1)))
THEMES = [
    (theme, 3 * seed - behind) for seed in SEEDS for behind, theme in enumerate(("readthedocs", "mkdocs", "material"))
]
"""A theme and the seed of its words. What themes share says other ones in each."""
FOREIGN = """() => {
  const named = `base, iframe, svg[onload], img[src=hostile], meta[http-equiv=refresh i], [srcdoc], x\\\\:script,
    [href*=elsewhere], [src*=elsewhere], [style*=elsewhere]`;
  const acts = (element) => element.matches(named)
    || [...element.attributes].some(({name}) => name.startsWith("on"))
    || (element.matches("script:not([type$=json])") && element.text.startsWith("alert"));
  return [...document.querySelectorAll("*")].filter(acts).map((element) => element.outerHTML.slice(0, 200));
}"""
"""The elements of a page that came of such words."""

Serve = Callable[..., str]


class Words:
    """Hostile text by the name of a field, drawn anew for each."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.said: list[str] = []

    def __call__(self, name: str) -> str:
        """Text for one field; it begins with the field's name."""
        self.said.append(" ".join([name, *self._random.sample(PIECES, 4)]))
        return self.said[-1]

    def clause(self, name: str, note: str = "") -> str:
        """A clause whose heading and text say such words in each way in which Markdown may."""
        front = f"---\n{note}---\n" if note else ""
        code, title = (
            self("code").replace("`", "'"),
            self("title").replace('"', "”").replace("<", "‹").replace("&", "+"),
        )
        link, below = f'[link](#contact "{title}")', escape(self("subheading"))
        body = f"{escape(self('text'))}\n\n- `{code}`\n\n{link}\n\n### {below}\n\nEnd."
        return f"{front}## {escape(self(f'{name} heading'))}\n\n{body}"


def hostile_project(root: Path, seed: int) -> Terminal:
    """Two versions, an erratum and a draft; every word that somebody chose is hostile, git's names among them."""
    words = Words(seed)
    clauses = {
        "preamble": escape(words("preamble")),
        "cookies": words.clause("cookies"),
        "contact": words.clause("contact"),
    }
    projects.write_policy(root, clauses)
    settings = root / "policy/privacy/policy.yml"
    text = settings.read_text(encoding="utf-8").replace('"Shop Privacy"', json.dumps(words("title")))
    contact = json.dumps("https://shop.example/'><script>alert(15)</script>\"onfocus=alert(16)")
    settings.write_text(text.replace('"mailto:privacy@shop.example"', contact), encoding="utf-8")
    found = Terminal(root)
    found.run("release", "privacy", "--summary", words("summary"), "--effective", "today")
    repository = TestRepository(root)
    repository.git("config", "user.name", words("author").replace("<", "").replace(">", ""))
    repository.commit({}, words("subject"))
    noted = f'severity: "material"\nnote: {json.dumps(words("note"))}\n'
    reason = f'severity: "editorial"\neditorial_because: {json.dumps(words("reason"))}\n'
    found.edit("cookies", words.clause("cookies", noted))
    found.edit("contact", words.clause("contact", reason))
    repository.commit({}, words("subject"))
    found.wait(hours=1)
    found.run("release", "privacy", "--summary", words("summary"), "--effective", "2026-05-01")
    projects.happen(root, EventKind.ERRATUM, datetime(2026, 3, 9, tzinfo=UTC), version="1.0", reason=words("erratum"))
    found.wait(days=10)
    over = ("--effective", "2027-03-01", "--reason", words("over"), "--waive-notice", words("waived"))
    found.run("retire", "privacy", *over)
    open_until = 'comments_from: "2026-01-01"\ncomments_until: "2026-12-31"\nshow_editors: true\n'
    settings.write_text(settings.read_text(encoding="utf-8") + open_until, encoding="utf-8")
    found.edit("cookies", words.clause("cookies", noted))
    repository.commit({}, words("subject"))
    return found


def visit(page: Page, address: str, dialogs: list[str]) -> None:
    """Open a page, touch it, and see that nothing on it came of words."""
    page.goto(address)
    page.keyboard.press("Tab")
    page.mouse.move(200, 200)
    assert page.evaluate(FOREIGN) == [], address
    assert dialogs == [], address
    assert page.url == address


def search(page: Page, address: str, theme: str) -> None:
    """Have a theme show what it finds, which is what policies say."""
    if theme == "readthedocs":
        page.goto(f"{address}search.html?q=cookies")
        found = page.locator("#mkdocs-search-results article")
    elif theme == "mkdocs":
        page.goto(address)
        page.keyboard.press("s")
        found = page.locator("#mkdocs-search-results article")
        box = page.locator("#mkdocs-search-query")

        def finds() -> bool:
            """What is typed before the theme has its index finds nothing, then or later."""
            box.fill("")
            box.press_sequentially("cookies")
            return found.count() > 0

        assert eventually(finds)
    else:
        page.goto(address)
        box = page.get_by_role("textbox", name="Search")
        box.focus()
        expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
        box.press_sequentially("cookies")
        found = page.locator(".md-search-result__item")
    expect(found.filter(has_text="alert").first).to_be_visible()


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    """What a script said that the page should not have."""
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return said


@pytest.mark.parametrize(("theme", "seed"), THEMES)
def test_no_words_do_anything_on_any_page(
    theme: str, seed: int, tmp_path: Path, serve: Serve, page: Page, dialogs: list[str],
    outside_requests: list[str], violations: list[str],
) -> None:  # fmt: skip
    """On every page under one theme; under the others, which frame the same, on one of each kind."""
    hostile_project(tmp_path, seed)
    projects.write_site(tmp_path, theme=f"{theme}, font: false" if theme == "material" else theme)
    settings = (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        settings.replace("inforce: {", f"inforce: {{drafts: true, {AS_OF}"), encoding="utf-8"
    )
    with (tmp_path / "docs/index.md").open("a", encoding="utf-8") as home:
        home.write("\n<!-- inforce: policies -->\n\n<!-- inforce: changes -->\n")
    site = build_site(tmp_path)
    strict = content_security(site)
    assert "elsewhere" not in strict
    address = serve(site, rules=f'add_header Content-Security-Policy-Report-Only "{strict}";')
    page.goto(address)  # what the theme asks for on a page that no policy stands on
    asked = set(outside_requests)
    pages = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("privacy/**/index.html"))
    kinds = {re.sub(r"[0-9.]*[0-9]|draft|cookies|contact|preamble", "N", name): name for name in pages}
    assert len(kinds) >= 5, kinds
    for name in ["", *(pages if theme == "material" else kinds.values())]:
        visit(page, f"{address}{name}{'/' if name else ''}", dialogs)
        for data in page.locator("script[type='application/ld+json']").all_inner_texts():
            json.loads(data)
    search(page, address, theme)
    assert page.evaluate(FOREIGN) == dialogs == []
    assert set(outside_requests) <= asked
    assert violations == []
    feed = ElementTree.parse(site / "privacy/feed.xml").getroot()
    assert {element.tag.partition("}")[0] for element in feed.iter()} == {"{http://www.w3.org/2005/Atom"}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_words_do_anything_on_a_site_of_our_own(
    seed: int, tmp_path: Path, serve: Serve, page: Page, dialogs: list[str], outside_requests: list[str],
    violations: list[str],
) -> None:  # fmt: skip
    found = hostile_project(tmp_path, seed)
    name = Words(seed)("site")
    told = json.dumps({"site_name": name, "site_url": projects.ADDRESS, "copyright": name})
    (tmp_path / "mkdocs.yml").write_text(told, encoding="utf-8")
    found.run("build")
    site = tmp_path / "site"
    trusted = "require-trusted-types-for 'script'; trusted-types 'none'"
    address = serve(
        site, rules=f'add_header Content-Security-Policy-Report-Only "{content_security(site)}; {trusted}";'
    )
    pages = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    for each in pages:
        visit(page, f"{address}{each}/".replace("/./", "/"), dialogs)
        for data in page.locator("script[type='application/ld+json']").all_inner_texts():
            json.loads(data)
    for asked in ("from=1.0&to=2.0", *(f"from={quote(piece)}&to={quote(piece)}" for piece in PIECES)):
        visit(page, f"{address}privacy/compare/?{asked}", dialogs)
        if asked == "from=1.0&to=2.0":
            expect(page.locator(".if-composed .if-inline").first).to_contain_text("alert")
            assert page.evaluate(FOREIGN) == []
    page.goto(address)
    page.get_by_role("searchbox").fill("alert")
    expect(page.get_by_role("region", name="What was found").get_by_role("listitem").first).to_contain_text("alert")
    assert page.evaluate(FOREIGN) == dialogs == outside_requests == violations == []


@pytest.mark.parametrize("seed", SEEDS)
def test_no_words_do_anything_on_a_page_that_stands_alone(
    seed: int,
    tmp_path: Path,
    serve: Serve,
    page: Page,
    dialogs: list[str],
    outside_requests: list[str],
    violations: list[str],
) -> None:
    found = hostile_project(tmp_path / "project", seed)
    made = tmp_path / "site"
    made.mkdir()
    (made / "redline.html").write_text(found.run("redline", "privacy", "1.0", "2.0", "--html").stdout, encoding="utf-8")
    (made / "draft.html").write_text(found.run("redline", "privacy", "--html").stdout, encoding="utf-8")
    found.run("rehearse", "--format", "html", "-o", str(made / "rehearsal.html"))
    strict = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    found.run("redline", "privacy", "1.0", "2.0", "--docx", str(tmp_path / "redline.docx"))
    with zipfile.ZipFile(tmp_path / "redline.docx") as archive:
        for name in archive.namelist():
            tags = {element.tag for element in ElementTree.fromstring(archive.read(name)).iter()}
            assert not [tag for tag in tags if "script" in tag.lower()], name
    address = serve(made, rules=f'add_header Content-Security-Policy-Report-Only "{strict}";')
    for path in sorted(made.iterdir()):
        visit(page, f"{address}{path.name}", dialogs)
    assert outside_requests == []
    assert [said for said in violations if "favicon" not in said] == []
