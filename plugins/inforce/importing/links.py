"""What a clause needs to stand on its own: the definitions that it uses, and links that lead somewhere.

A link to a heading leads to its clause, one to the title to the top. A link to nothing becomes its text, a reference to
nothing shows its brackets, and both are told.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from inforce.importing.cleaning import Definition, footnotes
from inforce.importing.reading import Reading, Section, slugs
from inforce.importing.settling import settled
from inforce.text import html as rendering
from inforce.text import normal as texts

_FRAGMENT = re.compile(r"(?P<text>\[(?:[^\[\]]|\[[^\[\]]*\])*\])\(\s*#(?P<name>[^)\s]*)[^)\n]*\)")
_TAG_FRAGMENT = re.compile(r"(?P<start><a\s[^<>]*?href\s*=\s*[\"']?)#(?P<name>[^\"'\s>]*)", re.IGNORECASE)
_DEFINED_FRAGMENT = re.compile(r"(?P<start>^ {0,3}\[[^\]\n]+\]:\s*<?)#(?P<name>\S+?)(?=>?(?:\s|\Z))", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?P<start>\]\(\s*<?)(?P<address>[^)\s>#][^)\s>]*)"
    r"|(?P<defined>^ {0,3}\[[^\]\n]+\]:\s*<?)(?P<other>[^\s>#]\S*?)(?=>?(?:\s|\Z))",
    re.MULTILINE,
)
_USES = re.compile(r"\[([^\]\[]*)\]\[([^\]\[]*)\]|\[([^\]\[]+)\](?![\[(:])")

Note = tuple[int, str]


def complete(reading: Reading, ids: Sequence[str], base: str = "") -> tuple[tuple[Section, ...], tuple[Note, ...]]:
    """The sections, each with all that it needs; and what an editor should look at.

    ``base`` is the address that the source had: relative links become absolute ones.
    """
    notes: list[Note] = []
    targets = _targets(reading, ids)
    sections = []
    for section, definitions in zip(reading.sections, _needed(reading), strict=True):
        body = section.body
        if definitions:
            body = "\n\n".join(filter(None, (body, _listed(definitions))))
        body = _to_clauses(body, section, targets, notes)
        sections.append(replace(section, body=settled(texts.normalise(_absolute(body, base) if base else body))))
    return tuple(_defined(sections, notes)), tuple(notes)


def relative(sections: Sequence[Section]) -> Iterator[str]:
    """The addresses in ``sections`` that lead to files beside the source."""
    for section in sections:
        for found in _ADDRESS.finditer(texts.without_code(section.body)):
            address = found["address"] or found["other"]
            if not _leads_out(address) and "{" not in address:
                yield address


def _leads_out(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc)


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
    found: list[Definition] = []
    waiting = [f"# {section.heading}\n\n{section.body}"]
    while waiting:
        text = texts.without_code(waiting.pop())
        written = (name or shown or alone for shown, name, alone in _USES.findall(text))
        names = {" ".join(name.casefold().split()) for name in written if not name.startswith("^")} | footnotes(text)
        for each in definitions:
            word = each.kind == "abbreviation" and re.search(rf"(?<!\w){re.escape(each.name)}(?!\w)", text)
            if each not in found and (word or (each.kind != "abbreviation" and each.name in names)):
                found.append(each)
                waiting.append(each.text.partition("]:")[2])
    first: dict[tuple[str, str], Definition] = {}
    for each in sorted(found, key=lambda each: each.line):
        first.setdefault((each.kind, each.name), each)  # the first of several holds, as in CommonMark
    return list(first.values())


def _listed(definitions: Sequence[Definition]) -> str:
    """Definitions below a text: links a line each, footnotes apart from one another."""
    lines = [each.text for each in definitions if each.kind != "footnote"]
    notes = [each.text for each in definitions if each.kind == "footnote"]
    return "\n\n".join(filter(None, ("\n".join(lines), *notes)))


def _edited(text: str, pattern: re.Pattern[str], edit: Callable[[re.Match[str], str], str]) -> str:
    for match in reversed(list(pattern.finditer(texts.without_code(text)))):
        text = f"{text[: match.start()]}{edit(match, text)}{text[match.end() :]}"
    return text


def _to_clauses(body: str, section: Section, targets: Mapping[str, str], notes: list[Note]) -> str:
    def known(name: str) -> str:
        return targets.get(name) or targets.get(name.casefold(), "")

    def link(match: re.Match[str], text: str) -> str:
        shown = text[match.start("text") : match.end("text")]
        if target := known(match["name"]):
            return f"{shown}(#{target})"
        notes.append((section.line, f"the link to #{match['name']} led nowhere: its text is kept"))
        return shown[1:-1]

    def bare(match: re.Match[str], _: str) -> str:
        if target := known(match["name"]):
            return f"{match['start']}#{target}"
        notes.append((section.line, f"the link to #{match['name']} led nowhere: it leads to the top"))
        return f"{match['start']}#top"

    for pattern, edit in ((_FRAGMENT, link), (_TAG_FRAGMENT, bare), (_DEFINED_FRAGMENT, bare)):
        body = _edited(body, pattern, edit)
    return body


def _absolute(body: str, base: str) -> str:
    def moved(match: re.Match[str], _: str) -> str:
        address = match["address"] or match["other"]
        start = match["start"] or match["defined"]
        return match[0] if _leads_out(address) or "{" in address else f"{start}{urljoin(base, address)}"

    return _edited(body, _ADDRESS, moved)


def _defined(sections: Sequence[Section], notes: list[Note]) -> Iterator[Section]:
    """``sections`` with references that nothing defines shown as they stand."""
    whole = [(str(place), f"{section.heading}\n\n{section.body}") for place, section in enumerate(sections)]
    missing: dict[str, list[str]] = {}
    for name, _, written, _ in rendering.undefined_references(whole):
        missing.setdefault(name, []).append(written)
    for place, section in enumerate(sections):
        for written in dict.fromkeys(missing.get(str(place), ())):
            alone = "][" not in written and not written.startswith("[^")
            before, behind = (r"(?<![\]\\])", r"(?![\[(:])") if alone else (r"(?<!\\)", "")
            pattern = re.compile(before + re.escape(written) + behind)
            escaped = re.sub(r"(?<!\\)\[", r"\\[", written)
            heading, body = (
                _edited(text, pattern, lambda *_, shown=escaped: shown) for text in (section.heading, section.body)
            )
            section = replace(section, heading=heading, body=body)
            notes.append((section.line, f"{' '.join(written.split())} has no definition: its brackets are shown"))
        yield replace(section, body=settled(section.body))
