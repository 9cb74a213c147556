"""An edit script -> the same script, in which a block that is gone here and new there, unchanged, has moved.

Only whole blocks that read exactly the same are taken for moved: of what was also reworded, a reader needs to see the
words. Cells, rows and captions never move by themselves, nor does what stands in a link as a whole, and a block leaves
only where its parent may hold a paragraph in its place.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace

from inforce.redline.alignment import Step
from inforce.redline.blocks import Block, Container, leaves
from inforce.redline.tokens import is_word

_ITEMS = frozenset(("li", "dt", "dd"))
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "colgroup")
_STAYING = frozenset((*_TABLE, "td", "th", "col", "hr", "caption", "figcaption", "legend", "summary"))
_STRICT = frozenset((*_TABLE, "ul", "ol", "menu", "dl", "hgroup"))
"""Parents that hold only their own kind of children."""


def with_moves(steps: Iterable[Step]) -> list[Step]:
    """The steps, those of a moved block being ``moved``: without ``new`` where it left, without ``old`` where it is."""
    script = list(steps)
    arrivals: dict[int, deque[int]] = defaultdict(deque)
    for place in _movable(script, "added"):
        arrivals[_key(script[place])].append(place)
    moves = 0
    for place in _movable(script, "removed"):
        if waiting := arrivals.get(_key(script[place])):
            moves += 1
            for each in (place, waiting.popleft()):
                script[each] = replace(script[each], kind="moved", move=moves)
    return script


def _movable(script: list[Step], kind: str) -> list[int]:
    """Where the script adds or removes a block that may move."""
    places, parents = [], [""]
    for place, step in enumerate(script):
        if step.kind == "open":
            parents.append(step.new.tag if step.new else "")
        elif step.kind == "close":
            parents.pop()
        elif step.kind == kind:
            block = _block(step)
            at_home = block.tag in _ITEMS or parents[-1] not in _STRICT
            if (
                at_home
                and block.tag not in _STAYING
                and not _linked(block, parents)
                and any(is_word(text) for leaf in leaves(block) for text in leaf.tokens.texts)
            ):
                places.append(place)
    return places


def _linked(block: Block, parents: list[str]) -> bool:
    """Whether a link stands around blocks here, so that no link between the two places may stand in it."""
    while isinstance(block, Container) and block.tag != "a" and block.children:
        block = block.children[0]
    return block.tag == "a" or "a" in parents


def _block(step: Step) -> Block:
    block = step.old or step.new
    assert block is not None
    return block


def _key(step: Step) -> int:
    return _block(step).key
