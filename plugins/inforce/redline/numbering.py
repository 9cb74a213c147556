"""The numbers of an ordered list's items, where the redline shows items of both pages in one list.

An item that stays keeps the number that it has on its own page. Nothing is written here.
"""

import re

from inforce.redline.alignment import Step
from inforce.redline.blocks import Attributes, Block, Leaf

_NOTHING = Leaf("", (), (), -1)


class Siblings:
    """The children of a container as they are written: whether one was, and the numbers of an ordered list's items."""

    def __init__(self, old: Block, new: Block) -> None:
        self.begun = False
        self._numbered = new.tag == "ol" and not any(name == "reversed" for name, _ in new.attributes)
        self._old = _integer(old, "start", 1) if old.tag == "ol" else None
        self._new = self._shown = _integer(new, "start", 1)

    def next(self, step: Step) -> Attributes:
        """Begins the next child; gives the attributes that keep its number what it is on its own page."""
        self.begun = True
        if not self._numbered or (step.new or step.old or _NOTHING).tag != "li":
            return ()
        number = self._shown
        if step.old is not None and self._old is not None and not (step.move and step.new):
            number = _integer(step.old, "value", self._old)
            self._old = number + 1
        if step.new is not None:
            number = _integer(step.new, "value", self._new)
            self._new = number + 1
        given = any(name == "value" for name, _ in (step.new or step.old or _NOTHING).attributes)
        shown, self._shown = self._shown, number + 1
        return () if given or number == shown else (("data-redline-value", ""), ("value", str(number)))


def _integer(block: Block, name: str, default: int) -> int:
    """A number that a list or an item is given, read as a browser reads it for all that a list can hold."""
    match = re.fullmatch(r"\s*([+-]?\d{1,9})\s*", dict(block.attributes).get(name, ""), re.ASCII)
    return int(match[1]) if match else default
