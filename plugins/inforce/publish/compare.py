"""Any two versions: the page on which a reader chooses them, and the pieces of which its script makes their redline.

A piece says what became of one clause, with its redline, made and proved as those on a page of a pair are; it stands
once, however many pairs show it, in a file that tells of the clause's old wording. A version has a file that says of
which pieces the redline to any later version is made. A piece's name is the digest of what it says, so that no script
puts together what a build has told and what another one did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from inforce import model
from inforce.changes import versions as comparison
from inforce.changes.versions import ClauseRedline, Comparison
from inforce.ledger import timeline
from inforce.ledger.addresses import ALL_UP_TO, relative
from inforce.model import Version
from inforce.publish.archive import days_of
from inforce.publish.redlines import Descent, changed_view, former_ids, lineage_of
from inforce.publish.site import Content, Site, VersionView, around, by_year, editors, version_view

NEWEST = 100
"""So many versions, the newest ones, can be compared with each other: pieces grow with the square of that number."""


@dataclass(frozen=True)
class Piece:
    """What became of one clause between two versions, as every pair says it of which that is true.

    It stands in the file ``wording``, which tells of the clause's old wording, under its ``name``.
    """

    row: ClauseRedline
    lineage: Descent
    former_ids: tuple[str, ...]
    editors: tuple[str, ...]
    url: str
    languages: tuple[str, str]
    wording: str

    @property
    def place(self) -> str:
        """The file that it stands in, and its name there."""
        return f"{self.wording}/{self.name}"

    @cached_property
    def name(self) -> str:
        """A digest of all that it says."""
        row = self.row
        became = row.after.digest if row.after else "removed"
        said = (row.kinds, row.severity, row.notes, row.reasons, row.title, self.lineage, self.editors, self.languages)
        return _name(repr((row.clause, self.wording, became, self.former_ids, *said)))


@dataclass(frozen=True)
class Pair:
    """What a later version's redline is made of: the places of its pieces, and what is said of the two as a whole."""

    compared: Comparison
    places: tuple[int, ...]

    @property
    def pieces(self) -> str:
        """The places, as a script reads them."""
        return " ".join(map(str, self.places))

    @property
    def steps(self) -> str:
        """The numbers of the versions on the way, likewise."""
        return " ".join(step.number for step in self.compared.steps)


def comparable(site: Site) -> tuple[Version, ...]:
    """The versions that have pieces: all that can be compared with a later one."""
    return site.policy.ledger.versions[-NEWEST:-1]


def fragments(site: Site) -> Iterator[tuple[str, Content]]:
    """The files that the script reads: (address, content). Each version's pairs, then the pieces by old wordings."""
    wordings: dict[str, dict[str, Piece]] = {}
    for older in comparable(site):
        content, pieces = _of_version(site, older)
        yield site.addresses.pieces(older.number), content
        for piece in pieces:
            wordings.setdefault(piece.wording, {}).setdefault(piece.name, piece)
    up = relative(site.addresses.compare, site.addresses.current)
    for wording, found in wordings.items():
        pieces_told = [
            (piece, changed_view(piece.row, piece.lineage, piece.languages, piece.editors, piece.url, up))
            for piece in found.values()
        ]
        yield site.addresses.wording(wording), Content("wording.html", {"pieces": pieces_told})


def _of_version(site: Site, older: Version) -> tuple[Content, list[Piece]]:
    made: dict[object, Piece] = {}
    found: dict[str, tuple[int, Piece]] = {}
    pairs = []
    for compared in comparison.compare_onward(site.policy.ledger, older):
        told = _pieces(site, compared, made)
        pairs.append(Pair(compared, tuple(found.setdefault(each.name, (len(found), each))[0] for each in told)))
    steps = {step.number: step for pair in pairs for step in pair.compared.steps}
    pieces = [piece for _, piece in found.values()]
    view = {"older": older, "pieces": pieces, "pairs": pairs, "steps": steps.values()}
    return Content("pieces.html", view), pieces


def _pieces(site: Site, compared: Comparison, made: dict[object, Piece]) -> Iterator[Piece]:
    """The pieces of a pair; those in ``made``, which pairs from the same version share, are made already."""
    former = former_ids(compared)
    for row in compared.changed:
        lineage, ids = lineage_of(compared, row), tuple(former[row.clause])
        known = id(row), lineage, ids, compared.newer.language  # a row lives as long as a piece of it
        if known not in made:
            url = relative(site.addresses.compare, site.addresses.clause(row.clause))
            languages = compared.older.language, compared.newer.language
            wording = _name(row.clause, *(clause.digest for clause in row.before))
            made[known] = Piece(row, lineage, ids, editors(site, row.lineage.changes), url, languages, wording)
        yield made[known]


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
        shown = version_view(site, version, page)
        begun, ended = (day.isoformat() if day else "" for day in (first, last))
        since = shown.since if version != site.newest else ""
        choices.append(Choice(shown, begun, ended, since, tuple(_pages(site, version, page))))
    there = around(site, page)
    view = {
        "title": site.policy.published_title,
        "language": ledger.versions[-1].language,
        "choices": choices,
        "newest": NEWEST,
        "earlier": by_year((each, relative(page, site.addresses.since(each.number))) for each in reversed(between)),
        "zone": str(site.policy.zone),
        **there,
    }
    told = f"What changed between any two versions of {view['title']}."
    return Content("compare.html", view, (), told, (("version-history", there["history"]),))


def _pages(site: Site, newer: Version, page: str) -> Iterator[tuple[str, str]]:
    for older in site.policy.ledger.versions:
        if older is newer:
            return
        if address := site.redline_address(older, newer):
            yield older.number, relative(page, address)
