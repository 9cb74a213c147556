"""What an import answers for, and what it asks: what became of every date that was read, and why; and which texts may
never have been in force: drafts, mere stubs, and what was taken back.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from inforce.importing import date_lines
from inforce.importing.date_lines import Role, StatedDate
from inforce.importing.histories import Candidate, ImportedVersion, Snapshot, unbelieved


@dataclass(frozen=True)
class Account:
    """A date of a version's text: ``told``, from ``snapshot``; ``effective`` is what the ledger says, ``why`` so."""

    version: str
    snapshot: Snapshot
    told: StatedDate
    effective: date
    why: str


def accounts(made: Sequence[ImportedVersion]) -> Iterator[Account]:
    """Yield an account of every date in the texts of every version, oldest first; of the same words one a version."""
    previous: Candidate | None = None
    for each in made:
        candidate, seen = each.candidate, set[tuple[Role, str]]()
        for snapshot in (candidate.snapshot, *reversed(candidate.folded)):
            for told in snapshot.reading.told:
                if (told.role, told.text) not in seen:
                    seen.add((told.role, told.text))
                    why = _why(told, snapshot, candidate, previous)
                    yield Account(each.version.number, snapshot, told, candidate.effective, why)
        previous = candidate


def unclear(candidate: Candidate, previous: Candidate | None) -> tuple[StatedDate, ...]:
    """Return the dates with several meanings on which a version's day depends; none where an editor gave the day.

    Those that the version before had, too, tell of another text.
    """
    if candidate.why == "option":
        return ()
    before = {told.text for told in previous.snapshot.reading.told} if previous else set()
    return tuple(told for told in date_lines.unclear(candidate.snapshot.reading.told) if told.text not in before)


def _why(told: StatedDate, snapshot: Snapshot, candidate: Candidate, previous: Candidate | None) -> str:
    if told.role is Role.MENTIONED:
        return "not said of this text; it is in no clause" if told.gone else "not said of this text; it stays in it"
    if not told.days:
        return "it names no day"
    given = candidate.why == "option"
    if told.day is None:
        return "it has several meanings; you said which" if given else "it has several meanings, and none is guessed"
    if told.day == candidate.effective:
        return "used"
    if told.day == candidate.announced and told.role is not Role.EFFECTIVE:
        return "used: announced on that day"
    why = "you gave another day" if given else _unused(told.day, snapshot, candidate, previous)
    return why if told.gone or snapshot is not candidate.snapshot else f"{why}; readers still find it in the text"


def _unused(day: date, snapshot: Snapshot, candidate: Candidate, previous: Candidate | None) -> str:
    if day not in (snapshot.reading.dates.effective, snapshot.reading.dates.updated):
        return "another line of the text is believed"
    came = (*candidate.folded, candidate.snapshot)[0].origin.day
    return unbelieved(day, snapshot, came, previous) or "a later date of the text counts"


_DRAFT = re.compile(
    r"\b(?:draft|entwurf|brouillon|projet|borrador|bozza|rascunho|concept|kladde|utkast|luonnos|szkic|projekt|черновик|проект"
    r"|taslak)\b|草案|草稿|ドラフト|下書き|초안|مسودة",
    re.IGNORECASE,
)
_DRAFTS = re.compile(
    r"(?<![^\W_])(?:drafts?|wip|entw(?:urf|uerfe|ürfe)|brouillons?|borrador(?:es)?|bozz[ae])(?![^\W_])", re.I
)
"""What a folder or a file of drafts is called."""
_UNPUBLISHED = {"draft": "true", "published": "false", "status": "draft"}
_SHORT = 3
"""How many times longer both neighbours of a text are that may be a stub."""


@dataclass(frozen=True)
class Doubtful:
    """A version that may never have been in force: ``why``, and the texts to ``leave`` out if it was not.

    ``short`` names it, and says in ``--keep`` that it was.
    """

    short: str
    why: str
    leave: tuple[str, ...]

    @property
    def options(self) -> str:
        """The options that leave the texts out."""
        return " ".join(f"--leave-out {short}" for short in self.leave)


def doubtful(candidates: Sequence[Candidate], kept: Collection[str] = ()) -> Iterator[Doubtful]:
    """Yield the versions to ask about, oldest first, but for those of which an editor said that they are ``kept``."""
    sizes = [_size(each.snapshot) for each in candidates]
    seen: dict[object, int] = {}
    for place, each in enumerate(candidates):
        snapshot = each.snapshot
        earlier = seen.get(snapshot.reading.words)
        seen[snapshot.reading.words] = place
        if snapshot.origin.short in kept:
            continue
        if why := _draft(snapshot) or _stub(sizes, place):
            yield Doubtful(snapshot.origin.short, why, _shorts(candidates[place : place + 1]))
        elif earlier is not None and earlier < place - 1:
            between = _shorts(candidates[earlier + 1 : place])
            before = candidates[earlier].snapshot.origin.short
            why = f"returns to the text of {before}, so what stood between ({', '.join(between)}) may be a mistake"
            yield Doubtful(snapshot.origin.short, why, between)


def _shorts(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(each.origin.short for one in candidates for each in (*one.folded, one.snapshot))


def _size(snapshot: Snapshot) -> int:
    return sum(len(part) for section in snapshot.reading.sections for part in section.words)


def _draft(snapshot: Snapshot) -> str:
    reading = snapshot.reading
    if _DRAFT.search(reading.title):
        return f"is called a draft (“{reading.title}”)"
    origin = snapshot.origin
    if origin.beside:
        return f"stood in {origin.name.partition(' at ')[0]}, beside {origin.beside}, in whose place it came later"
    if _DRAFTS.search(origin.name):
        return f"stood among drafts ({origin.name.partition(' at ')[0]})"
    if _DRAFT.search(origin.subject):
        return f"came as a draft (“{origin.subject}”)"
    marks = [key for key, value in _UNPUBLISHED.items() if reading.front.get(key, "").lower() == value]
    return f"is marked as unpublished ({marks[0]}: {reading.front[marks[0]]})" if marks else ""


def _stub(sizes: Sequence[int], place: int) -> str:
    beside = [*sizes[max(0, place - 1) : place], *sizes[place + 1 : place + 2]]
    short = beside and all(sizes[place] * _SHORT < size for size in beside)
    return f"is shorter than a third of its neighbours ({sizes[place]} words and marks)" if short else ""
