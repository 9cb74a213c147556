"""A redline's HTML -> its lines, for a terminal.

A block is a line, list items have their numbers and table rows bars; lines are not wrapped, and nothing is coloured
here: the caller says how an insertion and a deletion look.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from inforce.redline.blocks import MARKED, Block, Container, Format, Leaf, Run, integer, leaves
from inforce.redline.parsing import Reader
from inforce.redline.remarks import signed
from inforce.redline.resolution import SIDES
from inforce.text.lists import counted

_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_LINE = re.compile(r"\S(?:.*\S)?")
"""A line of a marked text, without the white space around it."""
_BEHIND_MARK = 4
"""How far in stands what belongs to an item that says its own mark."""
_FORMER_SPACE = {("del", (("class", "redline-space"),))}
"""In a text without looks, white space that became other white space would stand there twice."""

Mark = Callable[[str], str]


@dataclass
class _Listed:
    """A list as its items are written: the next one's number, none without numbers, in which form, and what follows."""

    number: int | None = None
    form: str = "1"
    step: int = 1

    @classmethod
    def begun(cls, block: Container) -> "_Listed":
        """A list before its first item, numbered as a browser numbers it."""
        if block.tag == "ul":
            return cls()
        given = dict(block.attributes)
        is_falling = "reversed" in given
        first = sum(child.tag == "li" for child in block.children) if is_falling else 1
        return cls(integer(given.get("start"), first), given.get("type", "1"), -1 if is_falling else 1)

    def mark(self, item: Container) -> str:
        """What stands before the next item; nothing before one that says its own mark, which counts, too."""
        mark = "- "
        if self.number is not None:
            number = integer(dict(item.attributes).get("value"), self.number)
            self.number = number + self.step
            mark = f"{counted(number, self.form)}. "
        return "" if MARKED in item.attributes else mark


def plain(redline_html: str, *, insertion: Mark, deletion: Mark) -> str:
    """Return the text of a redline, with ``insertion`` and ``deletion`` around what was inserted and deleted.

    Ends with a line break unless there is nothing to show. What marks say of links and layout stands in brackets;
    changes of other formats leave no trace.
    """
    page = _PlainText({"ins": insertion, "del": deletion})
    page.write(Reader(marks=True).read(redline_html))
    return "".join(f"{line}\n" for line in page.lines)


class _PlainText:
    """The lines of a page as they are written."""

    def __init__(self, marks: dict[str, Mark]) -> None:
        self.lines: list[str] = []
        self._marks = marks
        self._margins: list[str] = []
        self._lists: list[_Listed] = []
        self._bullet = ""
        self._hanging = 0

    def write(self, root: Container) -> None:
        pending: list[Block | Callable[[], None]] = [root]
        while pending:
            each = pending.pop()
            if callable(each):
                each()
            elif isinstance(each, Leaf):
                self._leaf(each)
            elif each.tag == "tr":
                self._line(" | ".join(" ".join(self._inline(leaf) for leaf in leaves(cell)) for cell in each.children))
            else:
                pending.append(self._enter(each))
                pending.extend(reversed(each.children))

    def _enter(self, block: Container) -> Callable[[], None]:
        """Begins a container; gives what ends it."""
        self._arrived(block)
        if block.tag in ("ul", "ol"):
            self._lists.append(_Listed.begun(block))
            return self._end_list
        if block.tag == "li" and self._lists:
            self._bullet = self._lists[-1].mark(block)
            self._hanging = len(self._bullet) or _BEHIND_MARK
            self._margins.append(" " * self._hanging)
        else:
            self._margins.append({"blockquote": "> ", "dd": "    "}.get(block.tag, ""))
        return self._end_block

    def _end_list(self) -> None:
        self._lists.pop()

    def _end_block(self) -> None:
        self._bullet, self._hanging = "", 0
        self._margins.pop()

    def _arrived(self, block: Block) -> None:
        given = dict(block.attributes)
        if told := given.get("data-redline-told"):
            self._line(f"[{told}:]")
        if given.get("class", "").endswith("redline-moved"):
            self._line("[Moved here:]")

    def _leaf(self, leaf: Leaf) -> None:
        self._arrived(leaf)
        if leaf.tag == "hr":
            given = dict(leaf.attributes).get("class")
            mark = next((self._marks[side] for side, name in SIDES.items() if name == given), str)
            self._line(mark("---"))
            return
        for line in (_HEADINGS.get(leaf.tag, "") + self._inline(leaf)).split("\n"):
            self._line(line)

    def _line(self, text: str) -> None:
        margin = "".join(self._margins)
        if self._hanging:
            margin = margin[: -self._hanging] + self._bullet
            self._bullet, self._hanging = "", 0
        if text.strip():
            self.lines.append((margin + text).rstrip())

    def _inline(self, leaf: Leaf) -> str:
        written = ""
        shown = (run for run in leaf.runs if not _FORMER_SPACE & {*run.formats})
        for (mark, told), runs in groupby(shown, lambda run: (_mark(run), _told(run))):
            text = "".join(_shown(run, mark) for run in runs)
            written += self._marked(text, mark[0]) if mark else text
            written += f" [{told}]" if told else ""
        return written

    def _marked(self, text: str, mark: str) -> str:
        return _LINE.sub(lambda line: self._marks[mark](line[0]), text)


def _mark(run: Run) -> Format | None:
    return next((each for each in run.formats if each[0] in SIDES), None)


def _told(run: Run) -> str:
    """What is said of another format that a reader has to know of: where a link leads, which way a text runs."""
    given = next((dict(given) for _, given in run.formats if ("class", "redline-format") in given), {})
    told = given.get("title", "").removesuffix(", no wording change")
    return "" if told == "format changed" else told


def _shown(run: Run, mark: Format | None) -> str:
    if run.atom is None:
        return "".join(text + sign for text, sign in signed(run.text, mark)) if mark else run.text
    tag, given = run.atom
    return {"br": "\n", "img": dict(given).get("alt", "")}.get(tag, "")
