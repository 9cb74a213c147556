"""Page contents -> HTML through Jinja2, announcements -> an Atom feed. The only module that imports these libraries.

A theme overrides any template by its name: ``inforce/version.html`` in its folder comes before the one shipped here.
"""

import html
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jinja2
from feedgenerator import Atom1Feed
from markupsafe import Markup

from inforce.adapters import files
from inforce.errors import fail, meant
from inforce.ledger import timeline
from inforce.publish.centre import MARK, PARTS, announcements
from inforce.publish.redlines import ChangedView, beside
from inforce.publish.site import Content, Site
from inforce.publish.version import ClauseView
from inforce.text.html import Sanitised, marked
from inforce.text.normal import count_of


def day(moment: datetime) -> str:
    """Return a day as readers write it; with the time and its offset where it is not midnight there.

    ``15 January 2027``, or ``22 November 2026, 22:30 (UTC+08:00)``.
    """
    text = f"{moment.day} {moment:%B %Y}"
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return text
    offset = moment.isoformat()[-6:] if moment.utcoffset() else ""
    return f"{text}, {moment:%H:%M} (UTC{offset})"


def date(moment: datetime) -> str:
    """Return a day in as few letters as can be read: ``15 Jan 2027``."""
    return f"{moment.day} {moment:%b %Y}"


RIGHT_TO_LEFT = frozenset({"adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"})
"""Scripts that run from right to left (ISO 15924)."""
WRITTEN_SO = frozenset({"ar", "azb", "ckb", "dv", "fa", "he", "ks", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages written in one of them where nothing else is said (BCP 47)."""


def direction(language: str) -> str:
    """Return ``rtl`` or ``ltr``: by the script that the language tag names, or else by the language's usual one."""
    primary, *subtags = language.lower().split("-")
    script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), "")
    return "rtl" if script in RIGHT_TO_LEFT or (not script and primary in WRITTEN_SO) else "ltr"


def sanitised(html: str) -> Markup:
    """Return what the sanitiser gave, to be printed as it is. Raises TypeError for anything else."""
    if not isinstance(html, Sanitised):
        raise TypeError(f"{type(html).__name__} is not what the sanitiser gave")
    return Markup(html)


def redline(html: str) -> Markup:
    """Return a redline for a page that stands alone, sanitised; what may scroll is in the keyboard's reach."""
    return Markup(marked(html, scrolled=True))


@lru_cache(maxsize=4)
def environment(overrides: tuple[str, ...] = ()) -> jinja2.Environment:
    """Return the templates of this package, behind those of the folders in ``overrides``."""
    loaders = [*(jinja2.FileSystemLoader(folder) for folder in overrides), jinja2.PackageLoader("inforce")]
    found = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(day=day, date=date, direction=direction, count_of=count_of, in_words=timeline.in_words)
    found.filters.update(sanitised=sanitised, redline=redline)
    found.filters.update(section=_once(found, "_clause", 8192))
    found.filters.update(changed=_once(found, "_changed", 512), listed=_once(found, "_listed", 512))
    return found


def _once(templates: jinja2.Environment, name: str, most: int) -> Callable[[ClauseView | ChangedView], Markup]:
    """A filter that lays a clause out by a template: most are the same on hundreds of pages.

    What it keeps, ``most`` of them, ends with the environment.
    """

    @lru_cache(maxsize=most)
    def laid(view: ClauseView | ChangedView) -> Markup:
        return Markup(templates.get_template(f"inforce/{name}.html").render(clause=view))

    return laid


def render(content: Content, overrides: Sequence[str] = ()) -> str:
    """Return the HTML of one page's content. Raises InForceError for a theme's template that cannot be used."""
    name = f"inforce/{content.template}"
    try:
        return environment(tuple(overrides)).get_template(name).render(content.view, headings=content.headings)
    except jinja2.TemplateError as error:
        place = (error.name or name, error.lineno) if isinstance(error, jinja2.TemplateSyntaxError) else (name, 0)
        what = f"The template cannot be used: {error.message or type(error).__name__}"
        raise fail(*place, "template", what, "Mend it in the theme, or take it out of there") from None


def alone(
    title: str, summary: str, sections: Sequence[tuple[str, str]], language: str = "", layout: str = "inline"
) -> str:
    """Return a redline as a page of its own, styles included, for a browser without a site.

    ``summary`` is the line below the title; ``sections`` are pairs of what is said of a text, as text, and its HTML.
    ``language`` is the texts' (BCP 47); without one, their first letters say which way they run. ``layout`` is
    ``inline`` or ``side-by-side``.
    """
    page = environment().get_template("inforce/alone.html")
    style = Markup(files.asset("inforce.css").decode())
    shown = [(said, html, beside(html) if layout == "side-by-side" else ()) for said, html in sections]
    return page.render(title=title, summary=summary, sections=shown, language=language, style=style)


def rehearsal(policies: Sequence[Any], now: datetime, nothing: str) -> str:
    """Return what the coming versions will do as a page of its own; ``nothing`` is said where none is coming."""
    page = environment().get_template("inforce/rehearsal.html")
    return page.render(policies=policies, now=now, nothing=nothing, style=Markup(files.asset("inforce.css").decode()))


def whole(**told: Any) -> str:
    """Return a page with what stands around it on a site without a theme; see ``site_builder.Frame``."""
    laid = told["laid"]
    page = environment().get_template("inforce/page.html")
    return page.render(told, content=Markup(laid.html), head=Markup(laid.head))


def centre(html: str, address: str, sites: Sequence[Site], overrides: Sequence[str] = ()) -> str:
    """Return a page's HTML with what it asks for of all policies; ``address`` is the page's, below the site's.

    Raises InForceError for a comment that asks for something else.
    """

    def part(mark: re.Match[str]) -> str:
        if mark["name"] not in PARTS:
            cure = meant(mark["name"], PARTS, f"Write {' or '.join(PARTS)}")
            raise fail(address or "/", 0, "centre", f"{mark[0]} asks for what there is not", cure)
        return render(PARTS[mark["name"]](sites, address), overrides)

    return MARK.sub(part, html)


def head(content: Content, *, listed: bool = True) -> str:
    """Return what goes into the page's ``head``: link relations, OpenGraph, JSON-LD that cannot end its script early.

    Where it is not ``listed``, search engines are told to follow its links and to leave it out.
    """
    link = Markup('<link rel="{}" href="{}">')
    lines = [] if listed else [Markup('<meta name="robots" content="noindex, follow">')]
    lines += [link.format(relation, address) for relation, address in content.links]
    told = {"title": content.title, "description": content.description, "type": "article", "url": content.url}
    meta = Markup('<meta property="og:{}" content="{}">')
    lines += [meta.format(name, value) for name, value in told.items() if content.title and value]
    if content.feed:  # Material takes a link that is "alternate" alone for a translation, and asks for its sitemap
        lines.append(Markup('<link rel="alternate feed" type="application/atom+xml" href="{}">').format(content.feed))
    if content.data:
        data = json.dumps(content.data, ensure_ascii=False, sort_keys=True)
        data = data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        lines.append(Markup('<script type="application/ld+json">{}</script>').format(Markup(data)))
    return "\n".join(lines)


def atom(site: Site) -> bytes:
    """Return the feed (RFC 4287) of one policy that has at least one version.

    Where the site's address is not known, addresses are relative, and ids are URNs that change when it gets one.
    """
    policy, base, addresses = site.policy, site.base, site.addresses
    feed = Atom1Feed(
        title=policy.published_title,
        link=f"{base}{addresses.current}" if base else "./",
        feed_url=f"{base}{addresses.feed}" if base else "feed.xml",
        feed_guid=_id(base, addresses.feed),
        description=f"Announced versions of {policy.published_title}",
        language=policy.ledger.versions[-1].language,
        author_name=policy.published_title,
    )
    for entry in announcements(site):
        feed.add_item(
            title=entry.title,
            link=f"{base or '../'}{entry.address}",
            description=html.escape(entry.text, quote=False),
            unique_id=_id(base, f"{addresses.feed}#{entry.name}"),
            pubdate=entry.at.astimezone(UTC),
            updateddate=entry.at.astimezone(UTC),
        )
    return feed.writeString("utf-8").encode()


def _id(base: str, address: str) -> str:
    return f"{base}{address}" if base else f"urn:inforce:{address}"
