"""What each kind of page shows, as values for a template: the words are the template's, the facts are found here.

Every address in a view is relative to its page. Dates are instants with their own offset, as the ledger writes them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inforce import amendments, comparison, manifest, model, timeline
from inforce.comparison import ClauseRedline, Comparison
from inforce.model import PREAMBLE, Change, Clause, Commit, Event, Status, Version
from inforce.rendering import relocate, render
from inforce.site import DRAFT, Site, relative

INTRODUCTION = "Introduction"
"""What the preamble is called where it needs a name."""


@dataclass(frozen=True)
class Content:
    """What a template shows of one page, and what goes into its head.

    ``headings`` are (title, anchor) for the table of contents, ``links`` (link relation, address relative to the page),
    ``feed`` is the address of the feed, ``data`` JSON-LD, both empty where the page has none. ``warnings`` are for
    whoever builds the site.
    """

    template: str
    view: Mapping[str, Any]
    headings: tuple[tuple[str, str], ...] = ()
    description: str = ""
    links: tuple[tuple[str, str], ...] = ()
    feed: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClauseView:
    """One clause on a version's page; the same on every page that shows it alike, so that it is laid out once.

    ``number`` is 0 for the preamble. ``changed`` is the number of the version in which it last changed, and
    ``changed_at`` when that took effect. ``archived`` says that the page's version is not the one in force; ``today``
    then leads to the same clause in the text in force, empty where that has none.
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
    archived: bool
    today: str
    errata: tuple[Event, ...]


@dataclass(frozen=True)
class VersionView:
    """One version as other pages point to it."""

    version: Version
    standing: timeline.Standing
    url: str
    text: str
    redline: str
    errata: tuple[Event, ...]
    withdrawal: Event | None
    commit: Commit | None

    @property
    def hexadecimal(self) -> str:
        """The file's digest as ``sha256sum`` prints it."""
        return model.hexadecimal(self.version.digest)


def current(site: Site) -> Content:
    """The document's own address: the version in force, what comes next, every version."""
    assert site.shown is not None
    return _text(site, site.shown, f"{site.name}/")


def version(site: Site, shown: Version) -> Content:
    """One version at its own address, for ever."""
    return _text(site, shown, site.address(shown))


def _text(site: Site, shown: Version, page: str) -> Content:
    clauses = tuple(_clause_views(site, shown, page))
    drafted = shown.number == DRAFT
    view = {
        "title": shown.title,
        "version": shown,
        "own": None if drafted else _version_view(site, shown, page),
        "draft": drafted,
        "is_current_page": page == f"{site.name}/",
        "clauses": clauses,
        "in_force": _version_view(site, site.current, page) if site.current else None,
        "coming": [_version_view(site, version, page) for version in site.upcoming],
        "coming_redlines": {v.number: _link(page, site, site.current, v) for v in site.upcoming},
        "redline": _redline_to_today(site, shown, page),
        "others": _others(site, page) if page == f"{site.name}/" else (),
        "current_url": relative(page, f"{site.name}/"),
        "history": relative(page, f"{site.name}/versions/"),
        "base": site.base,
        "contact": _contact(site),
        "retirement": site.policy.ledger.retirement,
        "at": site.at,
    }
    return Content(
        "version.html",
        view,
        tuple((c.title or INTRODUCTION, c.id) for c in clauses if c.id != PREAMBLE),
        shown.summary,
        () if drafted else tuple(_relations(site, shown, page)),
        "" if drafted else relative(page, f"{site.name}/feed.xml"),
        {} if drafted else _json_ld(site, shown),
    )


def _others(site: Site, page: str) -> list[VersionView]:
    return [_version_view(site, version, page) for version in reversed(site.policy.ledger.versions)]


def _redline_to_today(site: Site, shown: Version, page: str) -> str:
    """From an older version to the one in force; from the one in force to a draft."""
    if shown.number == DRAFT:
        return _link(page, site, site.current or site.shown, shown)
    return _link(page, site, shown, site.current) if site.current else ""


def _contact(site: Site) -> str:
    return site.policy.draft.settings.contact if site.policy.draft else ""


def _link(page: str, site: Site, older: Version | None, newer: Version) -> str:
    address = site.redline_address(older, newer) if older else ""
    return relative(page, address) if address else ""


def _clause_views(site: Site, shown: Version, page: str) -> Iterator[ClauseView]:
    up = relative(page, f"{site.name}/")
    up = "" if up == "./" else up
    archived = page != f"{site.name}/" and shown.number not in (DRAFT, site.current.number if site.current else "")
    today = _todays_ids(site, shown) if site.current and archived else {}
    number = 0
    for clause in shown.clauses:
        number += clause.id != PREAMBLE
        rendered = render(clause)
        changed = site.changed_in[shown.number][clause.id]
        heir = today.get(clause.id, "")
        yield ClauseView(
            id=clause.id,
            number=number if clause.id != PREAMBLE else 0,
            title=rendered.title,
            heading=rendered.heading,
            body=relocate(rendered.body, up) if rendered.linked and up else rendered.body,
            changed=changed.number,
            changed_at=changed.effective,
            changed_url=relative(page, f"{site.address(changed)}#{clause.id}"),
            history=relative(page, f"{site.name}/clauses/{clause.id}/") if changed.number != DRAFT else "",
            archived=archived and site.current is not None,
            today=relative(page, f"{site.name}/#{heir}") if heir else "",
            errata=tuple(e for e in site.policy.ledger.errata(shown.number) if e.clause == clause.id),
        )


def _todays_ids(site: Site, shown: Version) -> dict[str, str]:
    """For each clause of ``shown``, the id under which today's text has it."""
    assert site.current is not None
    found = {name: name for name in shown.by_id if name in site.current.by_id}
    sequence = site.policy.ledger.sequence
    lost = len(found) < len(shown.clauses)
    if lost and shown.number in sequence and sequence[shown.number] < sequence[site.current.number]:
        for new, olds in amendments.lineage(site.policy.ledger, shown.number, site.current.number).items():
            for old in olds:
                found.setdefault(old, new)
    return found


def _version_view(site: Site, shown: Version, page: str) -> VersionView:
    ledger = site.policy.ledger
    before = ledger.by_number.get(shown.amends or "")
    return VersionView(
        version=shown,
        standing=timeline.standing(ledger, shown, site.at),
        url=relative(page, site.address(shown)),
        text=relative(page, f"{site.name}/{shown.number}.md"),
        redline=_link(page, site, before, shown),
        errata=ledger.errata(shown.number),
        withdrawal=ledger.withdrawals.get(shown.number),
        commit=site.provenance.versions.get(shown.path),
    )


def _relations(site: Site, shown: Version, page: str) -> Iterator[tuple[str, str]]:
    """Link relations of RFC 5829 (version navigation) and RFC 6903 (kinds of policy)."""
    yield "version-history", relative(page, f"{site.name}/versions/")
    yield "latest-version", relative(page, f"{site.name}/")
    before, after = timeline.neighbours(site.policy.ledger, shown)
    if before:
        yield "predecessor-version", relative(page, site.address(before))
    if after:
        yield "successor-version", relative(page, site.address(after))
    if shown.kind in ("privacy-policy", "terms-of-service"):
        yield shown.kind, relative(page, f"{site.name}/")


def _json_ld(site: Site, shown: Version) -> dict[str, Any]:
    """The version as schema.org's DigitalDocument, its time in force as ISO 8601 from/to."""
    standing = timeline.standing(site.policy.ledger, shown, site.at)
    until = manifest.utc(standing.until) if standing.until else ".."
    data = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": shown.title,
        "version": shown.number,
        "inLanguage": shown.language,
        "datePublished": manifest.utc(shown.announced),
        "abstract": shown.summary,
        "sha256": model.hexadecimal(shown.digest),
    }
    if standing.status is not Status.WITHDRAWN:
        data["temporalCoverage"] = f"{manifest.utc(shown.effective)}/{until}"
    if site.base:
        data["url"] = f"{site.base}{site.address(shown)}"
    return data


def history(site: Site) -> Content:
    """Every version, newest first, with what happened to it."""
    page = f"{site.name}/versions/"
    versions = [_version_view(site, version, page) for version in reversed(site.policy.ledger.versions)]
    view = {
        "title": site.policy.title,
        "versions": versions,
        "sequence": site.policy.ledger.sequence,
        "current_url": relative(page, f"{site.name}/"),
        "feed": relative(page, f"{site.name}/feed.xml"),
        "manifest": relative(page, "policy-manifest.json"),
        "base": site.base,
        "document": site.name,
        "provenance": site.provenance,
        "retirement": site.policy.ledger.retirement,
        "changes": {v.version.number: _change_rows(site, v.version, page) for v in versions},
    }
    headings = tuple((f"Version {v.version.number}", f"version-{v.version.number}") for v in versions)
    return Content("history.html", view, headings, f"Every version of {site.policy.title}, with its dates and changes.")


@dataclass(frozen=True)
class ChangeRow:
    """One clause's change in a list: what it is called, and where its redline stands."""

    change: Change
    title: str
    url: str
    editors: tuple[str, ...]


def _change_rows(site: Site, shown: Version, page: str) -> list[ChangeRow]:
    before = site.policy.ledger.by_number.get(shown.amends or "")
    redline_url = _link(page, site, before, shown)
    return [
        ChangeRow(
            change,
            manifest.clause_title(site.policy, shown, change.clause),
            f"{redline_url}#{change.clause}" if redline_url else "",
            _editors(site, (shown,), change.clause),
        )
        for change in shown.changes
    ]


def _editors(site: Site, versions: Sequence[Version], clause: str) -> tuple[str, ...]:
    """Who changed the clause's file for any of these versions, as git knows it; the latest first."""
    commits = [c for v in reversed(versions) for c in site.provenance.edits.get((v.path, clause), ())]
    return tuple(dict.fromkeys(commit.author for commit in commits))


def redline(site: Site, older: Version, newer: Version) -> Content:
    """What changed between two versions, clause by clause."""
    page = site.redline_address(older, newer)
    compared = comparison.compare(site.policy.ledger, older, newer)
    drafted = newer.number == DRAFT
    up, archive = relative(page, f"{site.name}/"), relative(page, f"{site.name}/versions/")
    view = {
        "title": newer.title,
        "older": _version_view(site, older, page),
        "newer": None if drafted else _version_view(site, newer, page),
        "newer_url": relative(page, site.address(newer)),
        "draft": drafted,
        "compared": compared,
        "bodies": {row.clause: relocate(_marked(compared, row), up) for row in compared.clauses},
        "editors": {row.clause: _editors(site, compared.steps, row.clause) for row in compared.changed},
        "current_url": up,
        "history": archive,
        "clause_url": {row.clause: relative(page, f"{site.name}/clauses/{row.clause}/") for row in compared.clauses},
    }
    headings = tuple((row.title or INTRODUCTION, row.clause) for row in compared.clauses)
    summary = f"What changed in {newer.title} from version {older.number} to {newer.number}."
    links = (("latest-version", up), ("version-history", archive))
    pair = f"{site.name} {older.number}..{newer.number}"
    whole = (row.clause for row in compared.changed if row.redline.whole)
    warnings = tuple(f"Redline {pair}: no finer one of `{name}` is exact, so it is shown whole" for name in whole)
    return Content("redline.html", view, headings, summary, () if drafted else links, warnings=warnings)


def _marked(compared: Comparison, row: ClauseRedline) -> str:
    """A clause's redline; an unchanged one as it reads, its heading left to the fold's own."""
    return row.redline.html if row.kinds else render(compared.newer.by_id[row.clause]).body


@dataclass(frozen=True)
class ClauseStep:
    """What one version did to one clause, and the redline of it; ``body`` is empty where it first appeared."""

    shown: VersionView
    change: Change | None
    body: str
    editors: tuple[str, ...]


def clause(site: Site, name: str) -> Content:
    """One clause through time, newest change first."""
    page = f"{site.name}/clauses/{name}/"
    steps = list(_clause_steps(site, name, page))
    holder = next(v for v in reversed(site.policy.ledger.versions) if name in v.by_id)
    present = site.current is not None and name in site.current.by_id
    text: Clause = (site.current if present and site.current else holder).by_id[name]
    body = relocate(render(text).body, relative(page, f"{site.name}/"), relative(page, f"{site.name}/"))
    view = {
        "title": render(text).title or INTRODUCTION,
        "language": (site.current if present and site.current else holder).language,
        "document_title": site.policy.title,
        "steps": steps,
        "present": present,
        "body": body,
        "in_force": _version_view(site, site.current, page) if site.current else None,
        "today": relative(page, f"{site.name}/#{name}"),
        "current_url": relative(page, f"{site.name}/"),
        "history": relative(page, f"{site.name}/versions/"),
    }
    headings = tuple((f"Version {step.shown.version.number}", f"version-{step.shown.version.number}") for step in steps)
    return Content("clause.html", view, headings, f"One clause of {site.policy.title} through time: {view['title']}.")


def _clause_steps(site: Site, name: str, page: str) -> Iterator[ClauseStep]:
    ledger = site.policy.ledger
    for version in reversed(ledger.versions):
        change = next((c for c in version.changes if name == c.clause or name in c.was), None)
        first = name in version.by_id and not version.amends
        if not change and not first:
            continue
        body = ""
        if change and version.amends:
            marked = comparison.clause_redline(ledger, ledger.by_number[version.amends], version, change.clause)
            up = relative(page, f"{site.name}/")
            body = _without_ids(relocate(marked.html, up, up))
        shown = _version_view(site, version, page)
        yield ClauseStep(shown, change, body, _editors(site, (version,), name))


def _without_ids(html: str) -> str:
    """A redline as it may stand several times on one page."""
    return re.sub(r' id="[^"]*"', "", html)
