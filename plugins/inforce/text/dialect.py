"""The one Markdown of this project: CommonMark with GitHub's extensions, as git hosts preview it, and four of ours.

GitHub's: tables, footnotes, strikethrough, alerts (``> [!NOTE]``), bare addresses as links. Ours, which a preview shows
with their marks: an id behind a heading (``### Rights {#rights}``), definition lists (``: what it is``), notes as
MkDocs writes them (``!!! note``), and ``lists`` with typed marks (``(a)``). Nothing here depends on a site's settings.
What tokens mean is ``markdown``'s to say.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.helpers import parseLinkLabel
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from inforce.text import lists

LEVELS = 100
"""The parser drops what is nested deeper. Never reached: a text is refused, and shown as it is written, long before."""

HEADING_ID = re.compile(r"[ \t]+\{:?[ \t]*#(?P<id>[^\s{}<>\"'&]+)[ \t]*\}\Z")
"""The id that a heading brings, at the end of its line."""
ATTRIBUTES = r"(?<!\{)\{(?::|[ \t]*(?:\.[\w-]|#[^\s{}<>\"'&]))[^{}\n]*\}"
"""What kramdown, MkDocs and others give to a heading, a link or a word: no reader of theirs sees it."""

BESIDE = frozenset(("definition", "footnote_reference_open"))
"""Blocks that say something where another refers to them, and nothing where none does."""
_NOTE = re.compile(r'!!![ \t]?(?P<kinds>[\w-]+(?:[ \t]+[\w-]+)*)(?:[ \t]+"(?P<title>.*)")?[ \t]*\Z')
_DEFINITION = re.compile(r"[:~][ \t]+[^ \t]")
_SCHEMES = ("https", "http", "mailto", "xmpp")
_SCHEME_ENDS = re.compile(r":(?://[^\s<]|[\w.+-]+@)")
_LABELLED = ("link_open", "image")
_UNPLACED = frozenset(("text", "linkify", "strikethrough", "emphasis", "entity"))
"""Rules of whose tokens nobody asks where they stand: they are tried at every character."""
_BACK = '{blank}<a class="footnote-backref" href="#{id}" title="Back to the text">↩</a>'


@lru_cache(maxsize=2)
def parser(*, inline: bool = True) -> MarkdownIt:
    """The parser, which reads blocks alone without ``inline``.

    Its ``env`` gets ``tokens``: those of the text as it stands, before footnotes move to its end.
    """
    ours = {"alerts": True, "strikethrough_single_tilde": True, "inline_definitions": True}
    made = MarkdownIt("commonmark", {"maxNesting": LEVELS, "xhtmlOut": False, **ours})
    made.enable(["table", "strikethrough"])
    made.use(gfm_autolink_plugin).use(footnote_plugin, inline=False).use(deflist_plugin)
    made.block.ruler.before("fence", "note", _note, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    made.block.ruler.after("list", "marked_list", lists.rule, {"alt": ["paragraph", "reference", "blockquote"]})
    made.block.ruler.at(
        "deflist", _ended(_rule(made.block, "deflist")), {"alt": ["paragraph", "reference", "blockquote"]}
    )
    made.core.ruler.after("block", "named", _named)
    made.core.ruler.before("footnote_tail", "kept", _kept)
    # Addresses stay as they are written: which of them are published is for the sanitiser, and for a check, to say.
    for name, answer in (("normalizeLink", str), ("normalizeLinkText", str), ("validateLink", lambda _: True)):
        setattr(made, name, answer)
    made.inline.ruler.at("text", _flowing(_rule(made.inline, "text")))
    made.inline.ruler.at("gfm_autolink_protocol", _beginning(_rule(made.inline, "gfm_autolink_protocol")))
    made.inline.ruler.at("backticks", _folded(_rule(made.inline, "backticks")))
    for rule in sorted({*made.inline.ruler.get_all_rules()} - _UNPLACED):
        made.inline.ruler.at(rule, _placed(_rule(made.inline, rule)))
    if not inline:
        made.disable(["inline", "text_join"])
    for name, shown in _SHOWN.items():
        made.add_render_rule(name, shown)
    return made


InlineRule = Callable[[StateInline, bool], bool]
BlockRule = Callable[[StateBlock, int, int, bool], bool]


def _rule(made: ParserBlock | ParserInline, name: str) -> Callable[..., bool]:
    return next(rule.fn for rule in made.ruler.__rules__ if rule.name == name)


def _ended(rule: BlockRule) -> BlockRule:
    """``rule`` for definition lists, which end above a heading, a list or whatever else begins a block of its own.

    Left to itself it takes any line for a term above which a definition stands, and a line with ``:`` below.
    """

    def ended(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if silent or not _is_term(state, start, end):
            return rule(state, start, end, silent)
        return rule(state, start, _end_of_terms(state, start, end), silent)

    return ended


def _end_of_terms(state: StateBlock, start: int, end: int) -> int:
    """The line that begins another block; ``end`` where none does before a text that is no term."""
    outside, kind = 0, state.parentType  # lines indented less than `outside` are in no definition
    for line in range(start + 1, end):
        if state.isEmpty(line) or (outside and state.sCount[line] >= outside):
            continue
        if _defines(state, line):
            outside = state.sCount[line] + 2
            continue
        after_empty = state.isEmpty(line - 1)
        state.parentType = kind if after_empty else "paragraph"  # words directly below may belong to the definition
        begins = any(each(state, line, end, True) for each in state.md.block.ruler.getRules("paragraph"))
        state.parentType = kind
        if begins:
            return line
        if after_empty and not _is_term(state, line, end):
            return end
    return end


def _is_term(state: StateBlock, line: int, end: int) -> bool:
    below = line + 2 if line + 1 < end and state.isEmpty(line + 1) else line + 1
    return below < end and state.sCount[below] >= state.blkIndent and _defines(state, below)


def _defines(state: StateBlock, line: int) -> bool:
    begin = state.bMarks[line] + state.tShift[line]
    return bool(_DEFINITION.match(state.src, begin, state.eMarks[line]))


def _flowing(rule: InlineRule) -> InlineRule:
    """``rule`` for plain text, which ends at each w, because an address may begin there: in most words none does."""

    def flowing(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != "w" or state.src.startswith("www.", state.pos):
            return rule(state, silent)
        if not silent:
            state.append_pending("w")
        state.pos += 1
        return True

    return flowing


def _beginning(rule: InlineRule) -> InlineRule:
    """``rule`` for bare addresses, asked only where one may begin, and of the scheme alone.

    It looks through all the text before it each time, so that is put away first.
    """

    def beginning(state: StateInline, silent: bool) -> bool:
        if silent or not _SCHEME_ENDS.match(state.src, state.pos):
            return False
        scheme = next((each for each in _SCHEMES if state.src.endswith(each, 0, state.pos)), "")
        start = state.pos - len(scheme)
        before = state.src[max(start - 1, 0) : start] if scheme else "x"
        if before not in ("", *" \t\n*_~("):
            return False
        if len(state.pending) > len(scheme) and state.pending.endswith(scheme):
            state.pending = state.pending.removesuffix(scheme)
            state.pushPending()
            state.pending = scheme
        return rule(state, silent)

    return beginning


def _folded(rule: InlineRule) -> InlineRule:
    """``rule`` for code within a line; where it goes over several, no blanks stay at their ends."""

    def folded(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent and len(state.tokens) > before and (token := state.tokens[-1]).type == "code_inline":
            *rows, last = state.src[start + len(token.markup) : state.pos - len(token.markup)].split("\n")
            if rows:
                shown = " ".join((*(row.rstrip(" \t") for row in rows), last))
                padded = shown.strip() and shown.startswith(" ") and shown.endswith(" ")
                token.content = shown[1:-1] if padded else shown
        return found

    return folded


def _placed(rule: InlineRule) -> InlineRule:
    """``rule``, its tokens telling from where to where they reach in the inline text (``meta["at"]``).

    A link or an image also tells where the bracket behind its text is (``meta["label"]``).
    """

    def placed(state: StateInline, silent: bool) -> bool:
        before, start = len(state.tokens), state.pos
        if not rule(state, silent):
            return False
        if not silent:
            for token in state.tokens[before:]:
                token.meta.setdefault("at", (start, state.pos))
                if token.type in _LABELLED and token.markup != "autolink" and token.meta["at"][0] == start:
                    opening = start + (token.type == "image")
                    token.meta["label"] = parseLinkLabel(state, opening, token.type == "link_open")
        return True

    return placed


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``!!! kind "Title"`` and the lines below it that are indented by four blanks."""
    if state.is_code_block(start):
        return False
    found = _NOTE.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]])
    if not found:
        return False
    if silent:
        return True
    inner, last, line = state.blkIndent + 4, start + 1, start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= inner):
        line += 1
        last = last if state.isEmpty(line - 1) else line
    kinds = found["kinds"].lower().split()
    opening = state.push("note_open", "div", 1)
    opening.attrs, opening.map, opening.block = {"class": " ".join(("admonition", *kinds))}, [start, last], True
    if title := kinds[0].capitalize() if found["title"] is None else found["title"]:
        state.push("note_title_open", "p", 1).attrs = {"class": "admonition-title"}
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = title.strip(), [start, start + 1], []
        state.push("note_title_close", "p", -1).block = True
    outside = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax, state.parentType = inner, last, "note"
    state.md.block.tokenize(state, start + 1, last)
    state.blkIndent, state.lineMax, state.parentType = outside
    state.push("note_close", "div", -1).block = True
    state.line = last
    return True


def _named(state: StateCore) -> None:
    """Ids of headings, the alignment of cells, alerts as notes; code without blanks at its lines' ends."""
    for place, token in enumerate(state.tokens):
        if token.type == "heading_open" and (found := HEADING_ID.search(state.tokens[place + 1].content)):
            state.tokens[place + 1].content = state.tokens[place + 1].content[: found.start()]
            token.attrs["id"] = found["id"]
        elif token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs = {"align": str(token.attrs["style"]).rpartition(":")[2]}
        elif token.type == "alert_open":
            token.attrs = {"class": f"admonition {token.info.lower()}"}
        elif token.type in ("fence", "code_block"):
            token.content = unblanked(token.content)
        elif token.type == "alert_title_open":
            token.attrs = {"class": "admonition-title"}


def unblanked(text: str) -> str:
    """``text`` without blanks at the end of its lines, which no page shows and no normal form holds."""
    return "\n".join(row.rstrip(" \t") for row in text.split("\n"))


def _kept(state: StateCore) -> None:
    state.env["tokens"] = list(state.tokens)


def _always(html: str) -> Callable[..., str]:
    """What shows as ``html``, whatever it holds."""
    return lambda *_: html


def _target(token: Token, kind: str) -> str:
    """The id of a footnote, or of a place that refers to it: two of them are ``fnref:1`` and ``fnref2:1``."""
    again = token.meta.get("subId", 0) if kind == "fnref" else 0
    return f"{kind}{again + 1 if again else ''}:{escapeHtml(token.meta['label'])}"


def _reference(_: RendererHTML, tokens: Sequence[Token], place: int, *__: object) -> str:
    token = tokens[place]
    number = token.meta["id"] + 1
    target = _target(token, "fn")
    return f'<sup id="{_target(token, "fnref")}"><a class="footnote-ref" href="#{target}">{number}</a></sup>'


def _footnote(_: RendererHTML, tokens: Sequence[Token], place: int, *__: object) -> str:
    return f'<li id="{_target(tokens[place], "fn")}">\n'


def _back(_: RendererHTML, tokens: Sequence[Token], place: int, *__: object) -> str:
    blank = "" if tokens[place].meta["subId"] else "\u00a0"
    return _BACK.format(blank=blank, id=_target(tokens[place], "fnref"))


_SHOWN: dict[str, Callable[..., str]] = {
    "definition": _always(""),
    "footnote_ref": _reference,
    "footnote_block_open": _always('<div class="footnote">\n<hr>\n<ol>\n'),
    "footnote_block_close": _always("</ol>\n</div>\n"),
    "footnote_open": _footnote,
    "footnote_close": _always("</li>\n"),
    "footnote_anchor": _back,
    "list_item_open": lists.shown_item,
    "paragraph_open": lists.shown_paragraph,
}


def to_html(tokens: Sequence[Token], env: EnvType) -> str:
    """The HTML of tokens, not sanitised."""
    made = parser()
    return str(made.renderer.render(tokens, made.options, env))
