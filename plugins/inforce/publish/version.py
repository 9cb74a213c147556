"""A version's text: at its own address for ever, and at the document's address while it is in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, repeat
from typing import Any

from inforce import model
from inforce.ledger import timeline
from inforce.ledger.addresses import relative
from inforce.model import PREAMBLE, Event, Numbering, Version
from inforce.publish import manifest
from inforce.publish.centre import coming
from inforce.publish.site import Content, Site, around, ending, link, version_view, ways
from inforce.release.proposal import DRAFT
from inforce.text.html import INTRODUCTION, render
from inforce.text.rewriting import elsewhere

LISTED = 12
"""So many versions, the newest, a policy's own page lists."""


@dataclass(frozen=True)
class ClauseView:
    """One clause on a version's page; the same on every page that shows it alike, so that it is laid out once.

    ``number`` is 0 for the preamble, and where the version's clauses bear no numbers of ours. ``changed`` is the number
    of the version in which it last changed, and ``changed_at`` when that takes effect. ``over`` says that the page's
    version is in force no more, or never.
    """

    id: str
    number: int
    title: str
    heading: str
    body: str
    changed: str
    changed_at: datetime
    changed_url: str
    history: str
    over: bool
    errata: tuple[Event, ...]


def current_page(site: Site) -> Content:
    """The document's own address: the version in force, what comes next, every version."""
    assert site.shown is not None
    return _text(site, site.shown, site.addresses.current)


def version_page(site: Site, shown: Version) -> Content:
    """One version at its own address, for ever."""
    return _text(site, shown, site.addresses.version(shown.number))


def _text(site: Site, shown: Version, page: str) -> Content:
    clauses = tuple(_clause_views(site, shown, page))
    drafted = shown.number == DRAFT
    others = site.policy.ledger.versions[: -LISTED - 1 : -1] if page == site.addresses.current else ()
    view = {
        "title": shown.title,
        "version": shown,
        "own": None if drafted else version_view(site, shown, page),
        "draft": drafted,
        "is_current_page": page == site.addresses.current,
        "clauses": clauses,
        "amended": site.policy.ledger.amended_by(shown),
        "coming": coming(site, shown, page) if page == site.addresses.current else (),
        "others": [version_view(site, each, page) for each in others],
        "count": len(site.policy.ledger.versions),
        **around(site, page),
        "base": site.base,
        "contact": site.contact,
        "ending": ending(site, page),
        "comments_until": site.comments_until,
        "draft_url": _draft_url(site, shown, page),
        "draft_redline": link(page, site, site.current or site.shown, site.draft) if site.draft else "",
    }
    return Content(
        "version.html",
        view,
        tuple((c.title or INTRODUCTION, c.id) for c in clauses if c.id != PREAMBLE),
        _description(shown, page == site.addresses.current),
        () if drafted else tuple(_relations(site, shown, page)),
        data={} if drafted else _json_ld(site, shown),
    )


def _description(shown: Version, is_current_page: bool) -> str:
    """What the page is, for whoever finds it: not what changed last."""
    if is_current_page:
        return f"{shown.title}: what is in force, since when, what comes next, and every version."
    if shown.number == DRAFT:
        return f"{shown.title}: a draft, not announced."
    return f"{shown.title}, version {shown.number}, in full, with its dates, its changes and its digest."


def _draft_url(site: Site, shown: Version, page: str) -> str:
    """Where the draft stands, on the document's own page and where drafts are shown; otherwise empty."""
    if site.draft is None or shown.number == DRAFT or page != site.addresses.current:
        return ""
    return relative(page, site.addresses.version(site.draft.number))


def _clause_views(site: Site, shown: Version, page: str) -> Iterator[ClauseView]:
    up = relative(page, site.addresses.current)
    up = "" if up == "./" else up
    ledger = site.policy.ledger
    over = page != site.addresses.current and shown.number != DRAFT and timeline.is_over(ledger, shown)
    numbers = count(1) if shown.numbering is Numbering.OURS else repeat(0)
    for clause in shown.clauses:
        rendered = render(clause)
        changed = site.changed_in[shown.number][clause.id]
        yield ClauseView(
            id=clause.id,
            number=0 if clause.id == PREAMBLE else next(numbers),
            title=rendered.title,
            heading=rendered.heading,
            body=elsewhere(rendered.body, up) if rendered.linked and up else rendered.body,
            changed=changed.number,
            changed_at=changed.effective,
            changed_url=relative(page, f"{site.addresses.version(changed.number)}#{clause.id}"),
            history=relative(page, site.addresses.clause(clause.id)) if changed.number != DRAFT else "",
            over=over,
            errata=tuple(e for e in ledger.errata(shown.number) if e.clause == clause.id),
        )


def _relations(site: Site, shown: Version, page: str) -> Iterator[tuple[str, str]]:
    """Link relations of RFC 5829 (version navigation), RFC 7089 (Memento) and RFC 6903 (kinds of policy)."""
    there = ways(site, page)
    yield from (("version-history", there["history"]), ("timemap", there["timemap"]))
    yield from (("original", there["current_url"]), ("latest-version", there["current_url"]))
    before, after = timeline.neighbours(site.policy.ledger, shown)
    if before:
        yield "predecessor-version", relative(page, site.addresses.version(before.number))
    if after:
        yield "successor-version", relative(page, site.addresses.version(after.number))
    if shown.kind in ("privacy-policy", "terms-of-service"):
        yield shown.kind, there["current_url"]


def _json_ld(site: Site, shown: Version) -> dict[str, Any]:
    """The version as schema.org's DigitalDocument, its time in force as ISO 8601 from/to."""
    standing = timeline.standing(site.policy.ledger, shown, timeline.recorded(site.policy.ledger))
    until = manifest.utc(standing.until) if standing.until else ".."
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": shown.title,
        "version": shown.number,
        "inLanguage": shown.language,
        "datePublished": manifest.utc(shown.announced),
        "abstract": shown.summary,
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "text/markdown",
            "sha256": model.hexadecimal(shown.digest),
        },
    }
    if not standing.never_in_force:
        data["temporalCoverage"] = f"{manifest.utc(shown.effective)}/{until}"
    if site.base:
        data["url"] = f"{site.base}{site.addresses.version(shown.number)}"
        data["encoding"]["contentUrl"] = f"{site.base}{site.addresses.text(shown.number)}"
    return data
