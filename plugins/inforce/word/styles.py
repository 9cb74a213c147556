"""How our Word documents look: styles.xml, in the names that Word knows its own styles by."""

from typing import Any

from inforce.word.writing import SPACER, w

_HEADINGS = ((1, "32"), (2, "26"), (3, "24"), (4, "22"), (5, "22"))
"""Level and size in half points."""
_INK = "1F2937"


def styles(language: str, right_to_left: bool) -> Any:
    """The styles, and the language that the text is in (BCP 47, empty: not known)."""
    speaks = [w("lang", val=language, eastAsia=language, bidi=language)] if language else []
    fonts = w("rFonts", ascii="Calibri", hAnsi="Calibri", cs="Arial")  # Chinese and others get what Word has for them
    running = [w("rtl")] if right_to_left else []
    defaults = w(
        "docDefaults",
        w("rPrDefault", w("rPr", fonts, w("sz", val="22"), w("szCs", val="22"), *running, *speaks)),
        w("pPrDefault", w("pPr", *([w("bidi")] if right_to_left else []), _spacing(after="120", line="276"))),
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
