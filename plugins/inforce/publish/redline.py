"""What changed between two versions: what a redline's page shows."""

from dataclasses import dataclass

from inforce.changes import versions as comparison
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.ledger.addresses import relative
from inforce.model import PREAMBLE, Version
from inforce.publish.site import Content, Site, editors, version_view
from inforce.release.proposal import DRAFT
from inforce.text.html import INTRODUCTION, relocate, render, with_lost_ids


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
        "newer_url": relative(page, site.addresses.version(newer.number)),
        "draft": drafted,
        "compared": compared,
        "bodies": {row.clause: relocate(_marked(compared, row), up) for row in compared.clauses},
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


def _marked(compared: Comparison, row: ClauseRedline) -> str:
    """A clause's redline; an unchanged one as it reads, its heading left to the fold's own."""
    return with_lost_ids(row.redline.html) if row.changed else render(compared.newer.by_id[row.clause]).body
