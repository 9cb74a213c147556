"""The redline of two clauses: what changed, for the public to read, exact by proof.

Blocks are aligned first, words compared inside them, and the result is HTML in which every mark can be accepted or
rejected. Both are tried on every redline as it is made: accepting all must give the new page, rejecting all the old
one, in the normal form that ``canonical`` gives; and, read by another way (``proof``), say all that those pages say.
Where one fails, the clause is shown whole, deleted and inserted.

Neither files nor clocks are touched; the same two pages give the same bytes everywhere and always.
"""

from dataclasses import dataclass

from inforce.redline import alignment, proof, resolution
from inforce.redline.blocks import block_html
from inforce.redline.layouts import with_layouts
from inforce.redline.lines import plain
from inforce.redline.marks import write
from inforce.redline.moves import with_moves, with_numbers
from inforce.redline.parsing import Reader
from inforce.redline.resolution import side_by_side
from inforce.redline.sections import Pages, Passage, read

__all__ = ["Changes", "Redline", "canonical", "plain", "redline", "side_by_side"]


@dataclass(frozen=True)
class Changes:
    """How much a redline marks, which is the one definition of what changed for a reader.

    ``words_inserted`` and ``words_deleted`` count words, and signs that are read out (“$”, “%”, “§”), as they are
    spoken: another apostrophe, quotation mark or hyphen makes no other word. ``case_changed`` counts the places where
    only capitals changed, which may make a defined term of a word, ``forms_changed`` those of other digits or of wide
    and narrow letters alone, ``punctuation_changed`` those where only punctuation changed, ``numbers_changed`` the
    texts that begin with another number than before and stayed otherwise, ``spaces_changed`` the places of other white
    space alone, ``formats_changed`` those where nothing that is read did: formats, links, pictures, layout, typography.
    ``blocks_inserted`` and ``blocks_deleted`` count leaf blocks that are wholly so. A moved block counts once in
    ``blocks_moved``, whatever it holds, and of its words only those that it lost or got on the way.
    """

    words_inserted: int = 0
    words_deleted: int = 0
    blocks_inserted: int = 0
    blocks_deleted: int = 0
    blocks_moved: int = 0
    formats_changed: int = 0
    punctuation_changed: int = 0
    numbers_changed: int = 0
    spaces_changed: int = 0
    case_changed: int = 0
    forms_changed: int = 0

    @property
    def besides(self) -> tuple[str, ...]:
        """What changed beside words, in words and numbers; nothing that did not."""
        counted = (
            (self.case_changed, "case only: {} place", "case only: {} places"),
            (
                self.forms_changed,
                "form of digits or letters only: {} place",
                "form of digits or letters only: {} places",
            ),
            (self.punctuation_changed, "punctuation only: {} place", "punctuation only: {} places"),
            (self.spaces_changed, "white space only: {} place", "white space only: {} places"),
            (self.numbers_changed, "{} number follows", "{} numbers follow"),
            (self.blocks_moved, "{} paragraph, item or table moved", "{} paragraphs, items or tables moved"),
            (self.formats_changed, "{} format changed", "{} formats changed"),
        )
        return tuple((one if count == 1 else many).format(count) for count, one, many in counted if count)

    def __add__(self, other: "Changes") -> "Changes":
        """Return both together."""
        return Changes(**{name: count + vars(other)[name] for name, count in vars(self).items()})

    @property
    def wording(self) -> bool:
        """Whether a word changed: was inserted or deleted, or moved with its block, or got or lost capitals."""
        return bool(self.words_inserted or self.words_deleted or self.blocks_moved or self.case_changed)


@dataclass(frozen=True)
class Redline:
    """What changed between two pages.

    ``whole`` says that the finer redline was not exact, so that everything is shown deleted and inserted.
    """

    html: str
    changes: Changes
    whole: bool

    def accepted(self) -> str:
        """The new page, out of ``html`` alone, in normal form."""
        return resolution.accepted(self.html)

    def rejected(self) -> str:
        """The old page, out of ``html`` alone, in normal form."""
        return resolution.rejected(self.html)


def redline(old_html: str, new_html: str, prefix: str = "") -> Redline:
    """The redline between two sanitised HTML fragments; either may be empty.

    ``prefix`` begins the ids that the redline gives its own anchors, so that several may stand on one page.

    Never raises, whatever the strings hold. It is exact for all that a sanitiser lets through; of other rubbish (a row
    without a table in preformatted text) the parser makes something else each time, and only ``whole`` is said of it.
    """
    pages = read(old_html, new_html)
    if pages.old.key == pages.new.key and proof.holds(same := _unchanged(pages), old_html, new_html):
        return Redline(same, Changes(), whole=False)
    script = with_layouts(with_numbers(with_moves(alignment.script(pages.sections))))
    written = write(script, prefix)
    exact = resolution.leads_to(written.outline, pages.old, pages.new, pages.reader)
    exact = exact and proof.holds(written.html, old_html, new_html)
    if not exact:
        written = write(alignment.whole(pages.sections), prefix)
        if not proof.holds(written.html, old_html, new_html):  # there is text that no parser of ours could place
            pages = read(proof.as_paragraph(old_html), proof.as_paragraph(new_html))
            written = write(alignment.whole(pages.sections), prefix)
    return Redline(written.html, Changes(**written.counts), not exact)


def canonical(html: str) -> str:
    """The normal form of a fragment: white space folded, attributes in order, what no clause may hold left out."""
    return block_html(Reader().read(html))


def _unchanged(pages: Pages) -> str:
    return "\n".join(each.html if isinstance(each, Passage) else block_html(each.new) for each in pages.sections)
