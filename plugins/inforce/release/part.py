"""A part of a draft: some of its changed clauses, and all else as it was last published.

It is a draft like any other, so that a release asks nothing else of it. What is left out stays in the folder as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from inforce.errors import InForceError, fail, meant
from inforce.model import PREAMBLE, Draft, Ledger, Note, Version, draft_folder
from inforce.release.proposal import pending_changes, settings_released


def part(draft: Draft, published: Ledger, names: Sequence[str]) -> Draft:
    """The draft with the changes of the clauses ``names`` alone.

    What the policy says of itself beside its clauses is as it was last published. Raises
    InForceError where a name has no change, or one that can't be had without another's.
    """
    amended = published.amended
    if amended is None:
        raise _refused(draft, "A first version has all clauses", "Leave --only out")
    changes = {change.clause: change for change in pending_changes(draft, published)}
    for name in names:
        if name not in changes:
            raise _refused(
                draft, f"`{name}` does not change", meant(name, changes, f"Changed are: {', '.join(changes) or 'none'}")
            )
    taken = _sources(draft, names)
    if torn := [name for name in changes if name not in names and _sources(draft, (name,)) & taken]:
        raise _refused(draft, f"Its text is shared with {', '.join(torn)}", "Name these as well")
    moved = [name for name, change in changes.items() if "moved" in change.kinds and name in names]
    order = _order(draft, amended, names, moved)
    own = {clause.id: clause for clause in draft.clauses if clause.id in names}
    found = replace(
        draft,
        settings=replace(settings_released(draft.settings, amended), clauses=tuple(order)),
        clauses=tuple(own.get(name) or amended.by_id[name] for name in order),
        notes={name: note for name, note in draft.notes.items() if name in names},
        files={name: file for name, file in draft.files.items() if name in names},
    )
    if more := [change.clause for change in pending_changes(found, published) if change.clause not in names]:
        raise _refused(draft, f"That would change {', '.join(more)}, too", "Name these as well")
    return found


def _sources(draft: Draft, names: Iterable[str]) -> set[str]:
    """The clauses that hold, or held, the text of ``names``."""
    return {each for name in names for each in (name, *draft.notes.get(name, Note()).was)}


def _order(draft: Draft, amended: Version, names: Sequence[str], moved: Sequence[str]) -> list[str]:
    """The clauses in the order of the amended version; those that came or moved stand as they do in the draft."""
    drafted = [clause.id for clause in draft.clauses]
    gone = {name for name in _sources(draft, names) if name not in drafted}
    order = [name for name in amended.by_id if name not in gone and name not in moved]
    for place, name in enumerate(drafted):
        if name in names and name not in order:
            before = next((each for each in reversed(drafted[:place]) if each in order), "")
            first = 1 if order[:1] == [PREAMBLE] and name != PREAMBLE else 0
            order.insert(order.index(before) + 1 if before else first, name)
    return order


def _refused(draft: Draft, what: str, cure: str) -> InForceError:
    return fail(draft_folder(draft.document), 0, "only", what, cure)
