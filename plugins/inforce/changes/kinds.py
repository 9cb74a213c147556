"""Two lists of clauses, and who became whom -> typed changes, clause by clause.

Who became whom is the business of ``lineage``, what a changed word is that of ``redline``: kinds, counts and marks say
the same. So a changed link target, a bold word, a comma or a curly apostrophe is ``formatted``, not ``modified``.

A redline depends on its two texts alone. So whoever has a place for it may have it kept from one run to the next.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from inforce.changes import lineage
from inforce.changes.lineage import Origins
from inforce.changes.shares import families, inherited, keeper
from inforce.model import Clause, digest
from inforce.redline import Changes, Redline, redline
from inforce.redline.order import longest_rising
from inforce.text.html import Sanitised, render, together

KINDS = ("added", "formatted", "merged", "modified", "moved", "removed", "retitled", "split")
"""Everything that can happen to a clause between two versions."""
_SAID = {"formatted": "no word changed"}
"""What is said of a kind whose name says less: a mark, a comma, a link's target or the clause's id may be another."""
_WORDING = frozenset(("formatted", "modified", "retitled"))


@dataclass(frozen=True)
class ClauseChange:
    """What became of one clause: its id now (or its last one, if removed), and the sorted kinds."""

    clause: str
    kinds: tuple[str, ...]


def compare(
    old: Sequence[Clause], new: Sequence[Clause], was: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[ClauseChange, ...]:
    """The changed clauses in the new order, then the removed ones in the old order: what one version does.

    ``was`` maps a clause of ``new`` to the ids it had in ``old``, besides its own. Ids that ``old`` does not have are
    ignored.
    """
    origins = _single_step(old, new, was or {})
    return _compare(old, new, origins, _fewest_moves(old, origins))


def said_of(kinds: Iterable[str]) -> str:
    """Return what became of a clause, for a line of text."""
    return ", ".join(_SAID.get(kind, kind) for kind in kinds)


def touched(
    old: Sequence[Clause], new: Sequence[Clause], was: Mapping[str, tuple[str, ...]] | None = None
) -> frozenset[str]:
    """The clauses that :func:`compare` tells of, by id; found without rendering anything."""
    origins = _single_step(old, new, was or {})
    changes = _compare(old, new, origins, _fewest_moves(old, origins), worded=False)
    return frozenset(change.clause for change in changes)


def compare_along(
    old: Sequence[Clause], new: Sequence[Clause], origins: Origins, moved: Collection[str]
) -> tuple[ClauseChange, ...]:
    """The same over any number of versions. ``origins`` names for each clause of ``new`` those of ``old``.

    ``moved`` are the clauses of ``new`` that a version on the way moved: of these, those that do stand elsewhere by now
    are told as moved, and no others.
    """
    return _compare(old, new, origins, _displaced(old, origins, moved))


def agree(
    old: Sequence[Clause],
    new: Sequence[Clause],
    told: Mapping[str, tuple[str, ...]],
    was: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """The clauses, by id and sorted, whose ``told`` kinds cannot be what became of them between ``old`` and ``new``.

    Renders nothing: that a clause's text differs is seen, whether in its words or its format is believed. So it is
    fast, and what was true of a published version does not depend on the Markdown library of the day.
    """
    origins = _single_step(old, new, was)
    changes = _compare(old, new, origins, _fewest_moves(old, origins), worded=False)
    found = {change.clause: change.kinds for change in changes}
    folded = {
        name: tuple(sorted({"formatted" if kind in _WORDING else kind for kind in kinds}))
        for name, kinds in told.items()
    }
    return sorted(name for name in {*found, *folded} if found.get(name) != folded.get(name))


def _single_step(old: Sequence[Clause], new: Sequence[Clause], was: Mapping[str, tuple[str, ...]]) -> Origins:
    return lineage.origins(new, {clause.id: clause for clause in old}, was)


def _compare(
    old: Sequence[Clause], new: Sequence[Clause], origins: Origins, moved: Collection[str], *, worded: bool = True
) -> tuple[ClauseChange, ...]:
    """Unless ``worded``, nothing is rendered, and whatever differs is ``formatted``."""
    before = {clause.id: clause for clause in old}
    heirs = families(new, origins)
    given = inherited(old, heirs) if worded else {}
    changes = []
    for clause in new:
        sources = [before[source] for source in origins[clause.id]]
        kinds = _lineage_kinds(sources, heirs)
        if sources and (len(sources) > 1 or _text_differs(sources[0], clause, heirs[sources[0].id])):
            kinds |= _wording(given.get(clause.id, ()), clause) if worded else {"formatted"}
        elif not kinds and sources[0].id != clause.id:
            kinds.add("formatted")  # nothing but its address changed
        if clause.id in moved:
            kinds.add("moved")
        if kinds:
            changes.append(ClauseChange(clause.id, tuple(sorted(kinds))))
    gone = (name for name in before if name not in heirs)
    return (*changes, *(ClauseChange(name, ("removed",)) for name in gone))


def _lineage_kinds(sources: Sequence[Clause], heirs: Mapping[str, tuple[Clause, ...]]) -> set[str]:
    if not sources:
        return {"added"}
    became = {"merged": len(sources) > 1, "split": any(len(heirs[source.id]) > 1 for source in sources)}
    return {kind for kind, holds in became.items() if holds}


def _text_differs(old: Clause, new: Clause, heirs: tuple[Clause, ...]) -> bool:
    """Of several clauses that have all of a text, one has it, and the others bring it again."""
    if old is new and len(heirs) == 1:
        return False  # as nearly all of them, which is seen sooner so
    return (old.heading, old.body) != (new.heading, new.body) or keeper(old, heirs) != new


@lru_cache(maxsize=4096)
def _wording(before: tuple[Clause, ...], new: Clause) -> frozenset[str]:
    """Whether a word changed is what the page's redline says; whether in the title or below, that of each."""
    if not clause_redline(before, new).changes.wording:
        return frozenset(("formatted",))
    after, titles = render(new), [render(clause).heading for clause in before] or [Sanitised()]
    if after.heading in titles or (before and _became_title(before[0], new)):
        return frozenset(("modified",))
    retitled = _redline(f"<p>{titles[0]}</p>", f"<p>{after.heading}</p>").changes.wording
    below = together((_untitled(before[0]), *before[1:])) if before else ""
    modified = not retitled or _redline(below, after.body).changes.wording
    return frozenset(kind for kind, holds in (("retitled", retitled), ("modified", modified)) if holds)


def _untitled(clause: Clause) -> Clause:
    return replace(clause, text=f"## {{#{clause.id}}}\n\n{clause.body}") if clause.heading else clause


@lru_cache(maxsize=16384)
def clause_redline(old: tuple[Clause, ...], new: Clause | None) -> Redline:
    """The redline from the text of old clauses to a new one; None where they were removed."""
    prefix = f"{(new or old[0]).id}--"
    return _redline(together(old), render(new).html if new else "", prefix)


Keep = Callable[[str, Callable[[], bytes]], bytes]
"""Given a name, and how what it names is made: what was kept under it, or else is made, and kept from now on."""
_keep: Keep | None = None


def keep_redlines(keep: Keep | None) -> None:
    """Have redlines kept in this place, from now on in no other."""
    global _keep
    _keep = keep


def _redline(old: str, new: str, prefix: str = "") -> Redline:
    if _keep is None:
        return redline(old, new, prefix)

    def packed() -> bytes:
        made = redline(old, new, prefix)
        return json.dumps((made.html, made.whole, *vars(made.changes).values())).encode()

    html, whole, *counts = json.loads(_keep(digest(json.dumps((old, new, prefix)).encode()), packed))
    return Redline(html, Changes(*counts), whole)


def _became_title(old: Clause, new: Clause) -> bool:
    """Whether what is left of a clause that was split begins with the sub-heading that is the new one's heading."""
    first = old.body.partition("\n")[0]
    return not old.heading and first.startswith("#") and first.lstrip("# ").partition(" {#")[0] == new.heading


def _places(old: Sequence[Clause], origins: Origins) -> dict[str, int]:
    """Where each new clause that comes from an old one stood, in the new order."""
    index = {clause.id: place for place, clause in enumerate(old)}
    return {name: index[sources[0]] for name, sources in origins.items() if sources}


def _displaced(old: Sequence[Clause], origins: Origins, names: Collection[str]) -> frozenset[str]:
    """Those of ``names`` that stand on the other side of some clause than they did."""
    places = _places(old, origins) if names else {}
    order = {name: place for place, name in enumerate(places)}
    return frozenset(
        name
        for name in names
        if name in places
        and any(
            places[other] != places[name] and (place < order[name]) != (places[other] < places[name])
            for other, place in order.items()
        )
    )


def _fewest_moves(old: Sequence[Clause], origins: Origins) -> frozenset[str]:
    """The fewest clauses whose move explains the new order: those outside the longest run that kept its order.

    What was split counts once, for the first of its parts.
    """
    firsts = {source: name for name, sources in reversed(list(origins.items())) for source in sources}
    places = {name: place for name, place in _places(old, origins).items() if firsts[origins[name][0]] == name}
    names = list(places)
    return frozenset(names) - {names[place] for place in longest_rising(list(places.values()))}
