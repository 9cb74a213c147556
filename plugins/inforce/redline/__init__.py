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
from inforce.redline.marks import Changes, write
from inforce.redline.moves import with_moves
from inforce.redline.parsing import Reader
from inforce.redline.resolution import side_by_side
from inforce.redline.sections import Pages, Passage, read

__all__ = ["Changes", "Redline", "canonical", "plain", "redline", "side_by_side"]


@dataclass(frozen=True)
class Redline:
    """What changed between two pages.

    ``whole`` says that the finer redline was not exact, so that everything is shown deleted and inserted.
    """

    html: str
    changes: Changes
    whole: bool

    @property
    def wording_changed(self) -> bool:
        """Whether a word changed, and not only punctuation, typography, formats, links or layout."""
        return self.changes.wording

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
    script = with_layouts(alignment.with_numbers(with_moves(alignment.script(pages.sections))))
    written = write(script, prefix)
    exact = resolution.leads_to(written.outline, pages.old, pages.new, pages.reader)
    exact = exact and proof.holds(written.html, old_html, new_html)
    if not exact:
        written = write(alignment.whole(pages.sections), prefix)
        if not proof.holds(written.html, old_html, new_html):  # there is text that no parser of ours could place
            pages = read(proof.as_paragraph(old_html), proof.as_paragraph(new_html))
            written = write(alignment.whole(pages.sections), prefix)
    return Redline(written.html, written.changes, not exact)


def canonical(html: str) -> str:
    """The normal form of a fragment: white space folded, attributes in order, what no clause may hold left out."""
    return block_html(Reader().read(html))


def _unchanged(pages: Pages) -> str:
    return "\n".join(each.html if isinstance(each, Passage) else block_html(each.new) for each in pages.sections)
