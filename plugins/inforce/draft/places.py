"""Where links lead within a document, and how they go on leading there while its clauses are renamed, split and merged.

A link leads to a clause, or to an id in one; which, depends on where it stands: its own clause's ids come before other
clauses.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from inforce.model import PREAMBLE
from inforce.text import clauses as clause_text
from inforce.text import markdown
from inforce.text.html import render
from inforce.text.inline import Edit, edited

Place = tuple[str, str]
"""A clause, and an id in it; empty where all of the clause is meant."""


@dataclass(frozen=True)
class Places:
    """The places of a document: the ids that each of its clauses has within it."""

    document: str
    ids: Mapping[str, Set[str]]

    def meant(self, clause: str, address: str) -> Place | None:
        """Where an address leads that is written in ``clause``; None where that is no place of this document."""
        path, _, anchor = address.partition("#")
        if path and (path.startswith("/") or posixpath.normpath(f"{self.document}/{path}") != self.document):
            return None
        if not path and anchor in self.ids.get(clause, ()):
            return clause, anchor
        name, _, within = anchor.partition("--")
        return (name, within) if name in self.ids and (not within or within in self.ids[name]) else None

    def address(self, clause: str, place: Place) -> str:
        """How ``clause`` writes an address that leads to ``place``."""
        name, within = place
        whole = f"#{name}--{within}" if within else f"#{name}"
        written = (f"#{within}", whole) if within and name == clause else (whole,)
        return next((each for each in written if self.meant(clause, each) == place), f"./{whole}")


@dataclass(frozen=True)
class Relocation:
    """What becomes of places: those that are there ``after`` it, where each is then, and in which clause a line is."""

    after: Places
    moved: Callable[[Place], Place]
    stands: Callable[[str, int], str]


def ids_of(name: str, text: str) -> frozenset[str]:
    """The ids within a clause, of which ``text`` is what stands in its file below the front matter."""
    rendered = render(clause_text.read_clause(name, text.encode(), name).clause)
    return frozenset(each.removeprefix(f"{name}--") for each in rendered.ids)


def renamed(before: Places, name: str, new: str) -> Relocation:
    """The clause ``name`` gets another id."""
    ids = {new if each == name else each: within for each, within in before.ids.items()}
    return Relocation(
        replace(before, ids=ids),
        lambda place: (new if place[0] == name else place[0], place[1]),
        lambda clause, _: new if clause == name else clause,
    )


def merged(before: Places, name: str, into: str, other: Mapping[str, str]) -> Relocation:
    """The clause ``name`` goes into another, some of its ids under ``other`` names."""
    ids = {each: within for each, within in before.ids.items() if each != name}
    ids[into] = before.ids[into] | {other.get(each, each) for each in before.ids[name]}
    return Relocation(
        replace(before, ids=ids),
        lambda place: (into, other.get(place[1], place[1])) if place[0] == name else place,
        lambda clause, _: into if clause == name else clause,
    )


def parted(before: Places, name: str, new: str, parts: tuple[str, str], line: int, begun: str) -> Relocation:
    """What stands in ``name`` from ``line`` on becomes the clause ``new``; the id ``begun`` of its heading goes."""
    first, second = ids_of(name, parts[0]), ids_of(PREAMBLE, parts[1])

    def moved(place: Place) -> Place:
        clause, within = place
        if clause != name or not within or within in first:
            return place
        return new, "" if within == begun else within

    return Relocation(
        replace(before, ids={**before.ids, name: first, new: second - {begun}}),
        moved,
        lambda clause, at: new if clause == name and at >= line else clause,
    )


def followed(texts: Mapping[str, str], before: Places, relocation: Relocation) -> dict[str, str]:
    """``texts`` (clause -> text) with each link leading to what it led to."""

    def lead(name: str, address: str, line: int) -> str:
        place, home = before.meant(name, address), relocation.stands(name, line)
        if place is None or relocation.after.meant(home, address) == relocation.moved(place):
            return address
        return relocation.after.address(home, relocation.moved(place))

    def edits(name: str, text: str) -> Iterator[Edit]:
        for link in markdown.read(text).links:
            if link.start < link.end and (address := lead(name, link.address, link.line)) != link.address:
                yield link.start, link.end, address

    return {name: edited(text, edits(name, text)) for name, text in texts.items()}
