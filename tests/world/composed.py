"""What a script makes of the pieces of two versions, proved: any pair's redline leads to both texts, and says the same.

The pieces are put together here as the page of comparisons describes them, and read by what reads any other page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from world import agreement, pages
from world.history import ADDRESS, DOCUMENT
from world.pages import Node, Page, Stream

HERE = f"{DOCUMENT}/compare/"


@dataclass(frozen=True)
class Composed:
    """One pair: its list of changes, its changed clauses by id, and how much changed in all."""

    items: tuple[Node, ...]
    sections: Mapping[str, Node]
    told: str

    @property
    def page(self) -> Page:
        """Its clauses as a page."""
        root = Node("", {}, list(self.sections.values()))
        ids = tuple(node.attributes["id"] for node in root.all() if "id" in node.attributes)
        return Page(root, ids, tuple(n.attributes["href"] for n in root.all() if "href" in n.attributes), ())


def pairs(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, Composed]]:
    """Every pair that a site's pieces tell of: (older, newer, what is made of it)."""
    for name, data in files.items():
        if name.startswith(HERE) and name.count("/") == 2 and name != f"{HERE}index.html":
            root = pages.read(data.decode()).root
            for pair in _with(root, "data-inforce-to"):
                older, newer = name.removeprefix(HERE).removesuffix(".html"), pair.attributes["data-inforce-to"]
                yield older, newer, _made(files, root, pair)


def _made(files: Mapping[str, bytes], root: Node, pair: Node) -> Composed:
    [body] = [node for node in root.all() if node.tag == "body"]
    names, items, sections = body.attributes["data-inforce-pieces"].split(), [], {}
    for place in map(int, pair.attributes["data-inforce-pieces"].split()):
        wording, _, name = names[place].partition("/")
        there = pages.read(files[f"{HERE}wordings/{wording}.html"].decode()).root
        [piece] = [each for each in _with(there, "data-inforce-piece") if each.attributes["data-inforce-piece"] == name]
        listed, section = _elements(piece)
        items += _elements(listed)
        sections[section.attributes["data-inforce-clause"]] = _named(section)
    [counted] = [node for node in pair.all() if "if-amount" in node.classes]
    return Composed(tuple(items), sections, " ".join(counted.text.split()))


def _named(section: Node) -> Node:
    """A clause with its ids."""
    children: list[Node | str] = []
    for child in section.children:
        if isinstance(child, Node) and "data-inforce-former" in child.attributes:
            children.append(replace(child, attributes={"id": child.attributes["data-inforce-former"]}))
        else:
            children.append(child)
    return Node(section.tag, {**section.attributes, "id": section.attributes["data-inforce-clause"]}, children)


def _with(root: Node, name: str) -> list[Node]:
    return [node for node in root.all() if name in node.attributes]


def _elements(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Node)]


def faults(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with any pair that can be composed: (pair, what)."""
    rows = {row["version"]: row for row in manifest["documents"][DOCUMENT]["versions"]}
    found = {(older, newer): made for older, newer, made in pairs(files)}
    if wanted := {(a, b) for a in rows for b in rows if rows[a]["sequence"] < rows[b]["sequence"]} - found.keys():
        yield "compare", f"{sorted(wanted)} cannot be composed"
    for (older, newer), made in found.items():
        old, new = (pages.read(files[f"{DOCUMENT}/{number}/index.html"].decode()) for number in (older, newer))
        told = (
            *_apart(made, old, older, new, newer),
            *_dead(made, new),
            *_shop(made, manifest, rows[older], rows[newer]),
        )
        page = files.get(f"{DOCUMENT}/redline/{older}..{newer}/index.html")
        told = (*told, *(_direct(made, pages.read(page.decode()), f"{older}..{newer}") if page else ()))
        yield from ((f"{older}..{newer}", what) for what in told)


def _texts(page: Page, address: str) -> dict[str, Stream]:
    return {name: pages.shown(node, ADDRESS + address) for name, node in pages.clauses(page).items()}


def _sides(node: Node, here: str) -> tuple[Stream, Stream]:
    """What a changed clause becomes where all is rejected, and where all is accepted."""
    return pages.side(node, ADDRESS + here, accept=False), pages.side(node, ADDRESS + here, accept=True)


def _apart(made: Composed, old: Page, older: str, new: Page, newer: str) -> Iterator[str]:
    """What keeps the pair from leading to both texts; what is left out has to be the same in both."""
    before, after = _texts(old, f"{DOCUMENT}/{older}/"), _texts(new, f"{DOCUMENT}/{newer}/")
    sides = {name: _sides(node, HERE) for name, node in made.sections.items()}
    for name, text in after.items():
        if name not in sides and before.pop(name, ()) != text:
            yield f"`{name}` is left out, and it changed"
    for name, (_, accepted) in sides.items():
        if accepted != after.get(name, ()):
            yield f"accepting `{name}` gives {pages.readable(accepted)!r}"
    yield from pages.unlike({name: rejected for name, (rejected, _) in sides.items()}, before)


def _dead(made: Composed, new: Page) -> Iterator[str]:
    """Links within the text: to a place in it, or else to one of the newer version."""
    places = {"top", *made.page.ids, *new.ids}
    for link in made.page.links:
        if link.startswith("#") and link[1:] not in places:
            yield f"{link} leads nowhere"


def _shop(made: Composed, manifest: Mapping[str, Any], old: agreement.Row, new: agreement.Row) -> Iterator[str]:
    """Where the list says another thing than a shop tells its customers of the same two."""
    if "withdrawn_at" in old or "withdrawn_at" in new or (told := agreement.told(manifest, old, new)) is None:
        return
    shop = {row["clause"]: row["notes"] for row in told}
    for item in made.items:
        name = next(node.attributes["href"] for node in item.all() if node.tag == "a").removeprefix("#")
        parts = _elements(item)
        graded = next((place for place, node in enumerate(parts) if "if-severity" in node.classes), len(parts))
        notes = [node.text for node in parts[graded:] if node.tag == "bdi"]
        if graded < len(parts) and notes != shop.get(name):
            yield f"`{name}` has the notes {notes}, and {shop.get(name)} in the shop"


def _direct(made: Composed, page: Page, pair: str) -> Iterator[str]:
    """Where the page of the same pair says another thing."""
    here = f"{DOCUMENT}/redline/{pair}/"
    if made.told not in " ".join(page.root.text.split()):
        yield f"{made.told!r} is not what the page of the pair counts"
    lists = [node for node in page.root.all() if "if-changes" in node.classes]
    items = [each.text for node in lists for each in _elements(node)]
    if items != [each.text for each in made.items]:
        yield f"{[each.text for each in made.items]} is listed, and on the page of the pair {items}"
    changed = {name: node for name, node in pages.clauses(page).items() if "if-clause--changed" in node.classes}
    if list(changed) != list(made.sections):
        yield f"{list(made.sections)} changed, and on the page of the pair {list(changed)}"
    for name in changed.keys() & made.sections.keys():
        if _sides(changed[name], here) != _sides(made.sections[name], HERE):
            yield f"`{name}` is marked in another way than on the page of the pair"
