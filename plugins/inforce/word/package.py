"""The parts of a Word document -> the files of its package (ECMA-376, part 2), always the same ones, and how it looks.

None of them says when it was written, but for the day that the caller gives. Packing them is the adapters' business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from inforce.redline import Redline
from inforce.word.content import Label
from inforce.word.elements import Author, Parts, R, stamp, w, words
from inforce.word.positions import BULLET
from inforce.word.writing import SPACER

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WORD_PARTS = ("styles", "numbering", "settings", "footnotes", "footer")
_TOP = {"document": ("officeDocument", "word/document.xml"), "core": ("core", "docProps/core.xml")}
_BULLETS = "•◦▪"
_HEADINGS = ((1, "32"), (2, "26"), (3, "24"), (4, "22"), (5, "22"))
"""Level and size in half points."""
_INK = "1F2937"
_NO_PREFIX: Any = None


@dataclass(frozen=True)
class Text:
    """A part of a document and who changed it: a clause, or a whole Markdown file.

    ``anchor`` is what links to it name. ``front`` is for the document's title and what stands below it. ``comment`` is
    what its author says of it beside it, a paragraph a line; empty for nothing. A clause that moved as it was is there
    twice, deleted and inserted; ``move`` says of both that they are one.
    """

    redline: Redline
    author: Author
    anchor: str = ""
    front: bool = False
    comment: str = ""
    move: str = ""


@dataclass(frozen=True)
class Document:
    """What becomes a file. ``language`` is BCP 47, empty where it is not known; ``at`` the day that the file names."""

    title: str
    footer: str
    texts: tuple[Text, ...]
    language: str = ""
    right_to_left: bool = False
    at: datetime | None = None


def package(body: Sequence[Any], parts: Parts, document: Document) -> dict[str, bytes]:
    """Return path -> bytes of each file, in order: of the elements ``body``, which ``parts`` were gathered from."""
    inch, half = "1440", "720"
    section = w(
        "sectPr",
        w("footerReference", type="default", relation="footer"),
        w("pgSz", w="11906", h="16838"),
        w("pgMar", top=inch, right=inch, bottom=inch, left=inch, header=half, footer=half, gutter="0"),
        w("bidi") if document.right_to_left else None,
    )
    names = (*_WORD_PARTS, *(("comments",) if parts.comments else ()))
    files = {
        "[Content_Types].xml": _content_types(names),
        "_rels/.rels": _relations(_TOP),
        "docProps/core.xml": _core(document),
        "word/document.xml": w("document", w("body", *body, section)),
        "word/_rels/document.xml.rels": _relations({name: (name, f"{name}.xml") for name in names}, parts.links),
        "word/styles.xml": _styles(document.language, document.right_to_left),
        "word/numbering.xml": _numbering(parts.lists),
        "word/settings.xml": _settings(),
        "word/footnotes.xml": _footnotes(parts.notes),
        "word/_rels/footnotes.xml.rels": _relations({}, parts.links),
        "word/footer.xml": _footer(document.footer),
        **({"word/comments.xml": w("comments", *parts.comments)} if parts.comments else {}),
    }
    return {name: _serialised(root) for name, root in files.items()}


def _serialised(root: Any) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _content_types(names: Sequence[str]) -> Any:
    root = etree.Element(f"{{{_TYPES}}}Types", {}, {_NO_PREFIX: _TYPES})
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        **{f"/word/{name}.xml": f"{_WORD}.{name}+xml" for name in names},
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    for ending, kind in defaults.items():
        etree.SubElement(root, f"{{{_TYPES}}}Default", {"Extension": ending, "ContentType": kind})
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", {"PartName": name, "ContentType": kind})
    return root


def _relations(inside: dict[str, tuple[str, str]], links: dict[str, str] | None = None) -> Any:
    """What a part refers to: id -> (kind, part), and address -> id for what lies outside."""
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", {}, {_NO_PREFIX: _RELATIONS})
    tag = f"{{{_RELATIONS}}}Relationship"
    for name, (kind, target) in inside.items():
        known = f"{_RELATIONS}/metadata/core-properties" if kind == "core" else f"{R}/{kind}"
        etree.SubElement(root, tag, {"Id": name, "Type": known, "Target": target})
    for address, name in (links or {}).items():
        outside = {"Id": name, "Type": f"{R}/hyperlink", "Target": address, "TargetMode": "External"}
        etree.SubElement(root, tag, outside)
    return root


def _core(document: Document) -> Any:
    root = etree.Element(f"{{{_CORE}}}coreProperties", {}, {"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    for name, value in (("title", document.title), ("creator", "In Force"), ("language", document.language)):
        if value:
            etree.SubElement(root, f"{{{_DC}}}{name}").text = value
    if document.at:
        for name in ("created", "modified"):
            kind = {f"{{{_XSI}}}type": "dcterms:W3CDTF"}
            etree.SubElement(root, f"{{{_TERMS}}}{name}", kind).text = stamp(document.at)
    return root


def _numbering(labels: list[Label]) -> Any:
    """A list definition for each list: Word numbers on through all that share one."""
    definitions, lists = [], []
    for number, label in enumerate(labels, 1):
        bullet = label.form == BULLET
        text = _BULLETS[label.level % 3] if bullet else f"{label.written or f'%{min(label.level, 8) + 1}'}."
        level = w(
            "lvl", w("start", val=str(label.start)), w("numFmt", val=label.form), w("lvlText", val=text),
            w("lvlJc", val="left"), ilvl=str(min(label.level, 8)),
        )  # fmt: skip
        definitions.append(w("abstractNum", w("multiLevelType", val="multilevel"), level, abstractNumId=str(number)))
        lists.append(w("num", w("abstractNumId", val=str(number)), numId=str(number)))
    return w("numbering", *definitions, *lists)


def _settings() -> Any:
    newest = {"name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": "15"}
    separators = (w("footnote", id=number) for number in ("-1", "0"))
    return w("settings", w("footnotePr", *separators), w("compat", w("compatSetting", **newest)))


def _footnotes(notes: list[list[Any]]) -> Any:
    def separator(kind: str, number: str) -> Any:
        return w("footnote", w("p", w("r", w(kind))), type=kind, id=number)

    own = (w("footnote", *note, id=str(number)) for number, note in enumerate(notes, 1))
    return w("footnotes", separator("separator", "-1"), separator("continuationSeparator", "0"), *own)


def _footer(text: str) -> Any:
    page, pages = (w("fldSimple", w("r", w("t", text="1")), instr=name) for name in ("PAGE", "NUMPAGES"))
    runs = w("r", w("t", text=text)), w("r", w("tab")), page, w("r", words(" / ")), pages
    return w("ftr", w("p", w("pPr", w("pStyle", val="Footer")), *runs))


def _styles(language: str, right_to_left: bool) -> Any:
    """The styles, and the language that the text is in (BCP 47, empty: not known)."""
    speaks = w("lang", val=language, eastAsia=language, bidi=language) if language else None
    fonts = w("rFonts", ascii="Calibri", hAnsi="Calibri", cs="Arial")  # Chinese and others get what Word has for them
    running, direction = (w(tag) if right_to_left else None for tag in ("rtl", "bidi"))
    defaults = w(
        "docDefaults",
        w("rPrDefault", w("rPr", fonts, w("sz", val="22"), w("szCs", val="22"), running, speaks)),
        w("pPrDefault", w("pPr", direction, _spacing(after="120", line="276"))),
    )
    return w("styles", defaults, *_paragraphs(), *_characters(), _table(right_to_left))


def _paragraphs() -> list[Any]:
    def style(name: str, title: str, *properties: Any, run: tuple[Any, ...] = (), based: str = "Normal") -> Any:
        parts = [w("name", val=title), w("basedOn", val=based), w("qFormat")]
        return _style("paragraph", name, *parts, w("pPr", *properties), w("rPr", *run))

    headings = [
        style(
            f"Heading{level}", f"heading {level}",
            w("keepNext"), w("keepLines"), _spacing(before="240", after="80"), w("outlineLvl", val=str(level - 1)),
            run=(w("b"), w("bCs"), w("color", val=_INK), *_sized(size)),
        )
        for level, size in _HEADINGS
    ]  # fmt: skip
    bold = w("b"), w("bCs")
    right = w("tabs", w("tab", val="right", pos="9026"))
    line = w("pBdr", w("bottom", val="single", sz="6", space="1", color="808080"))
    return [
        _style("paragraph", "Normal", w("name", val="Normal"), w("qFormat"), default="1"),
        *headings,
        style("Title", "Title", w("keepNext"), _spacing(after="60"), run=(*bold, w("color", val=_INK), *_sized("44"))),
        style("Subtitle", "Subtitle", _spacing(after="240"), run=(w("color", val="595959"), *_sized("24"))),
        style("ListParagraph", "List Paragraph", _spacing(after="80", line="276")),
        style("Quote", "Quote", run=(w("i"), w("iCs"), w("color", val="404040"))),
        style("Preformatted", "HTML Preformatted", _spacing(after="120", line="240"), run=(_mono(), *_sized("19"))),
        style("Caption", "caption", w("keepNext"), run=(w("i"), w("iCs"), *_sized("20"))),
        style("Term", "Definition Term", w("keepNext"), _spacing(after="40"), run=(w("b"), w("bCs"))),
        style("TableText", "Table Text", _spacing(before="40", after="40", line="252")),
        style("TableHeading", "Table Heading", w("keepNext"), run=(w("b"), w("bCs")), based="TableText"),
        style("Rule", "Rule", line),
        style(SPACER, "Spacer", w("spacing", before="0", after="0", line="120", lineRule="exact"), run=_sized("8")),
        style("FootnoteText", "footnote text", _spacing(after="0", line="240"), run=_sized("18")),
        style("Footer", "footer", right, run=(w("color", val="595959"), *_sized("18"))),
    ]


def _characters() -> list[Any]:
    def style(name: str, title: str, *run: Any) -> Any:
        return _style("character", name, w("name", val=title), w("rPr", *run))

    return [
        style("Hyperlink", "Hyperlink", w("color", val="0B5394"), w("u", val="single")),
        style("Code", "HTML Code", _mono()),
        style("FootnoteReference", "footnote reference", w("vertAlign", val="superscript")),
    ]


def _table(right_to_left: bool) -> Any:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (w(edge, val="single", sz="4", space="0", color="A6A6A6") for edge in edges)
    direction = w("bidiVisual") if right_to_left else None
    return _style("table", "TableGrid", w("name", val="Table Grid"), w("tblPr", direction, w("tblBorders", *lines)))


def _style(kind: str, name: str, *parts: Any, **more: str) -> Any:
    return w("style", *parts, type=kind, styleId=name, **more)


def _spacing(line: str = "", **space: str) -> Any:
    return w("spacing", **space, **({"line": line, "lineRule": "auto"} if line else {}))


def _sized(size: str) -> tuple[Any, Any]:
    return w("sz", val=size), w("szCs", val=size)


def _mono() -> Any:
    return w("rFonts", ascii="Consolas", hAnsi="Consolas", cs="Consolas")
