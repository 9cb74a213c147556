"""Any two versions: the page on which a reader chooses them, and the pieces of which its script makes their redline.

A version's pieces are a file of their own. It says what became of each clause on the way to any later version, each
once, and which of it every later version is made of. The redlines stand beside them, by the clauses' old wordings: made
and proved as those on a page of a pair are, each once, however many pairs show it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from inforce import model
from inforce.changes import versions as comparison
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.ledger import timeline
from inforce.ledger.addresses import ALL_UP_TO, relative
from inforce.model import Version
from inforce.publish.periods import days_of
from inforce.publish.redlines import Lineage, former_ids, lineage_of, marked_row
from inforce.publish.site import Content, Site, VersionView, by_year, editors, now, version_view

NEWEST = 100
"""So many versions, the newest ones, can be compared with each other: pieces grow with the square of that number."""


@dataclass(frozen=True)
class Piece:
    """What became of one clause between two versions, as every pair says it of which that is true.

    Its redline stands in the file ``wording``, which tells of the clause's old wording, under the name ``became``.
    """

    row: ClauseRedline
    lineage: Lineage
    former_ids: tuple[str, ...]
    editors: tuple[str, ...]
    url: str
    languages: tuple[str, str]
    wording: str
    became: str

    @property
    def key(self) -> tuple[object, ...]:
        """What two pieces share that say the same."""
        row = self.row
        said = (row.kinds, row.severity, row.notes, row.reasons, row.title, self.lineage, self.editors, self.languages)
        return row.clause, self.wording, self.became, self.former_ids, *said


@dataclass(frozen=True)
class Pair:
    """What a later version's redline is made of: the places of its pieces, and what is said of the two as a whole."""

    compared: Comparison
    places: tuple[int, ...]


def comparable(site: Site) -> tuple[Version, ...]:
    """The versions that have pieces: all that can be compared with a later one."""
    return site.policy.ledger.versions[-NEWEST:-1]


def fragments(site: Site) -> Iterator[tuple[str, Content]]:
    """The files that the script reads: (address, content). For each version its pieces, then the redlines in them."""
    redlines: dict[str, dict[str, ClauseRedline]] = {}
    for older in comparable(site):
        content, pieces = _of_version(site, older)
        yield site.addresses.pieces(older.number), content
        for piece in pieces:
            redlines.setdefault(piece.wording, {}).setdefault(piece.became, piece.row)
    up = relative(site.addresses.compare, site.addresses.current)
    for wording, rows in redlines.items():
        bodies = {became: marked_row(row, up) for became, row in rows.items()}
        yield site.addresses.wording(wording), Content("wording.html", {"bodies": bodies})


def _of_version(site: Site, older: Version) -> tuple[Content, list[Piece]]:
    ledger = site.policy.ledger
    found: dict[tuple[object, ...], tuple[int, Piece]] = {}
    pairs = []
    for newer in ledger.versions[ledger.sequence[older.number] :]:
        compared = comparison.compare(ledger, older, newer)
        made = _pieces(site, compared)
        pairs.append(Pair(compared, tuple(found.setdefault(each.key, (len(found), each))[0] for each in made)))
    steps = {step.number: step for pair in pairs for step in pair.compared.steps}
    pieces = [piece for _, piece in found.values()]
    view = {"older": older, "pieces": pieces, "pairs": pairs, "steps": steps.values()}
    return Content("pieces.html", view), pieces


def _pieces(site: Site, compared: Comparison) -> Iterator[Piece]:
    former = former_ids(compared)
    for row in compared.changed:
        yield Piece(
            row,
            lineage_of(compared, row),
            tuple(former[row.clause]),
            editors(site, row.lineage.changes),
            relative(site.addresses.compare, site.addresses.clause(row.clause)),
            (compared.older.language, compared.newer.language),
            _name(row.clause, *(clause.digest for clause in row.before)),
            _name(row.after.digest if row.after else "removed"),
        )


def _name(*parts: str) -> str:
    """A short name of what these digests and words say; two that differ have different names."""
    return model.hexadecimal(model.digest(" ".join(parts).encode()))[:24]


@dataclass(frozen=True)
class Choice:
    """A version that can be chosen: its days in force (ISO, empty where it has none) and the pages of its changes.

    ``pages`` are (the number of an older version, the address of the pair's redline).
    """

    shown: VersionView
    first: str
    last: str
    since: str
    pages: tuple[tuple[str, str], ...]


def compare_page(site: Site) -> Content:
    """Every version with the pages of its changes, newest first; a script compares any two.

    Of many these are the newest and those of the first with pages for every pair; of each between it leads to one page.
    """
    page, ledger = site.addresses.compare, site.policy.ledger
    days = {
        period.version.number: days_of(period, site.policy.zone)
        for period in timeline.periods(ledger)
        if period.version
    }
    earliest, between = ledger.versions[:ALL_UP_TO], ledger.versions[ALL_UP_TO:-NEWEST]
    choices = []
    for version in (*reversed(ledger.versions[len(earliest) + len(between) :]), *reversed(earliest)):
        first, last = days.get(version.number, (None, None))
        if between and last and version is earliest[-1]:
            last -= timedelta(days=1)  # on its last day a version begins that is not here
        choices.append(
            Choice(
                version_view(site, version, page),
                first.isoformat() if first else "",
                last.isoformat() if last else "",
                relative(page, site.addresses.since(version.number)) if version != site.newest else "",
                tuple(_pages(site, version, page)),
            )
        )
    history = relative(page, site.addresses.archive)
    view = {
        "title": site.policy.published_title,
        "language": ledger.versions[-1].language,
        "choices": choices,
        "newest": NEWEST,
        "earlier": by_year((each, relative(page, site.addresses.since(each.number))) for each in reversed(between)),
        "on": relative(page, site.addresses.on),
        "zone": str(site.policy.zone),
        "now": now(site, page),
        "current_url": relative(page, site.addresses.current),
        "history": history,
    }
    told = f"What changed between any two versions of {view['title']}."
    return Content("compare.html", view, (), told, (("version-history", history),))


def _pages(site: Site, newer: Version, page: str) -> Iterator[tuple[str, str]]:
    for older in site.policy.ledger.versions:
        if older is newer:
            return
        if address := site.redline_address(older, newer):
            yield older.number, relative(page, address)
