"""Anybody's Markdown -> what a clause may hold: words are never touched, and code is left alone.

Tags that may not be published go, the words in them stay. A tag that is never closed, or closes nothing, goes too: a
clause has to stand on its own. What is left of marks that no clause may hold is shown as it is written, not taken for a
mark, by the rules that an editor's file is asked; so what an import writes is what a check lets pass. What an engine
would have filled in stays, and so do two wordings of which somebody proposed one: both are told, for no source says
which words readers saw.
"""

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache

from inforce.model import PREAMBLE
from inforce.text import clauses, markdown, normal, stretches, unsafe
from inforce.text.dialect import ATTRIBUTES
from inforce.text.html import TAGS
from inforce.text.inline import Edit, Link, edited
from inforce.text.unsafe import CLOSED_BY_OTHERS, scheme

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<given>(?:\s[^<>]*)?)>")
_SILENT = re.compile(r"<(script|style|template|noscript|head|svg)\b[^<>\n]*>[^\n]*?</\1\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)
_ATTRIBUTES = re.compile(rf"(?<=[)\]`*_>]){ATTRIBUTES}")
_GIVEN = re.compile(r"""\s+(?P<name>[^\s=>"'/]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'>]+))?""")
INSTEAD = {"ins": "u", "del": "s", "strike": "s", "tt": "code", "acronym": "abbr", "h1": "h3", "h2": "h3"}
"""What stands for a tag that no clause may hold."""
_KEPT = TAGS - {"div", "img"}
_EMPTY = frozenset(("br", "hr"))
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details"),
        *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup"),
        *("hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search"),
        *("section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul"),
        *(f"h{level}" for level in range(1, 7)),
    )
)
"""Tags at which a browser parts words (HTML, 15.3: what is a block, a cell, a box or a line break there)."""
_ENDS = re.compile(rf"[^\s>*_~`\[(|](?:</?(?!(?:{'|'.join(sorted(BLOCKS))})\b)[^<>]*>)*\Z", re.IGNORECASE)
_BEGINS = re.compile(r"(?:<[^<>]*>)*[^\s<*_~`\])|]")
_BEGINS_MARKED = re.compile(r"(?:<[^<>]*>)*[*_~`]*[^\s<*_~`\])|]")
_NEAR = 200
"""Characters before a tag in which the end of a word is looked for."""
_BLOCK = re.compile(r"[ ]{0,3}(?:`{3}|~{3}|#|>|=|[-+*](?:\s|[-+*])|\*?\[[^\]\n]+\]:)")
_DROPPED = re.compile(r"on.*|style|srcdoc|formaction|class|name|target|rel\Z", re.IGNORECASE)
_PASSES = 8
"""An escaped mark can lay another one bare; this many in one another is no text that anybody wrote."""
_SHOWN_TAG = (r"<", "&lt;", 0)
_ESCAPES: dict[str, Sequence[tuple[str, str, int]]] = {
    "heading": [(r"#", r"\\#", 1)],
    "underlined-heading": [(r"\A(?=((?:[ \t]*>)*))", r"\1\n", 1)],
    "html": [_SHOWN_TAG],
    "open-tag": [_SHOWN_TAG],
    "forged-mark": [_SHOWN_TAG],
    "link-scheme": [(r"(?<!\\)\[|(?<!\\)\](?=\()", r"\\\g<0>", 0), _SHOWN_TAG],
    "preview": [
        (rf"(?<!\\)(?=\*\[|{ATTRIBUTES}\Z|\[(?:TOC|[ xX])\])", r"\\", 1),
        (r"(?<![\w:/\\]):(?=[a-z][a-z0-9_+-]*:(?![\w:/]))", "<span>:</span>", 0),
        (r"(?<!>)\$(?!</span>)", "<span>$</span>", 0),
    ],
    "reference": [(r"(?<!\\)\[(?=\^)", r"\\[", 0)],
    "picture": [(r"(?<!\\)!(?=\[)", r"\\!", 0)],
    "forged-id": [(r"\{", r"\\{", 0)],
    "open-fence": [(r"\A", r"\\", 1)],
    "run-on": [(r"(?=[(.)])", r"\\", 1)],
}
"""Of each rule that a line can break: what is replaced in it, by what, and how often (0: always)."""
_PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{/\*.*?\*/\}|^[ \t]*;?-+8<-+.*$|<([%?])(?!xml).*?\1>"
    r"|\$?\{[A-Za-z_$][\w$]*(?:[.(\[ ][^{}\n]*)?\}",
    re.MULTILINE,
)
"""Liquid's and Hugo's tags, comments and values of MDX, PHP, and the lines where MkDocs takes in another file."""
_FOREIGN = re.compile(
    r"^[ \t]*:{3,}[ \t]*[\w{].*$|^(?:\?{3}\+?|={1,6}[!+]?)[ \t]+\S.*$|^[ \t]*>[ \t>]*\[![\w-]+\][-+].*$"
    r"|^\.\. [\w-]+::.*$|!?\[\[[^\[\]\n]+\]\]|(==|%%)(?=\S)(?:(?!\1).)+(?<=\S)\1"
    r"|\A(?:%[ \t]+\w.*$|\s*(?:---|;;;|\{)[ \t]*\n[\"\w].*$)",
    re.MULTILINE,
)
"""Marks of Docusaurus, Material, Obsidian, pandoc, reStructuredText and AsciiDoc that our Markdown has not."""
_PROPOSED = re.compile(
    r"<(?P<tag>ins|del)\b[^<>]*>(?P<told>[^<>]+)"
    r"|\{(?P<sign>\+\+|--|~~|>>)(?P<said>[^{}]+?)(?:\+\+|--|~~|<<)\}"
    r"|\[(?P<held>[^\[\]\n]+)\]\{\.(?P<span>insertion|deletion)\b",
    re.IGNORECASE,
)
"""How HTML, CriticMarkup and pandoc (of a Word document's tracked changes) mark one wording beside another."""
_PROPOSALS = {"ins": "inserted", "++": "inserted", "insertion": "inserted", "~~": "replaced", ">>": "a remark"}
_PROPOSALS |= dict.fromkeys(("del", "--", "deletion"), "deleted")
_OWN_TITLE = re.compile(r"\{\{-?\s*(?:(?:page|\$?frontmatter|)\.)?title\s*-?\}\}", re.IGNORECASE)
"""Where an engine puts the title that a page's front matter names."""


def unlinked(link: Link) -> list[Edit]:
    """Return the edits that leave of a link, or a picture, its text alone."""
    return [(link.whole[0], link.shown[0], ""), (link.shown[1], link.whole[1], "")]


@lru_cache(maxsize=4096)
def publishable(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` with nothing in it that the page of a clause could not show, and the marks that were dropped."""
    dropped: list[str] = []
    if not any(mark in text for mark in ("<", "](", "{")):
        return text, ()
    for pattern in (_SILENT, _COMMENT, _ATTRIBUTES):
        text = _without(text, pattern, dropped)
    text = _safe_links(text, dropped)
    raw = markdown.read(text).raw
    closed = _closed(raw)
    edits = []
    for tag in _TAG.finditer(raw):
        goes = tag["end"] and tag.start() not in closed and tag["name"].lower() != "p"  # it closes and parts nothing
        written = _safe_tag(tag, closed=tag.start() in closed) or _kept_apart(tag, text, parts=not goes)
        if written != tag[0]:
            edits.append((*tag.span(), written))
            told = not written.strip() or any(map(_unsafe, _GIVEN.finditer(tag["given"])))
            dropped += [" ".join(tag[0].split())] if told else []
    text = edited(text, edits)
    if comment := re.search(r"<!--(?!.*?-->)", markdown.read(text).bare, re.DOTALL):
        text = f"{text[: comment.start()]}&lt;{text[comment.start() + 1 :]}"
    return text, tuple(dropped)


def _without(text: str, pattern: re.Pattern[str], dropped: list[str]) -> str:
    found = list(pattern.finditer(markdown.read(text).bare))
    dropped += [" ".join(text[each.start() : each.end()].split()) for each in found]
    return edited(text, [(*each.span(), "") for each in found])


def _safe_links(text: str, dropped: list[str]) -> str:
    """``text`` with the words alone of links that cannot be published."""
    edits: list[Edit] = []
    for link in markdown.read(text).links:
        start, end = link.whole
        if link.kind not in ("link", "image", "auto") or not scheme(link.address):
            continue
        dropped.append(" ".join(text[start:end].split()))
        if link.kind == "auto":
            edits.append((*link.whole, f"`{text[start:end].strip('<>')}`"))
        else:
            edits += unlinked(link)
    return edited(text, edits)


def _closed(bare: str) -> Set[int]:
    """Where the tags begin that close or are closed, or need no closing."""
    found: set[int] = set()
    waiting: list[re.Match[str]] = []
    for tag in _TAG.finditer(bare):
        name = tag["name"].lower()
        if name in _EMPTY or tag["given"].rstrip().endswith("/"):
            found.add(tag.start())
        elif not tag["end"]:
            waiting.append(tag)
            if name in CLOSED_BY_OTHERS:
                found.add(tag.start())
        elif opened := next((each for each in reversed(waiting) if each["name"].lower() == name), None):
            del waiting[waiting.index(opened) :]
            found.update((opened.start(), tag.start()))
    return found


def _safe_tag(tag: re.Match[str], *, closed: bool) -> str:
    """A tag as it may be published; empty where it may not."""
    name = INSTEAD.get(tag["name"].lower(), tag["name"].lower())
    if not closed or name not in _KEPT:
        return ""
    if tag["end"] and name in _EMPTY:
        return "<br>" if name == "br" else ""  # as browsers take it
    if tag["end"]:
        return f"</{name}>"
    given = [each for each in _GIVEN.finditer(tag["given"]) if not _DROPPED.fullmatch(each["name"])]
    kept = "".join(each[0] for each in given if not _unsafe(each))
    if name == "a" and "href" not in kept and "id" not in kept:
        kept = ""
    return f"<{name}{kept}{' /' if tag['given'].rstrip().endswith('/') and name not in _EMPTY else ''}>"


def _kept_apart(tag: re.Match[str], text: str, *, parts: bool) -> str:
    """What stands in a dropped tag's place: a blank between words that it kept apart.

    And a backslash where what follows would begin a block without it.
    """
    behind = _BEGINS if tag["end"] else _BEGINS_MARKED  # behind an end, marks may end, too
    before = text[max(0, tag.start() - _NEAR) : tag.start()]
    if parts and tag["name"].lower() in BLOCKS and _ENDS.search(before) and behind.match(text, tag.end()):
        return " "
    begins = not text[: tag.start()].rpartition("\n")[2].strip() and _BLOCK.match(text, tag.end())
    return "\\" if begins else ""


def _unsafe(given: re.Match[str]) -> bool:
    return given["name"].lower() in ("href", "src") and bool(scheme((given["value"] or "").strip("\"'")))


def shown(row: str) -> str:
    """Return a line with each mark that could mean something shown as written, but for cells, lists and quotes."""
    escaped = re.sub(r"(?<!\\)(?=[\[\]!*_{}`~:#])", r"\\", row).replace("<", "&lt;")
    return re.sub(r"\A([ >]*)\\(?=[*#]+ )", r"\1", escaped)


@lru_cache(maxsize=4096)
def escaped(body: str) -> str:
    """Return ``body`` with every mark escaped that a clause may not hold, as far as escaping helps."""
    for _ in range(_PASSES):
        read = clauses.read_clause(PREAMBLE, body.encode(), "")
        lines = body.split("\n")
        for problem in sorted((*read.problems, *unsafe.find(read)), reverse=True):
            if 0 < problem.line <= len(lines):
                for pattern, instead, often in _ESCAPES.get(problem.rule, ()):
                    lines[problem.line - 1] = re.sub(pattern, instead, lines[problem.line - 1], count=often)
        mended = normal.normalise("\n".join(lines))
        if mended == body:
            break
        body = mended
    return body


def filled_title(title: str, own: str, notes: list[tuple[int, str]]) -> str:
    """Return a title that is one; empty, with a note, for what a template would have filled.

    ``own`` is the front matter's title, if any: where a template would have put that one, it is known.
    """
    title = _OWN_TITLE.sub(lambda _: own, title) if own else title
    if not _PLACEHOLDER.search(title):
        return title
    notes.append((1, f"{title} is no title that readers saw: give --title"))
    return ""


def unfilled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the places that a template would have filled: the text that readers had there is not in the source."""
    for line, found in _places(_PLACEHOLDER, text):
        yield line, f"{found[0]} is left as it stands: write what readers see there"
    for line, found in _places(_FOREIGN, text):
        said = " ".join(found[0].split())
        yield line, f"{said} is no mark of our Markdown, and stays as text: write it as readers saw it"


def undecided(text: str) -> Iterator[tuple[int, str]]:
    """Yield the places where a text shows two wordings, as somebody proposed a change that nobody has decided on."""
    for line, found in _places(_PROPOSED, text):
        mark, words = found["tag"] or found["sign"] or found["span"], found["told"] or found["said"] or found["held"]
        yield line, proposed(words, _PROPOSALS[mark.lower()])


def proposed(words: str, how: str) -> str:
    """What an editor is told of ``words`` that are marked as inserted or deleted."""
    return f"{' '.join(words.split())} is marked as {how}, and stays as it shows: decide whether it was in force"


def _places(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """What a pattern finds in a text that is no code: the line, and the match."""
    above = 0
    for stretch in stretches.of(text):
        for found in _matches(pattern, stretch):
            yield above + stretch.count("\n", 0, found.start()) + 1, found
        above += stretch.count("\n") + 1


@lru_cache(maxsize=16384)
def _matches(pattern: re.Pattern[str], stretch: str) -> tuple[re.Match[str], ...]:
    return tuple(pattern.finditer(markdown.read(stretch).bare)) if pattern.search(stretch) else ()
