"""The parts of a Word document -> the files of its package (ECMA-376, part 2), always the same ones.

None of them says when it was written, but for the day that the caller gives. Packing them is the adapters' business.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from inforce.word.blocks import Label
from inforce.word.spots import BULLET
from inforce.word.styles import styles
from inforce.word.writing import Parts, R, stamp, w

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WORD_PARTS = ("styles", "numbering", "settings", "footnotes", "footer")
_TOP = {"document": ("officeDocument", "word/document.xml"), "core": ("core", "docProps/core.xml")}
_BULLETS = "•◦▪"


def package(
    body: Sequence[Any],
    parts: Parts,
    *,
    title: str,
    footer: str,
    language: str,
    right_to_left: bool,
    at: datetime | None,
) -> dict[str, bytes]:
    """Path -> bytes of each file of a document, in order: of the elements ``body``, which ``parts`` were gathered from.

    ``footer`` stands at the foot of each page, ``at`` is the day that the package says it was made on.
    """  # fmt: skip
    direction = w("bidi") if right_to_left else None
    section = w("sectPr", _reference(), w("pgSz", w="11906", h="16838"), _margins(), direction)
    links = {f"link{number}": address for address, number in parts.links.items()}
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(_TOP),
        "docProps/core.xml": _core(title, language, at),
        "word/document.xml": w("document", w("body", *body, section)),
        "word/_rels/document.xml.rels": _relations({name: (name, f"{name}.xml") for name in _WORD_PARTS}, links),
        "word/styles.xml": styles(language, right_to_left),
        "word/numbering.xml": _numbering(parts.lists),
        "word/settings.xml": _settings(),
        "word/footnotes.xml": _footnotes(parts.notes),
        "word/_rels/footnotes.xml.rels": _relations({}, links),
        "word/footer.xml": _footer(footer),
    }
    return {name: _serialised(root) for name, root in files.items()}


def _serialised(root: Any) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _content_types() -> Any:
    root = etree.Element(f"{{{_TYPES}}}Types", {}, _alone(_TYPES))
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        **{f"/word/{name}.xml": f"{_WORD}.{name}+xml" for name in _WORD_PARTS},
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    for ending, kind in defaults.items():
        etree.SubElement(root, f"{{{_TYPES}}}Default", {"Extension": ending, "ContentType": kind})
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", {"PartName": name, "ContentType": kind})
    return root


def _relations(inside: dict[str, tuple[str, str]], links: dict[str, str] | None = None) -> Any:
    """What a part refers to: id -> (kind, part), and id -> address for what lies outside."""
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", {}, _alone(_RELATIONS))
    tag = f"{{{_RELATIONS}}}Relationship"
    for name, (kind, target) in inside.items():
        known = f"{_RELATIONS}/metadata/core-properties" if kind == "core" else f"{R}/{kind}"
        etree.SubElement(root, tag, {"Id": name, "Type": known, "Target": target})
    for name, address in (links or {}).items():
        outside = {"Id": name, "Type": f"{R}/hyperlink", "Target": address, "TargetMode": "External"}
        etree.SubElement(root, tag, outside)
    return root


def _alone(namespace: str) -> Any:
    """The only namespace of a part, without a prefix."""
    return {None: namespace}


def _core(title: str, language: str, at: datetime | None) -> Any:
    root = etree.Element(f"{{{_CORE}}}coreProperties", {}, {"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    for name, value in (("title", title), ("creator", "In Force"), ("language", language)):
        if value:
            etree.SubElement(root, f"{{{_DC}}}{name}").text = value
    for name in ("created", "modified"):
        if at:
            kind = {f"{{{_XSI}}}type": "dcterms:W3CDTF"}
            etree.SubElement(root, f"{{{_TERMS}}}{name}", kind).text = stamp(at)
    return root


def _numbering(labels: list[Label]) -> Any:
    """A list definition for each list: Word numbers on through all that share one."""
    definitions, lists = [], []
    for number, label in enumerate(labels, 1):
        bullet = label.form == BULLET
        text = _BULLETS[label.level % 3] if bullet else f"%{min(label.level, 8) + 1}."
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
    def run(*content: Any) -> Any:
        return w("r", *content)

    told = w("t")
    told.text = text
    page, pages = (w("fldSimple", run(w("t")), instr=name) for name in ("PAGE", "NUMPAGES"))
    for field in (page, pages):
        field[0][0].text = "1"
    slash = w("t")
    slash.text = " / "
    slash.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    style = w("pPr", w("pStyle", val="Footer"))
    return w("ftr", w("p", style, run(told), run(w("tab")), page, run(slash), pages))


def _reference() -> Any:
    reference = w("footerReference", type="default")
    reference.set(f"{{{R}}}id", "footer")
    return reference


def _margins() -> Any:
    inch, half = "1440", "720"
    return w("pgMar", top=inch, right=inch, bottom=inch, left=inch, header=half, footer=half, gutter="0")
