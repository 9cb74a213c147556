"""What changed between versions: of a pair, and since a version up to the one in force, with what is announced beyond.

Both show a pair the same way, first in words, then in the text. A page since a version may hold several pairs, one
behind the other. What it says of them stays true while versions take effect: nothing on it depends on the day of the
build, apart from where one pair ends and the next begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from inforce.changes import versions as comparison
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.ledger import timeline
from inforce.ledger.addresses import TOGETHER, relative
from inforce.model import PREAMBLE, Severity, Version
from inforce.publish.site import Content, Site, VersionView, around, editors, version_view, ways
from inforce.redline import side_by_side
from inforce.redline.reach import RUN, reached
from inforce.release.proposal import DRAFT
from inforce.text.html import INTRODUCTION, Sanitised, marked, render
from inforce.text.rewriting import elsewhere, moved, once_more, prefixed, with_lost_ids

Rows = tuple[tuple[Sanitised, Sanitised], ...]
"""What stood beside what stands."""


@dataclass(frozen=True)
class ChangedView:
    """A changed clause as pages show it; the same on every page that tells the same of it, so that it is laid out once.

    ``languages`` are those of the older and of the newer version, ``marks`` the ids that lead to each of its changes,
    without ``prefix``, which stands before every id. ``whole`` says that no finer redline of it is exact.
    """

    id: str
    prefix: str
    title: str
    kinds: tuple[str, ...]
    severity: Severity | None
    notes: tuple[str, ...]
    reasons: tuple[str, ...]
    lineage: "Descent"
    languages: tuple[str, str]
    marks: tuple[str, ...]
    body: Sanitised
    beside: Rows
    whole: bool
    editors: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class ComparedView:
    """A pair of versions as a page shows it. The mappings are by clause: those that changed, and the others' texts.

    ``prefix`` stands before every id: empty for the first pair of a page, which has the clauses' own.
    ``newer`` is None for the draft.
    """

    compared: Comparison
    prefix: str
    older: VersionView
    newer: VersionView | None
    newer_url: str
    told: Mapping[str, ChangedView]
    unchanged: Mapping[str, Sanitised]
    former_ids: Mapping[str, list[str]]
    neighbours: Mapping[str, tuple[ClauseRedline | None, ClauseRedline | None]]

    @property
    def last_steps(self) -> tuple[Version, ...]:
        """Those of the versions on the way whose summaries the page shows."""
        return self.compared.steps[-TOGETHER:]

    @property
    def headings(self) -> tuple[tuple[str, str], ...]:
        """Its part of the table of contents."""
        return tuple((row.title or INTRODUCTION, f"{self.prefix}{row.clause}") for row in self.compared.clauses)

    @property
    def runs(self) -> tuple[tuple[bool, tuple[ClauseRedline, ...]], ...]:
        """Its clauses, and whether those of a run are folded together, as none of them changed."""
        found = (tuple(rows) for _, rows in groupby(self.compared.clauses, key=lambda row: row.changed))
        return tuple((len(rows) >= RUN and not rows[0].changed, rows) for rows in found)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What whoever builds the site is told."""
        pair = f"{self.compared.newer.document} {self.compared.older.number}..{self.compared.newer.number}"
        whole = (row.clause for row in self.compared.changed if row.redline.whole)
        return tuple(f"Redline {pair}: no finer one of `{name}` is exact, so it is shown whole" for name in whole)


def redline_page(site: Site, older: Version, newer: Version) -> Content:
    """What changed between two versions, clause by clause."""
    page = site.redline_address(older, newer)
    pair = _compared_view(site, page, older, newer)
    drafted = newer.number == DRAFT
    view = {
        "title": newer.title,
        "pair": pair,
        "draft": drafted,
        "contact": site.contact,
        "comments_until": site.comments_until,
        **(ways(site, page) | {"now": ()} if drafted else around(site, page)),
    }
    summary = f"What changed in {newer.title} from version {older.number} to {newer.number}."
    links = () if drafted else _relations(site, page)
    return Content("redline.html", view, pair.headings, summary, links, warnings=pair.warnings)


def since_page(site: Site, start: Version) -> Content:
    """What changed from a version to the one in force, and what is announced beyond, whatever became of that version.

    Where a policy was retired, the last text that was in force stands for the one in force.
    """
    page = site.addresses.since(start.number)
    stops = _stops(site, start)
    pairs = [
        _compared_view(site, page, older, newer, "" if older is start else f"{newer.number}--")
        for older, newer in pairwise(stops)
    ]
    view = {
        "title": stops[-1].title,
        "language": stops[-1].language,
        "start": version_view(site, start, page),
        "pairs": pairs,
        "upcoming": [version.number for version in site.upcoming],
        "recorded": timeline.recorded(site.policy.ledger).astimezone(site.policy.zone),
        **around(site, page),
    }
    headings = tuple(heading for pair in pairs for heading in (_named(pair), *pair.headings))
    summary = f"What has changed in {stops[-1].title} since version {start.number}."
    lone = (pair for pair in pairs if not site.redline_address(pair.compared.older, pair.compared.newer))
    warnings = tuple(warning for pair in lone for warning in pair.warnings)  # the others' own pages tell theirs
    return Content("since.html", view, headings, summary, _relations(site, page), warnings=warnings)


def _stops(site: Site, start: Version) -> tuple[Version, ...]:
    """A version, the one in force unless it came before, and each that is to take effect after these."""
    place = site.policy.ledger.sequence
    withdrawn = start.number in site.policy.ledger.withdrawals
    last = site.current or (site.shown if site.policy.ledger.standing and not site.upcoming else None)
    stops = [start]
    if last and last is not start and (withdrawn or place[start.number] < place[last.number]):
        stops.append(last)
    return *stops, *(each for each in site.upcoming if withdrawn or place[each.number] > place[start.number])


def _compared_view(site: Site, page: str, older: Version, newer: Version, prefix: str = "") -> ComparedView:
    compared = comparison.compare(site.policy.ledger, older, newer)
    up, languages = relative(page, site.addresses.current), (older.language, newer.language)

    def told(row: ClauseRedline) -> ChangedView:
        url = relative(page, site.addresses.clause(row.clause)) if row.clause in site.released else ""
        edited = editors(site, row.lineage.changes)
        return changed_view(row, lineage_of(compared, row), languages, edited, url, up, prefix)

    return ComparedView(
        compared,
        prefix,
        older=version_view(site, older, page),
        newer=None if newer.number == DRAFT else version_view(site, newer, page),
        newer_url=relative(page, site.addresses.version(newer.number)),
        told={row.clause: told(row) for row in compared.changed},
        unchanged={row.clause: _as_it_reads(row, up, prefix) for row in compared.clauses if not row.changed},
        former_ids=former_ids(compared),
        neighbours=_neighbours(compared),
    )


def _named(pair: ComparedView) -> tuple[str, str]:
    """The heading above a pair on a page of several, and its anchor."""
    newer = pair.compared.newer.number
    return f"From version {pair.compared.older.number} to {newer}", f"to-{newer}"


def _relations(site: Site, page: str) -> tuple[tuple[str, str], ...]:
    there = ways(site, page)
    return (("latest-version", there["current_url"]), ("version-history", there["history"]))


def _neighbours(compared: Comparison) -> dict[str, tuple[ClauseRedline | None, ClauseRedline | None]]:
    """For each changed clause the changed one before it and the one after it, where there are such."""
    changed = compared.changed
    before, after = (None, *changed[:-1]), (*changed[1:], None)
    return {row.clause: (one, other) for row, one, other in zip(changed, before, after, strict=True)} if changed else {}


@dataclass(frozen=True)
class Descent:
    """Where a clause comes from, and who else does.

    ``origins`` are the titles of the old clauses that it comes from, none where it simply goes on; ``former`` is its id
    in the old version where it goes on under its own title and another id. ``sharers`` are those of the other new
    clauses that come from one of the same. ``places`` are its numbers in the old version and the new one, where it
    moved and has both: a preamble has none.
    """

    origins: tuple[str, ...]
    former: str
    sharers: tuple[str, ...]
    places: tuple[int, int] | None


def lineage_of(compared: Comparison, row: ClauseRedline) -> Descent:
    """Where a changed clause comes from, and what else does."""
    older, newer = compared.older.by_id, compared.newer.by_id
    own = row.sources == (row.clause,)
    origins = () if own else tuple(render(older[name]).name for name in row.sources if name in older)
    beside = {heir for source in row.sources for heir in compared.heirs.get(source, ()) if heir != row.clause}
    sharers = tuple(render(newer[name]).name for name in newer if name in beside) if beside else ()
    same = row.clause in newer and not sharers and origins == (render(newer[row.clause]).name,)
    former, origins = (row.sources[0], ()) if same else ("", origins)
    moved = "moved" in row.kinds and PREAMBLE not in (row.clause, row.sources[0])
    places = (_place(compared.older, row.sources[0]), _place(compared.newer, row.clause)) if moved else None
    return Descent(origins, former, sharers, places)


def _place(version: Version, name: str) -> int:
    """A clause's number in a version; it is not the preamble."""
    return [clause.id for clause in version.clauses if clause.id != PREAMBLE].index(name) + 1


def former_ids(compared: Comparison) -> dict[str, list[str]]:
    """For each clause the old ids that no clause here has any more: links in removed text still lead somewhere."""
    own = {row.clause for row in compared.clauses}
    found: dict[str, list[str]] = {row.clause: [] for row in compared.clauses}
    for row in compared.clauses:
        for former in row.sources:
            if former not in own:
                own.add(former)
                found[row.clause].append(former)
    return found


@lru_cache(maxsize=512)
def beside(redline_html: str, up: str = "", prefix: str = "") -> Rows:
    """Return a redline in rows, old beside new, sanitised.

    ``up`` leads to where its addresses count from; ``prefix`` stands before the ids on its page.
    """
    lead = prefixed(prefix, moved(up)) if up else None
    rows = ((once_more(old, lead), old, new) for old, new in side_by_side(redline_html))
    return tuple((shown, shown if new == old else once_more(new, lead)) for shown, old, new in rows)


def changed_view(
    row: ClauseRedline,
    lineage: Descent,
    languages: tuple[str, str],
    editors: tuple[str, ...],
    url: str,
    up: str,
    prefix: str = "",
) -> ChangedView:
    """A changed clause for a page. ``up`` leads to where its addresses count from, ``url`` to its history."""
    found = reached(row.redline.html, row.clause)
    return ChangedView(
        id=row.clause,
        prefix=prefix,
        title=row.title,
        kinds=row.kinds,
        severity=row.severity,
        notes=row.notes,
        reasons=row.reasons,
        lineage=lineage,
        languages=languages,
        marks=found.ids,
        body=_prefixed(with_lost_ids(found.html, up), prefix),
        beside=beside(row.redline.html, up, prefix),
        whole=row.redline.whole,
        editors=editors,
        url=url,
    )


def _as_it_reads(row: ClauseRedline, up: str, prefix: str) -> Sanitised:
    """An unchanged clause's text; its heading is left to the fold's own."""
    assert row.after
    return _prefixed(elsewhere(render(row.after).body, up), prefix)


def _prefixed(body: Sanitised, prefix: str) -> Sanitised:
    """A clause's text with ``prefix`` before its ids, so that it may stand on a page a second time."""
    return marked(body, prefixed(prefix, lambda _tag, _name, value: value)) if prefix else body
