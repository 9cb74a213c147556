"""The redline of two clauses: what changed, for the public to read, exact by proof.

Blocks are aligned first, words compared inside them, and the result is HTML in which every mark can be accepted or
rejected. Both are tried on every redline as it is made: accepting all must give the new page, rejecting all the old one,
in the normal form that ``canonical`` gives. Where one fails, the clause is shown whole, deleted and inserted.

Neither files nor clocks are touched; the same two pages give the same bytes everywhere and always.
"""

from dataclasses import dataclass

from inforce.redline import alignment, resolution
from inforce.redline.blocks import Container, Leaf, Reader, block_html, leaves
from inforce.redline.markup import Changes, write
from inforce.redline.plain import plain
from inforce.redline.tokens import is_object, typographic

__all__ = ["Changes", "Redline", "canonical", "plain", "redline"]


@dataclass(frozen=True)
class Redline:
    """What changed between two pages.

    ``wording_changed`` is False where both pages read the same, word by word and mark by mark, whatever their layout.
    ``whole`` says that the finer redline was not exact, so that everything is shown deleted and inserted.
    """

    html: str
    changes: Changes
    wording_changed: bool
    whole: bool

    def accepted(self) -> str:
        """The new page, out of ``html`` alone, in normal form."""
        return resolution.accepted(self.html)

    def rejected(self) -> str:
        """The old page, out of ``html`` alone, in normal form."""
        return resolution.rejected(self.html)


def redline(old_html: str, new_html: str) -> Redline:
    """The redline between two sanitised HTML fragments. Either may be empty. Never raises, whatever the strings hold."""
    reader = Reader()
    old, new = reader.read(old_html), reader.read(new_html)
    html, changes = write(alignment.script(old, new))
    exact = resolution.accepted(html) == block_html(new) and resolution.rejected(html) == block_html(old)
    if not exact:
        html, changes = write(alignment.whole(old, new))
    return Redline(html, changes, _wording_changed(old, new), not exact)


def canonical(html: str) -> str:
    """The normal form of a fragment: white space folded, attributes in order, what has no place in a clause left out."""
    return block_html(Reader().read(html))


def _wording_changed(old: Container, new: Container) -> bool:
    one, other = list(leaves(old)), list(leaves(new))
    while one and other and one[-1].key == other[-1].key:
        one.pop()
        other.pop()
    start = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0].key != pair[1].key), None)
    start = min(len(one), len(other)) if start is None else start
    return _spoken(one[start:]) != _spoken(other[start:])


def _spoken(blocks: list[Leaf]) -> list[str]:
    return [typographic(text) for leaf in blocks for text in leaf.tokens.texts if not is_object(text)]
