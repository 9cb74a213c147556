"""Footnotes: which of them a redline's references lead to, and whether they can be Word's own.

On a page they are a numbered list at a clause's end, with links there and back. In Word each stands at the foot of the
page that refers to it, numbered by Word.
"""

from collections import Counter
from typing import Any

from inforce.redline.parsing import load

_REFERENCES = ".//a[contains(concat(' ', @class, ' '), ' footnote-ref ')]"
_LISTS = ".//div[contains(concat(' ', @class, ' '), ' footnote ')]"


def fit(html: str) -> bool:
    """Whether each footnote of a page is referred to once, from the text, and each reference leads to one.

    Otherwise the list stays where it is on the page: Word's footnotes have one reference each.
    """
    body = load(html)
    lists = body.xpath(_LISTS)
    within = [reference for each in lists for reference in each.xpath(_REFERENCES)]
    references = Counter(_name(reference) for reference in body.xpath(_REFERENCES))
    items = [item for each in lists for item in each.xpath("./ol/li")]
    return not within and references == Counter(item.get("id") for item in items)


class Notes:
    """The footnotes of a redline, by their ids on either side."""

    def __init__(self, body: Any) -> None:
        self._lists = set(body.xpath(_LISTS))
        self._old: dict[str, Any] = {}
        self._new: dict[str, Any] = {}
        for item in (item for each in self._lists for item in each.iterdescendants("li")):
            name = item.get("id") or item.get("data-redline-id")
            classes = item.get("class", "").split()
            former = item.get("data-redline-tag")
            if name and "redline-removed" not in classes:
                self._new[name] = item
            name = load(former)[0].get("id") if former else name
            if name and "redline-added" not in classes:
                self._old[name] = item

    def listed(self, element: Any) -> bool:
        """Whether an element is a list of footnotes."""
        return element in self._lists

    def of(self, element: Any) -> tuple[Any, Any]:
        """What a reference leads to on the old side and on the new one; None where it leads to no footnote."""
        if element.tag != "a" or "footnote-ref" not in element.get("class", "").split():
            return None, None
        return self._old.get(_name(element)), self._new.get(_name(element))


def _name(reference: Any) -> str:
    return str(reference.get("href", "")).removeprefix("#")
