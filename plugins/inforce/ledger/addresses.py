"""Where each page of a policy stands, below the site's address: told here once, for pages, manifest, feed and checks.

Addresses hold for ever, so nothing here may change for a version that was published. A directory ends in a slash.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inforce.model import Ledger, Version

ALL_UP_TO = 12
"""Every pair of versions up to this place in the sequence has a redline."""
WINDOW = 1
"""Beyond it, every pair at most this many places apart has one. Both numbers hold for ever: addresses stay."""

TOGETHER = 30
"""So many versions are shown on one page; where there are more, each year has one of its own. It holds for ever."""


def has_redline(ledger: Ledger, older: Version, newer: Version) -> bool:
    """Whether the pair has a redline page: as the manifest tells it, or because the one amends the other.

    What a version amends is further away where versions between the two were withdrawn.
    """
    first, last = (ledger.sequence.get(version.number, 0) for version in (older, newer))
    return 0 < first < last and (last <= ALL_UP_TO or last - first <= WINDOW or newer.amends == older.number)


def redline_pairs(ledger: Ledger) -> Iterator[tuple[Version, Version]]:
    """The pairs of versions that have a redline page, older first, withdrawn versions too."""
    for place, newer in enumerate(ledger.versions):
        near = ledger.versions[: place if place < ALL_UP_TO else 0] or ledger.versions[max(place - WINDOW, 0) : place]
        amended = ledger.amended_by(newer)
        yield from ((older, newer) for older in (*near, *((amended,) if amended and amended not in near else ())))


def lines(ledger: Ledger) -> Mapping[str, tuple[Version, ...]]:
    """The versions by their major numbers, each line in chain order, withdrawn versions too."""
    found: dict[str, tuple[Version, ...]] = {}
    for version in ledger.versions:
        major = version.number.partition(".")[0]
        found[major] = (*found.get(major, ()), version)
    return found


def years(ledger: Ledger) -> Mapping[str, tuple[Version, ...]]:
    """The versions by the year of their announcement; none where there are so few that one page shows them all.

    Their number only grows, so a page of a year that was there once stays.
    """
    found: dict[str, tuple[Version, ...]] = {}
    for version in ledger.versions if len(ledger.versions) > TOGETHER else ():
        year = str(version.announced.year)
        found[year] = (*found.get(year, ()), version)
    return found


def begun_years(ledger: Ledger) -> tuple[str, ...]:
    """The years in which a version takes effect, or was to, in order; none where one page shows all periods.

    Their number only grows, too.
    """
    many = len(ledger.versions) > TOGETHER
    return tuple(sorted({f"{version.effective.year:04}" for version in ledger.versions})) if many else ()


@dataclass(frozen=True)
class Addresses:
    """The addresses of one document, by its id."""

    document: str

    @property
    def current(self) -> str:
        """What is in force, and what is to come."""
        return f"{self.document}/"

    @property
    def archive(self) -> str:
        """The list of all versions."""
        return f"{self.document}/versions/"

    def year(self, year: str) -> str:
        """The versions that were announced in a year, where there are too many for one list."""
        return f"{self.document}/versions/{year}/"

    @property
    def feed(self) -> str:
        """The Atom feed."""
        return f"{self.document}/feed.xml"

    @property
    def manifest(self) -> str:
        """The manifest of this document alone."""
        return f"{self.document}/policy-manifest.json"

    @property
    def on(self) -> str:
        """Which version applied when, day by day."""
        return f"{self.document}/on/"

    def on_year(self, year: str) -> str:
        """The same from one year up to the next in which a version takes effect, where there is too much for one."""
        return f"{self.document}/on/{year}/"

    @property
    def timemap(self) -> str:
        """The same for programs (RFC 7089)."""
        return f"{self.document}/timemap.link"

    def line(self, major: str) -> str:
        """The versions of one major number."""
        return f"{self.document}/{major}/"

    def version(self, number: str) -> str:
        """A version's page; ``draft`` stands for a number where drafts are shown."""
        return f"{self.document}/{number}/"

    def text(self, number: str) -> str:
        """A version's ledger file, byte for byte."""
        return f"{self.document}/{number}.md"

    def plain_text(self, number: str) -> str:
        """The same file once more, for hosts that make a page of every ``.md``."""
        return f"{self.document}/{number}.txt"

    def event(self, n: int) -> str:
        """An event's ledger file, byte for byte: without it, nobody could follow the chain from the site alone."""
        return f"{self.document}/events/{n}.yml"

    def clause(self, clause: str) -> str:
        """A clause through all versions."""
        return f"{self.document}/clauses/{clause}/"

    def redline(self, older: str, newer: str) -> str:
        """What changed between two versions, whether or not the pair has a page."""
        return f"{self.document}/redline/{older}..{newer}/"

    def since(self, number: str) -> str:
        """What changed from a version to the one in force, whichever that is, and what is announced beyond."""
        return f"{self.document}/since/{number}/"

    @property
    def compare(self) -> str:
        """What changed between any two versions; ``?from=1.3&to=1.9`` says which."""
        return f"{self.document}/compare/"

    def pieces(self, number: str) -> str:
        """What the script of that page makes redlines of, from one version to each later one."""
        return f"{self.document}/compare/{number}.html"

    def wording(self, name: str) -> str:
        """The redlines from one wording of a clause to each later one, for the same script."""
        return f"{self.document}/compare/wordings/{name}.html"

    def published(self, ledger: Ledger) -> Iterator[str]:
        """Every address below the document's that stands for ever, its own aside; none where nothing was released."""
        if not ledger.versions:
            return
        yield from (self.archive, self.feed, self.manifest, self.on, self.compare, self.timemap)
        yield from (self.line(major) for major in lines(ledger))
        yield from (self.year(year) for year in years(ledger))
        yield from (self.on_year(year) for year in begun_years(ledger))
        for version in ledger.versions:
            yield self.version(version.number)
            yield self.text(version.number)
            yield self.plain_text(version.number)
            yield self.since(version.number)
        yield from (self.event(event.n) for event in ledger.events)
        yield from (self.redline(older.number, newer.number) for older, newer in redline_pairs(ledger))
        yield from (self.clause(name) for name in dict.fromkeys(n for v in ledger.versions for n in v.by_id))


def relative(page: str, target: str) -> str:
    """``target`` as a link on ``page``: both are addresses below the site's, ``page`` a directory."""
    path, hash_, anchor = target.partition("#")
    here, there = page.split("/")[:-1], path.split("/")
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    way = "../" * (len(here) - shared) + "/".join(there[shared:])
    return (way or "./") + hash_ + anchor
