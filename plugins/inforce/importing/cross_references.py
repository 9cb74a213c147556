"""What a clause needs to stand on its own: the definitions that it uses, and links that lead somewhere.

A link to a heading leads to its clause, one to the title to the top. A link to nothing becomes its text, a reference to
nothing shows its brackets, and both are told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urljoin

from inforce.importing.markup import escaped, unlinked
from inforce.importing.reading import Reading, Section, slugs
from inforce.importing.source import Definition, footnotes
from inforce.text import markdown, normal, unsafe
from inforce.text.inline import Edit, Link, edited
from inforce.text.rewriting import parsed
from inforce.text.unsafe import scheme

_USES = re.compile(r"\[([^\]\[]*)\]\[([^\]\[]*)\]|\[([^\]\[]+)\](?![\[(:])")

_HREF = re.compile(r"""\s+href\s*=\s*["']?\Z""", re.IGNORECASE)
"""What stands before the address in a tag."""

_MEANT = re.compile(r"\[[^\[\]\n]*\]\([^()\[\]\n]*\S[ \t]+[^()\[\]\n]*\)")
"""An address with blanks, which no Markdown takes for one."""

Note = tuple[int, str]
"""A line of the source, and what an editor should look at there."""


def complete(reading: Reading, ids: Sequence[str], base: str = "") -> tuple[tuple[Section, ...], tuple[Note, ...]]:
    """Return the sections, each with all that it needs; and what an editor should look at.

    ``base`` is the address that the source had: relative links become absolute ones.
    """
    notes: list[Note] = []
    targets = _targets(reading, ids)
    sections = []
    for section, definitions in zip(reading.sections, _needed(reading), strict=True):
        body = "\n\n".join(filter(None, (section.body, *_listed(definitions)))) if definitions else section.body
        headed = "\n\n".join((section.heading, *_listed(definitions)))
        heading = _leading(headed, section, targets, notes).partition("\n")[0]
        body = _leading(body, section, targets, notes)
        body = normal.normalise(_absolute(body, base) if base else body)
        if (shown := escaped(body)) != body:  # behind a comment that is never closed, links come to be some
            shown = _leading(shown, section, targets, notes)
        notes.extend((section.line, f"{each} is no link: it is kept as text") for each in _meant(section.body))
        sections.append(replace(section, heading=heading, body=shown))
    return tuple(_defined(sections, notes)), tuple(notes)


def relative(sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the addresses in ``sections`` that lead to files beside the source."""
    links = (link for section in sections for link in markdown.read(section.body).links)
    return tuple(link.address for link in links if _is_relative(link))


def _is_relative(link: Link) -> bool:
    """Whether a link's address counts from where its source stood, and is not a template's to fill."""
    written = link.kind in ("link", "image", "definition") and link.address and link.start < link.end
    return bool(written) and link.address[0] != "#" and "{" not in link.address and not _leads_out(link.address)


def _leads_out(address: str) -> bool:
    parts = parsed(address)
    return parts is None or bool(parts.scheme or parts.netloc)


def _targets(reading: Reading, ids: Sequence[str]) -> dict[str, str]:
    """Name of a heading as links write it -> the clause's id; the title's is the page's top."""
    found: dict[str, str] = {"top": "top", "": "top", **dict.fromkeys(slugs(reading.title), "top")}
    counts: dict[str, int] = {}
    for name, section in zip(ids, reading.sections, strict=True):
        for anchor in section.anchors:
            number = counts.get(anchor, 0)
            counts[anchor] = number + 1
            found[f"{anchor}-{number}" if number else anchor] = name
    return {**found, **{name: name for name in ids if name not in found}}


def _needed(reading: Reading) -> list[list[Definition]]:
    """For each section the definitions that it uses, in the source's order; unused ones stay where they stood."""
    needed = [_used(section, reading.definitions) for section in reading.sections]
    used = {each for every in needed for each in every}
    for each in reading.definitions:
        if each not in used:
            before = [place for place, section in enumerate(reading.sections) if section.line <= each.line]
            needed[before[-1] if before else 0].append(each)
    return needed


def _used(section: Section, definitions: Sequence[Definition]) -> list[Definition]:
    """Those that a section uses, and those that these use in turn."""
    if not definitions:
        return []
    found: list[Definition] = []
    labels = [each.name for each in definitions if each.kind == "footnote"]
    waiting = [f"# {section.heading}\n\n{section.body}"]
    while waiting:
        written_text = waiting.pop()
        text = markdown.read(written_text).bare
        written = (name or shown or alone for shown, name, alone in _USES.findall(text))
        names = {" ".join(name.casefold().split()) for name in written if not name.startswith("^")}
        names |= footnotes(written_text, labels)
        for each in definitions:
            if each not in found and each.name in names:
                found.append(each)
                waiting.append(each.text.partition("]:")[2])
    first: dict[tuple[str, str], Definition] = {}
    for each in sorted(found, key=lambda each: each.line):
        first.setdefault((each.kind, each.name), each)  # the first of several holds, as in CommonMark
    return list(first.values())


def _listed(definitions: Sequence[Definition]) -> Iterator[str]:
    """Definitions as the blocks below a text: links a line each, footnotes apart from one another."""
    yield "\n".join(each.text for each in definitions if each.kind != "footnote")
    yield from (each.text for each in definitions if each.kind == "footnote")


@lru_cache(maxsize=4096)
def _without_pictures(body: str) -> str:
    """Pictures as links to them, and within links as their description: no clause shows one."""
    links = markdown.read(body).links if "![" in body else ()
    around = [link for link in links if link.kind in ("link", "reference")]
    edits: list[Edit] = []
    for link in (link for link in links if link.kind == "image"):
        start, end = link.whole
        within = any(each.whole[0] < start and end <= each.shown[1] for each in around)
        edits += unlinked(link) if within else [(start, start + 1, "")]
    return edited(body, edits)


def _leading(text: str, section: Section, targets: Mapping[str, str], notes: list[Note]) -> str:
    """``text`` with no pictures, and each link, however it is written, leading to its clause or become its text."""
    if not any(mark in text for mark in ("](", "][", "]:", "href", "src")):
        return text
    text = _without_pictures(text)
    names = {name: targets.get(name) or targets.get(name.casefold(), "") for name in _inside(text)}
    led, told = _led(text, tuple(names.items()))
    notes.extend((section.line, each) for each in told)
    return led


@lru_cache(maxsize=4096)
def _meant(text: str) -> tuple[str, ...]:
    """What in a text was most likely meant for a link, and is none."""
    if not _MEANT.search(text):
        return ()
    return tuple(each[0] for each in _MEANT.finditer(markdown.read(text).plain))


@lru_cache(maxsize=4096)
def _inside(text: str) -> tuple[str, ...]:
    """What the links of a text that lead within it call the places."""
    return tuple(link.address[1:] for link in markdown.read(text).links if link.address.startswith("#"))


@lru_cache(maxsize=4096)
def _led(text: str, targets: tuple[tuple[str, str], ...]) -> tuple[str, tuple[str, ...]]:
    """``text`` with its links led to their ``targets``, of which some are empty, and what to look at there."""
    clauses = dict(targets)
    edits: list[Edit] = []
    told: list[str] = []
    for link in markdown.read(text).links:
        inside = link.address.startswith("#")
        target = clauses[link.address[1:]] if inside else ""
        if target and link.start < link.end:
            edits.append((link.start, link.end, f"#{target}"))
        elif not target and (inside or scheme(link.address)):
            edits += _to_text(link, text)
            if link.kind != "definition":
                led = f"#{link.address[1:]} led nowhere" if inside else f"{link.address} is not published"
                told.append(f"the link to {led}: its text is kept")
    return edited(text, edits), tuple(told)


def _to_text(link: Link, text: str) -> list[Edit]:
    """The edits that leave the text of a link, and nothing of what defines one."""
    if link.kind == "definition":
        return [(*link.whole, "")]
    if link.kind != "html":
        return unlinked(link)
    before = _HREF.search(text[: link.start])
    quoted = text[link.end : link.end + 1] in ("'", '"')
    return [(before.start(), link.end + quoted, "")] if before else [(link.start, link.end, "#top")]


def _absolute(body: str, base: str) -> str:
    links = markdown.read(body).links
    return edited(body, [(link.start, link.end, urljoin(base, link.address)) for link in links if _is_relative(link)])


def _defined(sections: Sequence[Section], notes: list[Note]) -> Iterator[Section]:
    """``sections`` with references that nothing defines shown as they stand."""
    whole = [(str(place), f"{section.heading}\n\n{section.body}") for place, section in enumerate(sections)]
    missing: dict[str, list[str]] = {}
    for name, _, written, _ in unsafe.undefined(whole):
        missing.setdefault(name, []).append(written)
    for place, section in enumerate(sections):
        for written in dict.fromkeys(missing.get(str(place), ())):
            alone = "][" not in written and not written.startswith("[^")
            before, behind = (r"(?<![\]\\])", r"(?![\[(:])") if alone else (r"(?<!\\)", "")
            pattern = re.compile(before + re.escape(written) + behind)
            shown = re.sub(r"(?<!\\)\[", r"\\[", written)
            heading, body = (
                edited(text, [(*found.span(), shown) for found in pattern.finditer(markdown.read(text).bare)])
                for text in (section.heading, section.body)
            )
            section = replace(section, heading=heading, body=body)
            notes.append((section.line, f"{' '.join(written.split())} has no definition: its brackets are shown"))
        yield replace(section, body=escaped(section.body))
