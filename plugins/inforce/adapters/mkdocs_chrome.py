"""What a theme puts around a page, laid out once for all pages of a kind, with each page's own words put in between.

A theme takes longer for a page than its content does, and says the same around thousands of them. So for each kind of
page it lays out one whose words are stand-ins. What it makes of the first real page of the kind has to be, byte for
byte, what putting that page's words in place of the stand-ins gives; otherwise, and wherever a page has anything beside
its words that the first one did not have, the theme lays out each page itself. A site's own templates may look at
anything, so with these nothing is taken for granted. INFORCE_NO_CACHE leaves every page to the theme.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from inforce.adapters.mkdocs_pages import PolicyPage
from inforce.text.html import brought

_STAND_IN = re.compile("(?:<h1)?inforce([0-9]+)word")
_ENTITY = re.compile(r"&#?\w+;")
_OWN = frozenset(
    (
        *("title", "file", "content", "toc", "meta", "canonical_url", "abs_url", "present_anchor_ids"),
        *("head", "source", "finisher", "links_to_anchors"),
    )
)
"""What a page has for itself alone: words, and what no theme is shown."""


@dataclass(frozen=True)
class _Kind:
    """What stood around a page's words, each behind the number of the word that comes before it; what else it had."""

    start: str
    parts: tuple[tuple[int, str], ...]
    beside: Mapping[str, Any]


class Chrome:
    """Lays out the pages of one build with the templates of ``env``."""

    def __init__(self, env: Environment, config: MkDocsConfig) -> None:
        self._env, self._config = env, config
        self._kinds: dict[object, _Kind | None] = {}
        self._targets: frozenset[str] = frozenset()

    def take(self, page: PolicyPage) -> None:
        """Have a page laid out here: what MkDocs lets a page name, a template of its own, is a template of ours."""
        if self._config.theme.custom_dir is None and "template" not in page.meta:
            page.meta["template"] = _Around(self, page)

    def lay_out(self, page: PolicyPage, context: Mapping[str, Any]) -> str:
        """Return what the theme makes of a page."""
        template = self._env.get_template("main.html")
        if self._led_to(page.url, context["nav"]):
            return template.render(context)
        words, beside = tuple(_words(page)), _beside(page, context)
        kind = _folder(page), *map(_manner, words)
        if kind not in self._kinds:
            output = template.render(context)
            self._kinds[kind] = self._learned(template, page, context, words, output)
            return output
        known = self._kinds[kind]
        if known is None or known.beside != beside:
            return template.render(context)
        return _filled(known, words)

    def _led_to(self, address: str, nav: Navigation) -> bool:
        """Whether a theme may lead from a page to itself, or below it: in other words than from beside it."""
        if not self._targets:
            self._targets = frozenset(page.url for page in nav.pages)
        return any(each.startswith(address) for each in self._targets) or address in repr(self._config.extra)

    def _learned(
        self, template: Template, page: PolicyPage, context: Mapping[str, Any], words: tuple[str, ...], output: str
    ) -> _Kind | None:
        """What stands around such pages, if ``words`` and that are the ``output``."""
        made = template.render({**context, "page": self._stand_in(page, len(words))})
        start, *rest = _STAND_IN.split(made)
        kind = _Kind(start, tuple(zip(map(int, rest[::2]), rest[1::2], strict=True)), _beside(page, context))
        known = all(number < len(words) for number, _ in kind.parts)
        return kind if known and _filled(kind, words) == output else None

    def _stand_in(self, page: PolicyPage, count: int) -> PolicyPage:
        """The same page with a stand-in for each word, in the order of ``_words``."""
        stand_ins = (f"inforce{number}word" for number in range(count))
        other = copy.copy(page)
        address = f"{_folder(page)}{next(stand_ins)}/"
        other.file = File.generated(self._config, f"{address}index.md", content="", inclusion=page.file.inclusion)
        other.file.dest_uri = f"{address}index.html"
        other._set_canonical_url(self._config.site_url)
        other.title, description, content, *headings = stand_ins
        other.meta = {**page.meta, "description": description}
        other.content = f"<h1{content}"
        pairs = zip(headings[::2], headings[1::2], strict=True)
        other.toc = TableOfContents([AnchorLink(title, anchor, 2) for title, anchor in pairs])
        return other


def let_go(page: Page) -> None:
    """Take away again what ``Chrome.take`` put there: other plugins may copy or print what a page says of itself."""
    if isinstance(page.meta.get("template"), _Around):
        del page.meta["template"]


def _folder(page: PolicyPage) -> str:
    """Where it stands: from there a theme leads to all else in the same words."""
    return page.url.removesuffix("/").rpartition("/")[0] + "/" if page.url.count("/") > 1 else ""


def _words(page: PolicyPage) -> Iterator[str]:
    """What a theme prints of a page: the last part of its address, its title and so on."""
    yield page.url.removesuffix("/").rpartition("/")[2]
    yield from (str(page.title), page.meta["description"], page.content or "")
    for link in page.toc:
        yield from (link.title, link.id)


def _manner(word: str) -> object:
    """For what a theme may treat one word unlike another: whether it is there, holds entities, or space to be folded.

    Of a content, which holds markup, it is whether there is a heading.
    """
    return "<h1" in word if "</" in word else _plain_manner(word)


@lru_cache(maxsize=8192)
def _plain_manner(word: str) -> object:
    """The same of a title, a description, an anchor: most of them stand in the contents of hundreds of pages."""
    return bool(word), frozenset(_ENTITY.findall(word)), word == " ".join(word.split())


def _beside(page: PolicyPage, context: Mapping[str, Any]) -> dict[str, Any]:
    """All that a theme is shown beside a page's words, but for the instant, which MkDocs asks the clock for each."""
    shown = {name: value for name, value in context.items() if name not in ("page", "build_date_utc")}
    own = {name: value for name, value in vars(page).items() if name not in _OWN}
    meta = {name: value for name, value in page.meta.items() if name != "description"}
    return {**shown, "page": own, "meta": meta}


def _filled(kind: _Kind, words: tuple[str, ...]) -> str:
    return kind.start + "".join(part for number, after in kind.parts for part in (words[number], after))


class Brought:
    """What the pages of a site bring with them, scripts and what else stands in a theme; see ``text.html.brought``."""

    def __init__(self) -> None:
        self.found: set[tuple[str, str]] = set()
        self._depths: Counter[int] = Counter()
        self._varied = False

    def by(self, output: str) -> None:
        """Note what a page brings that the site's own author wrote, or the theme."""
        self.found.update(brought(output))

    def by_page(self, output: str, page: Page) -> None:
        """Note what a page brings; of ours, what the theme does, which is the same on all of one depth, or on none."""
        if not isinstance(page, PolicyPage):
            self.by(output)
            return
        depth = page.url.count("/")
        seen = self._depths[depth]
        if seen < 2 or self._varied:
            found = set(brought(output.replace(page.content, "") if page.content else output))
            self._varied = self._varied or (seen == 1 and not found <= self.found)
            self.found |= found
            self._depths[depth] += 1


class _Around(Template):
    """A page's template, as MkDocs asks it to render."""

    def __new__(cls, *_: object) -> "_Around":
        return object.__new__(cls)

    def __init__(self, chrome: Chrome, page: PolicyPage) -> None:
        self._chrome, self._page = chrome, page

    def render(self, context: Mapping[str, Any]) -> str:
        """Return the page with what the theme puts around it."""
        return self._chrome.lay_out(self._page, context)
