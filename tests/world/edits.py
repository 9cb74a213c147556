"""What an editor types into a clause: small changes of every kind that a redline has to show, each with its own word.

The word is new in the world, so that it can be told wherever it turns up: a draft's words must not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

WORD = re.compile(r"zq\d+x")
"""Words that only these edits make."""


def _after(text: str) -> Callable[[list[str], str, Sequence[str]], list[str]]:
    """An edit that adds a block; ``WORD`` in it is the new word, ``CLAUSE`` a clause's id."""

    def edit(blocks: list[str], word: str, others: Sequence[str]) -> list[str]:
        clause = others[len(blocks) % len(others)] if others else "top"
        return [*blocks, text.replace("WORD", word).replace("CLAUSE", clause)]

    return edit


def _inside(pattern: str, new: str) -> Callable[[list[str], str, Sequence[str]], list[str]]:
    """An edit of the first place, in any block, that matches; where none does, a paragraph is added instead."""

    def edit(blocks: list[str], word: str, _others: Sequence[str]) -> list[str]:
        for place, block in enumerate(blocks):
            changed = re.sub(pattern, new.replace("WORD", word), block, count=1)
            if changed != block:
                return [*blocks[:place], changed, *blocks[place + 1 :]]
        return [*blocks, f"We don't add {word}, names addresses and mails."]

    return edit


def _dropped(blocks: list[str], word: str, _others: Sequence[str]) -> list[str]:
    return blocks[:-1] if len(blocks) > 1 else [f"Only {word} is left."]


def _first_last(blocks: list[str], word: str, _others: Sequence[str]) -> list[str]:
    return [*blocks[1:], blocks[0]] if len(blocks) > 1 else [*blocks, f"And {word}."]


EDITS: dict[str, Callable[[list[str], str, Sequence[str]], list[str]]] = {
    "paragraph": _after("We keep WORD for ten years."),
    "word": _inside(r"\b(keep|set|tell|call|add|write)\b", r"WORD"),
    "drop": _dropped,
    "turn": _first_last,
    "bold": _inside(r"(?<![*\w#`\[(-])(We|one|names)\b(?![*`])", r"**\1**"),
    "unbold": _inside(r"\*\*([^*]+)\*\*", r"\1"),
    "apostrophe": _inside(r"n't", "n’t"),
    "commas": _inside(r"names addresses and", "names, addresses, and"),
    "point": _inside(r"\.$", ";"),
    "list": _after("- first WORD\n- second one\n\n    - nested one"),
    "numbers": _after("1. first WORD\n2. second one"),
    "item": _inside(r"^- ", "- new WORD\n- "),
    "table": _after("| who | what |\n|---|---|\n| we | WORD |\n| you | one |"),
    "row": _inside(r"(\| we \|)", r"| they | keep WORD |\n\1"),
    "link": _after("See [the clause WORD](#CLAUSE)."),
    "elsewhere": _after("Read [all about WORD](https://elsewhere.example/WORD)."),
    "relink": _inside(r"https://elsewhere\.example/", "https://moved.example/"),
    "part": _after("### Part WORD\n\nWe keep parts."),
    "quote": _after("> They say WORD.\n>\n> And more."),
    "code": _after("Write `WORD` there."),
    "break": _after("One line WORD<br>\nand another."),
    "note": _after("A claim.[^WORD]\n\n[^WORD]: A note on WORD."),
}
"""Name -> blocks of a clause below its heading, a new word, the other clauses' ids -> the blocks afterwards."""


def edited(text: str, how: str, word: str, others: Sequence[str]) -> str:
    """A clause's text after one edit."""
    heading, rest = ("", text) if not text.startswith("## ") else text.partition("\n")[::2]
    blocks = [block.strip("\n") for block in re.split(r"\n{2,}(?! )", rest.strip("\n")) if block.strip()]
    body = "\n\n".join(EDITS[how](blocks, word, others))
    return f"{heading}\n\n{body}\n" if heading else f"{body}\n"


def reheaded(text: str, word: str) -> str:
    """A clause's text under another heading; the preamble, which has none, gets a sentence instead."""
    if not text.startswith("## "):
        return f"{text.rstrip()}\n\nWelcome to {word}.\n"
    heading, _, rest = text.partition("\n")
    return f"## {WORD.sub('', heading[3:]).strip()} {word}\n{rest}"
