"""The HTML in a clause's Markdown -> what may be published: other tags go, the words in them stay.

A tag that is never closed, or closes nothing, goes too: a clause has to stand on its own. Code is left alone.
"""

import re
from collections.abc import Callable, Set

from inforce.text import html as rendering
from inforce.text import normal as texts
from inforce.text.unsafe import scheme

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<given>(?:\s[^<>]*)?)>")
_SILENT = re.compile(r"<(script|style|template|noscript|head|svg)\b[^<>\n]*>[^\n]*?</\1\s*>", re.IGNORECASE)
_GIVEN = re.compile(r"""\s+(?P<name>[^\s=>"'/]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_INSTEAD = {"ins": "u", "del": "s", "strike": "s", "tt": "code", "acronym": "abbr", "h1": "h3", "h2": "h3"}
_WRAPPERS = frozenset(
    ("div", "section", "article", "main", "center", "header", "footer", "aside", "nav", "body", "html")
)
_EMPTY = frozenset(("br", "hr", "img"))
_UNCLOSED = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody"))
_BLOCK = re.compile(r"[ ]{0,3}(?:`{3}|~{3}|#|>|=|[-+*](?:\s|[-+*])|\*?\[[^\]\n]+\]:)")
_DROPPED = re.compile(r"on.*|style|srcdoc|formaction|class|name|target|rel\Z", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?P<text>\[(?:[^\[\]]|\[[^\[\]]*\])*\])\(\s*<?(?P<address>[^)\s>]+)[^)\n]*\)|<(?P<bare>[a-z][a-z0-9+.-]*:[^>\s]*)>",
    re.I,
)


def publishable(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with nothing in it that the page of a clause could not show, and the marks that were dropped."""
    dropped: list[str] = []
    if "<" not in text and "](" not in text:
        return text, ()

    def edited(text: str, pattern: re.Pattern[str], edit: Callable[[re.Match[str], str], str]) -> str:
        for match in reversed(list(pattern.finditer(texts.without_code(text)))):
            written = edit(match, text)
            if written != match[0]:
                if not written or pattern is not _TAG:
                    dropped.append(" ".join(text[match.start() : match.end()].split()))
                text = f"{text[: match.start()]}{written}{text[match.end() :]}"
        return text

    text = edited(text, _SILENT, lambda *_: "")
    text = edited(text, _ADDRESS, _safe_link)
    closed = _closed(texts.without_code(text))
    text = edited(text, _TAG, lambda tag, text: _safe_tag(tag, closed=tag.start() in closed) or _kept_apart(tag, text))
    if comment := re.search(r"<!--(?!.*?-->)", texts.without_code(text), re.DOTALL):
        text = f"{text[: comment.start()]}&lt;{text[comment.start() + 1 :]}"
    return text, tuple(reversed(dropped))


def _safe_link(link: re.Match[str], text: str) -> str:
    if not scheme(link["address"] or link["bare"]):
        return link[0]
    return text[link.start("text") + 1 : link.end("text") - 1] if link["text"] else f"`{link['bare']}`"


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
            if name in _UNCLOSED:
                found.add(tag.start())
        elif opened := next((each for each in reversed(waiting) if each["name"].lower() == name), None):
            del waiting[waiting.index(opened) :]
            found.update((opened.start(), tag.start()))
    return found


def _safe_tag(tag: re.Match[str], *, closed: bool) -> str:
    """A tag as it may be published; empty where it may not."""
    name = _INSTEAD.get(tag["name"].lower(), tag["name"].lower())
    if not closed or name in _WRAPPERS or name not in rendering.TAGS:
        return ""
    if tag["end"]:
        return f"</{name}>"
    given = [each for each in _GIVEN.finditer(tag["given"]) if not _DROPPED.fullmatch(each["name"])]
    kept = "".join(each[0] for each in given if not _unsafe(each))
    if name == "a" and "href" not in kept and "id" not in kept:
        kept = ""
    return f"<{name}{kept}{' /' if tag['given'].rstrip().endswith('/') and name not in _EMPTY else ''}>"


def _kept_apart(tag: re.Match[str], text: str) -> str:
    """What stands in a dropped tag's place: a backslash where what follows would begin a block without it."""
    begins = not text[: tag.start()].rpartition("\n")[2].strip() and _BLOCK.match(text, tag.end())
    return "\\" if begins else ""


def _unsafe(given: re.Match[str]) -> bool:
    return given["name"].lower() in ("href", "src") and bool(scheme((given["value"] or "").strip("\"'")))
