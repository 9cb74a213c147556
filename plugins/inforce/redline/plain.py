"""A redline's HTML -> plain text for a terminal: a block a line, list items with their numbers, table rows with bars.

Lines are not wrapped and nothing is coloured here: the caller says how an insertion and a deletion look.
"""

from collections.abc import Callable

from inforce.redline.blocks import Block, Container, Leaf, Run, leaves
from inforce.redline.reading import Reader

_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
Mark = Callable[[str], str]


def plain(redline_html: str, *, insertion: Mark, deletion: Mark) -> str:
    """The text of a redline, with ``insertion`` and ``deletion`` around what was inserted and deleted.

    Ends with a line break unless there is nothing to show. Changes of format alone leave no trace.
    """
    page = _Page({"ins": insertion, "del": deletion})
    page.write(Reader(marks=True).read(redline_html))
    return "".join(f"{line}\n" for line in page.lines)


class _Page:
    def __init__(self, marks: dict[str, Mark]) -> None:
        self.lines: list[str] = []
        self._marks = marks
        self._margins: list[str] = []
        self._numbers: list[int | None] = []
        self._bullet = ""

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
        given = dict(block.attributes)
        if block.tag in ("ul", "ol"):
            self._numbers.append(_number(given.get("start"), 1) if block.tag == "ol" else None)
            return self._end_list
        if block.tag == "li" and self._numbers:
            number = self._numbers[-1]
            if number is not None:
                number = _number(given.get("value"), number)
                self._numbers[-1] = number + 1
            self._bullet = "- " if number is None else f"{number}. "
            self._margins.append(" " * len(self._bullet))
        else:
            self._margins.append({"blockquote": "> ", "dd": "    "}.get(block.tag, ""))
        return self._end_block

    def _end_list(self) -> None:
        self._numbers.pop()

    def _end_block(self) -> None:
        self._bullet = ""
        self._margins.pop()

    def _arrived(self, block: Block) -> None:
        if dict(block.attributes).get("class", "").endswith("redline-moved"):
            self._line("[Moved here:]")

    def _leaf(self, leaf: Leaf) -> None:
        self._arrived(leaf)
        if leaf.tag == "hr":
            marked = {"redline-added": "ins", "redline-removed": "del"}.get(dict(leaf.attributes).get("class", ""))
            self._line(self._marks[marked]("---") if marked else "---")
            return
        for line in (_HEADINGS.get(leaf.tag, "") + self._inline(leaf)).split("\n"):
            self._line(line)

    def _line(self, text: str) -> None:
        margin = "".join(self._margins)
        if self._bullet:
            margin = margin[: -len(self._bullet)] + self._bullet
            self._bullet = ""
        if text.strip():
            self.lines.append((margin + text).rstrip())

    def _inline(self, leaf: Leaf) -> str:
        written, text, current = [], "", ""
        for run in leaf.runs:
            mark = next((tag for tag, _ in run.formats if tag in self._marks), "")
            if mark != current:
                written.append(self._marked(text, current))
                text, current = "", mark
            text += _shown(run)
        return "".join([*written, self._marked(text, current)])

    def _marked(self, text: str, mark: str) -> str:
        """Each line of a marked text marked on its own, without the white space around it."""
        if not mark:
            return text
        return "\n".join(self._trimmed(line, mark) for line in text.split("\n"))

    def _trimmed(self, line: str, mark: str) -> str:
        core = line.strip()
        if not core:
            return line
        start = line.index(core)
        return line[:start] + self._marks[mark](core) + line[start + len(core) :]


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else otherwise


def _shown(run: Run) -> str:
    if run.atom is None:
        return run.text
    tag, given = run.atom
    return {"br": "\n", "img": dict(given).get("alt", "")}.get(tag, "")
