"""What the archive shows: every version of a document, a clause through time, what changed between two versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from inforce.changes import lineage
from inforce.changes import versions as comparison
from inforce.changes.lineage import VersionChange
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.ledger.addresses import relative
from inforce.model import PREAMBLE, Change, Event, Version
from inforce.publish import manifest
from inforce.publish.site import Content, Site, VersionView, editors, link, now, version_view
from inforce.redline import side_by_side
from inforce.release.proposal import DRAFT
from inforce.text.html import INTRODUCTION, Sanitised, elsewhere, moved, once_more, quoted, render, with_lost_ids


def history_page(site: Site) -> Content:
    """Every version, newest first, with what happened to it."""
    page = site.addresses.archive
    versions = [version_view(site, version, page) for version in reversed(site.policy.ledger.versions)]
    view = {
        "title": site.policy.published_title,
        "versions": versions,
        "now": now(site, page),
        "on": relative(page, site.addresses.on),
        "current_url": relative(page, site.addresses.current),
        "feed": relative(page, site.addresses.feed),
        "provenance": site.provenance,
        "retirement": site.policy.ledger.retirement,
        "changes": {v.version.number: _change_rows(site, v.version, page) for v in versions},
    }
    headings = tuple((f"Version {v.version.number}", f"version-{v.version.number}") for v in versions)
    return Content("history.html", view, headings, f"Every version of {view['title']}, with its dates and changes.")


@dataclass(frozen=True)
class ChangeRow:
    """One clause's change in a list: what it is called, and where its redline stands."""

    change: Change
    title: str
    url: str
    editors: tuple[str, ...]


def _change_rows(site: Site, shown: Version, page: str) -> list[ChangeRow]:
    before = site.policy.ledger.by_number.get(shown.amends or "")
    redline_url = link(page, site, before, shown)
    return [
        ChangeRow(
            change,
            manifest.clause_title(site.policy, shown, change.clause),
            f"{redline_url}#{change.clause}" if redline_url else "",
            editors(site, (VersionChange(shown, change),)),
        )
        for change in shown.changes
    ]


@dataclass(frozen=True)
class ClauseStep:
    """What one version did to one clause, and the redline of it; ``body`` is empty where it came or only moved.

    ``until`` is when the clause's next wording takes (or took) effect, None where this one stays. ``url`` leads to the
    clause in that version, empty where the version has it no more.
    """

    shown: VersionView
    url: str
    until: datetime | None
    change: Change | None
    body: str
    editors: tuple[str, ...]
    errata: tuple[Event, ...]


def clause_page(site: Site, name: str) -> Content:
    """One clause through time, newest change first.

    Its text is that of the newest version. A clause that this does not have is shown as the last one had it: it goes by
    another id there (``heir``), or is gone.
    """
    page = site.addresses.clause(name)
    last = next(v for v in reversed(site.policy.ledger.versions) if name in v.by_id)
    names = lineage.through_time(site.policy.ledger, last, name)
    steps = list(_clause_steps(site, names, page))
    heir = "" if name in site.newest.by_id else site.newest_ids(last).get(name, "")
    holder, there = (last, name) if heir else _last_holder(site, names, last)
    if name in site.newest.by_id:
        holder, there = site.newest, name
    place = relative(page, site.addresses.version(holder.number))
    rendered = render(holder.by_id[there])
    view = {
        "title": render(last.by_id[name]).name,
        "language": holder.language,
        "document_title": site.policy.published_title,
        "steps": steps,
        "holder": version_view(site, holder, page),
        "holder_url": relative(page, f"{site.addresses.version(holder.number)}#{there}"),
        "newest": version_view(site, site.newest, page),
        "now": now(site, page, names),
        "heir": render(site.newest.by_id[heir]).name if heir else "",
        "heir_url": relative(page, site.addresses.clause(heir)) if heir else "",
        "body": elsewhere(rendered.body, relative(page, site.addresses.current), place),
        "current_url": relative(page, site.addresses.current),
        "history": relative(page, site.addresses.archive),
    }
    headings = tuple((f"Version {step.shown.version.number}", f"version-{step.shown.version.number}") for step in steps)
    return Content(
        "clause.html", view, headings, f"One clause of {view['document_title']} through time: {view['title']}."
    )


def _last_holder(site: Site, names: Mapping[str, str], last: Version) -> tuple[Version, str]:
    """The last standing version that has a clause, under whichever id, and that id; ``last`` where none stands."""
    holders = [v for v in site.policy.ledger.standing if v.number in names]
    holder = holders[-1] if holders else last
    return holder, names[holder.number]


def _clause_steps(site: Site, names: Mapping[str, str], page: str) -> Iterator[ClauseStep]:
    """``names`` are the clause's ids by the numbers of the versions that have it."""
    ledger = site.policy.ledger
    until = ledger.retirement.at if ledger.retirement else None
    for version in reversed(ledger.versions):
        amended = ledger.by_number.get(version.amends or "")
        name = names.get(version.number) or names.get(version.amends or "")
        change = next((change for change in version.changes if change.clause == name), None)
        first = version.number in names and not version.amends
        if not change and not first:
            continue
        body, only_moved = Sanitised(), change is not None and change.kinds == ("moved",)
        if change and amended and not only_moved:
            found = comparison.redline_of(ledger, amended, version, change.clause)
            # The pair's redline has the clauses of both versions, so links in removed text lead somewhere, too.
            place = site.redline_address(amended, version) or site.addresses.version(version.number)
            body = quoted(found.html, relative(page, site.addresses.current), relative(page, place))
        errata = tuple(event for event in ledger.errata(version.number) if event.clause == name)
        url = relative(page, f"{site.addresses.version(version.number)}#{name}") if version.number in names else ""
        edited = editors(site, (VersionChange(version, change),)) if change else ()
        shown = version_view(site, version, page)
        yield ClauseStep(shown, url, until, change, body, edited, errata)
        if not shown.standing.never_in_force and not only_moved:
            until = version.effective


def redline_page(site: Site, older: Version, newer: Version) -> Content:
    """What changed between two versions, clause by clause."""
    page = site.redline_address(older, newer)
    compared = comparison.compare(site.policy.ledger, older, newer)
    drafted = newer.number == DRAFT
    rows = [row.clause for row in compared.clauses]
    released = {name for version in site.policy.ledger.versions for name in version.by_id}
    up, archive = relative(page, site.addresses.current), relative(page, site.addresses.archive)
    view = {
        "title": newer.title,
        "older": version_view(site, older, page),
        "newer": None if drafted else version_view(site, newer, page),
        "now": () if drafted else now(site, page),
        "newer_url": relative(page, site.addresses.version(newer.number)),
        "draft": drafted,
        "compared": compared,
        "bodies": {row.clause: _marked(compared, row, up) for row in compared.clauses},
        "beside": {row.clause: beside(row.redline.html, up) for row in compared.changed},
        "former_ids": _former_ids(compared),
        "lineages": {row.clause: _lineage(compared, row) for row in compared.changed},
        "neighbours": _neighbours(compared),
        "editors": {row.clause: editors(site, row.lineage.changes) for row in compared.changed},
        "current_url": up,
        "history": archive,
        "clause_url": {name: relative(page, site.addresses.clause(name)) for name in rows if name in released},
    }
    headings = tuple((row.title or INTRODUCTION, row.clause) for row in compared.clauses)
    summary = f"What changed in {newer.title} from version {older.number} to {newer.number}."
    links = (("latest-version", up), ("version-history", archive))
    pair = f"{site.name} {older.number}..{newer.number}"
    whole = (row.clause for row in compared.changed if row.redline.whole)
    warnings = tuple(f"Redline {pair}: no finer one of `{name}` is exact, so it is shown whole" for name in whole)
    return Content("redline.html", view, headings, summary, () if drafted else links, warnings=warnings)


def _neighbours(compared: Comparison) -> dict[str, tuple[ClauseRedline | None, ClauseRedline | None]]:
    """For each changed clause the changed one before it and the one after it, where there are such."""
    changed = compared.changed
    before, after = (None, *changed[:-1]), (*changed[1:], None)
    return {row.clause: (one, other) for row, one, other in zip(changed, before, after, strict=True)} if changed else {}


@dataclass(frozen=True)
class Lineage:
    """Where a clause comes from, and who else does.

    ``origins`` are the titles of the old clauses that it comes from, none where it simply goes on under its own id.
    ``sharers`` are those of the other new clauses that come from one of the same. ``places`` are its numbers in the
    old version and the new one, where it moved.
    """

    origins: tuple[str, ...]
    sharers: tuple[str, ...]
    places: tuple[int, int] | None


def _lineage(compared: Comparison, row: ClauseRedline) -> Lineage:
    older, newer = compared.older.by_id, compared.newer.by_id
    own = row.sources == (row.clause,)
    origins = () if own else tuple(render(older[name]).name for name in row.sources if name in older)
    sharers = tuple(
        render(newer[other.clause]).name
        for other in compared.clauses
        if other.clause in newer and other is not row and set(other.sources) & set(row.sources) & older.keys()
    )
    moved = "moved" in row.kinds
    places = (_place(compared.older, row.sources[0]), _place(compared.newer, row.clause)) if moved else None
    return Lineage(origins, sharers, places)


def _place(version: Version, name: str) -> int:
    """A clause's number in a version, where the preamble has none."""
    return [clause.id for clause in version.clauses if clause.id != PREAMBLE].index(name) + 1


def _former_ids(compared: Comparison) -> dict[str, list[str]]:
    """For each clause the old ids that no clause here has any more: links in removed text still lead somewhere."""
    own = {row.clause for row in compared.clauses}
    found: dict[str, list[str]] = {row.clause: [] for row in compared.clauses}
    for row in compared.clauses:
        for former in row.sources:
            if former not in own:
                own.add(former)
                found[row.clause].append(former)
    return found


def beside(redline_html: str, up: str = "") -> tuple[tuple[Sanitised, Sanitised], ...]:
    """Return a redline in rows, old beside new, sanitised; ``up`` leads to where its addresses count from."""
    lead = moved(up) if up else None
    return tuple((once_more(old, lead), once_more(new, lead)) for old, new in side_by_side(redline_html))


def _marked(compared: Comparison, row: ClauseRedline, up: str) -> Sanitised:
    """A clause's redline; an unchanged one as it reads, its heading left to the fold's own."""
    if row.changed:
        return with_lost_ids(row.redline.html, up)
    return elsewhere(render(compared.newer.by_id[row.clause]).body, up)
