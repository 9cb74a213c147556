"""The YAML of this project: every scalar is a string, every value knows its line, and it is written double-quoted.

``1.10``, ``no`` and ``2027-01-15`` stay what they look like. Anchors, aliases, tags, duplicate keys and anything but
mappings, lists and strings are refused. It knows nothing of what the keys mean.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from inforce.errors import InForceError, Problem, fail, meant
from inforce.text import characters

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast where it exists
FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>.*?)(?<=\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
# What JSON leaves bare but YAML takes for line breaks, marks or unprintable characters.
_BARE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FOREIGN = re.compile(r"[ \t]*(?:(?:[\w-]+:|-)?(?=[^\S \t])|[\w-]+(?=：|[^\S \t]\s*(?::|\Z)))(.)")
_QUOTES = "“”„‟‘’‚‛«»‹›＂"  # what word processors and phones make of straight ones
_ENTRY = re.compile(r"\s*(?:- +)?(?P<key>(?:[\w-]+:[ \t]+)?)(?P<value>\S.*?)\s*\Z")
_LONGEST = 120
"""A message writes a value of so many characters out."""
_STRAIGHT = 'Write straight quotes: "…"'


@dataclass(frozen=True)
class Text:
    """A scalar and the line on which it stands."""

    value: str
    line: int


@dataclass(frozen=True)
class Fields:
    """A mapping of one file: typed access to its values. What is none raises InForceError with file, line and key."""

    path: str
    line: int
    entries: Mapping[str, Text | tuple[Text, ...] | Fields] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def line_of(self, key: str) -> int:
        """The line of ``key``, or of the mapping where it is absent."""
        return self.lines.get(key, self.line)

    def wrong(self, key: str, rule: str, what: str, cure: str) -> InForceError:
        """What to raise of ``key``, on its line."""
        return fail(self.path, self.line_of(key), rule, what, cure)

    def only(self, *known: str) -> None:
        """Refuse any key that is not ``known``; suggests the nearest one."""
        for key in self.entries:
            if key not in known:
                cure = meant(key, known, f"Known here: {', '.join(known)}")
                raise self.wrong(key, "unknown-key", f"`{key}` is not a known key", cure)

    def text(self, key: str, default: str | None = None) -> str:
        """The scalar under ``key``; ``default`` where it is absent, an error where there is no default."""
        value = self.entries.get(key)
        if value is None:
            if default is None:
                raise fail(self.path, self.line, "missing-key", f"`{key}` is missing", f'Add {key}: "…"')
            return default
        if not isinstance(value, Text):
            raise self.wrong(key, "not-text", f"`{key}` must be a text", f'Write {key}: "…"')
        return value.value

    def texts(self, key: str) -> tuple[Text, ...]:
        """The list of scalars under ``key``; empty where it is absent."""
        value = self.entries.get(key, ())
        if not isinstance(value, tuple):
            raise self.wrong(key, "not-a-list", f"`{key}` must be a list", f'Write {key}: ["…", "…"]')
        return value

    def fields(self, key: str) -> Fields:
        """The mapping under ``key``; an empty one where it is absent."""
        value = self.entries.get(key, Fields(self.path, self.line_of(key)))
        if not isinstance(value, Fields):
            if isinstance(value, Text) and (error := _foreign(value.value, self.path, value.line)):
                raise error
            raise self.wrong(key, "not-a-mapping", f"`{key}` must be a mapping", "Indent its keys below")
        return value


def split(text: str, path: str) -> tuple[Fields | None, str, int]:
    """Front matter and the rest: (fields or None, the body, the number of lines before the body).

    Raises InForceError where the front matter is opened and never closed, or is not a mapping.
    """
    if not re.match(r"---[ \t]*(?:\n|\Z)", text):
        return None, text, 0
    match = FRONT_MATTER.match(text)
    if not match:
        cure = "Close it with a line --- (three hyphens)"
        raise fail(path, 1, "front-matter", "The front matter opened by --- is never closed", cure)
    return read(match["yaml"], path, 2), text[match.end() :], match[0].count("\n")


def read(text: str, path: str, first_line: int = 1) -> Fields:
    """The mapping that a YAML text holds; ``first_line`` is the line of the file on which the text begins.

    Raises InForceError where it holds none.
    """
    try:
        return _Reader(text, path, first_line).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + (text.count("\n", 0, mark.index) if mark else 0)
        if seeming := _lookalike(text, path, first_line, line):
            raise seeming from None
        if slip := _slip(text.split("\n")[min(line - first_line, text.count("\n"))], error.problem or ""):
            raise fail(path, line, "yaml", *slip) from None
        what = f"This is not YAML ({error.problem or error.context})"
        raise fail(path, line, "yaml", what, 'Check indentation and quotes; write values as key: "text"') from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise fail(path, first_line, "yaml", "This is not YAML", 'Write it as lines of key: "text"') from None


def _foreign(line: str, path: str, number: int) -> InForceError | None:
    """What to say of the first blank or colon of a line that nobody can tell by sight from the one that YAML wants."""
    if not (found := _FOREIGN.match(line)):
        return None
    name = unicodedata.name(found[1], "another blank").lower()
    what = f"Here stands U+{ord(found[1]):04X} ({name}), which YAML does not know"
    return fail(path, number, "yaml", what, "Type a plain blank or colon in its place")


def _lookalike(text: str, path: str, first_line: int, line: int) -> InForceError | None:
    """A better reason than the parser's, which failed on ``line``, if a character is not what it seems to be."""
    rows = text.split("\n")
    found = (_foreign(row, path, number) for number, row in enumerate(rows, first_line))
    if error := next(filter(None, found), None):
        return error
    if re.match(rf"[ \t]*[\w-]+: +[{_QUOTES}]", rows[min(line - first_line, len(rows) - 1)]):
        return fail(path, line, "yaml", "The value begins with a quote that is none to YAML", _STRAIGHT)
    return None


def _slip(row: str, problem: str) -> tuple[str, str] | None:
    """What an editor most likely did wrong on a line that the parser stopped at, and the cure; None where unknown."""
    if re.match(r" *\t", row) or ("\t" in row and "cannot start any token" in problem):
        return "A tab stands here, and YAML indents with blanks alone", "Replace it by blanks"
    if not (found := _ENTRY.match(row)):
        return None
    value, mark = found["value"], found["value"][0]
    if mark in "\"'":
        bare = re.sub(r"\s+#[^\"']*\Z", "", value)
        value = bare if bare.endswith(mark) else value  # a comment may stand behind the closing quote
        whole = value[1:-1] if len(value) > 1 and value.endswith(mark) else value
        if mark not in (whole if whole != value else value[1:]):
            return None
        return f"The quotes {mark} within the value end it too early", _rewritten(found["key"], whole)
    if "mapping values are not allowed" in problem and ": " in value:
        return "A colon and a blank stand in a value without quotes", _rewritten(found["key"], value)
    if "cannot start any token" in problem:
        return f"A value without quotes cannot begin with {mark}", _rewritten(found["key"], value)
    return None


def _rewritten(key: str, value: str) -> str:
    """How to write a value; a long one by its beginning and its rule alone."""
    if len(value) > _LONGEST:
        return f'Write {key}"…", with \\" for each quote within'
    return f"Write {key}{quoted(value)}"


def _plain(event: yaml.Event) -> bool:
    """Whether a scalar is written without straight quotes, and not as a block."""
    return isinstance(event, yaml.ScalarEvent) and bool(event.implicit[0])


class _Reader:
    """Turns the parser's events into fields, refusing what a legal record has no use for.

    Events, not PyYAML's nodes: anchors and tags show, and no nesting, however deep, overflows the C parser's stack.
    """

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text = text
        self.path = path
        self.first_line = first_line
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)

    def line(self, event: yaml.Event) -> int:
        # Not the mark's own line: YAML also counts U+0085, U+2028 and U+2029 as line breaks, editors do not.
        mark = event.start_mark
        return self.first_line + (self.text.count("\n", 0, mark.index) if mark else 0)

    def refuse(self, event: yaml.Event, what: str, cure: str) -> InForceError:
        return fail(self.path, self.line(event), "yaml", what, cure)

    def next(self) -> yaml.Event:
        event = next(self.events)
        if getattr(event, "anchor", None) is not None:
            raise self.refuse(event, "Anchors and aliases are not used here", "Write the value out")
        if (tag := getattr(event, "tag", None)) is not None:
            raise self.refuse(event, f"The tag {tag} is not used here", "Every value is a text: delete the tag")
        return event

    def document(self) -> Fields:
        self.next()  # the stream begins
        if isinstance(self.next(), yaml.StreamEndEvent):
            return Fields(self.path, self.first_line)
        root = self.next()
        if isinstance(root, yaml.ScalarEvent) and not root.value and root.implicit[0]:
            found = Fields(self.path, self.first_line)  # nothing but --- or comments
        elif isinstance(root, yaml.MappingStartEvent) and not root.flow_style:
            found = self.mapping(root)
        else:
            if seeming := _lookalike(self.text, self.path, self.first_line, self.line(root)):
                raise seeming
            raise self.refuse(root, "This is not a mapping", 'Write it as lines of key: "text"')
        self.next()  # the document ends
        if not isinstance(after := self.next(), yaml.StreamEndEvent):
            raise self.refuse(after, "A second YAML document begins here", "Keep one; delete the line ---")
        return found

    def mapping(self, start: yaml.Event) -> Fields:
        entries: dict[str, Text | tuple[Text, ...] | Fields] = {}
        places: dict[str, int] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.scalar(event)
            if _plain(event) and (error := _foreign(key.value, self.path, key.line)):
                raise error
            if key.value in entries:
                raise self.refuse(event, f"`{key.value}` stands here twice", "Keep one of them")
            places[key.value] = key.line
            entries[key.value] = self.value(self.next())
        return Fields(self.path, self.line(start), entries, places)

    def value(self, event: yaml.Event) -> Text | tuple[Text, ...] | Fields:
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event)
        if isinstance(event, yaml.SequenceStartEvent):
            found = []
            while not isinstance(entry := self.next(), yaml.SequenceEndEvent):
                found.append(self.scalar(entry))
            return tuple(found)
        return self.scalar(event)

    def scalar(self, event: yaml.Event) -> Text:
        if not isinstance(event, yaml.ScalarEvent):
            raise self.refuse(event, "A text is expected here", "Write one value in quotes")
        if unusable := characters.UNUSABLE.search(event.value):
            raise self.refuse(event, f"The value holds {characters.named(unusable[0])}", "Delete it")
        if _plain(event) and len(event.value) > 1 and {event.value[0], event.value[-1]} <= set(_QUOTES):
            shown = f"{event.value[0]}…{event.value[-1]}"
            raise self.refuse(event, f"The quotes {shown} would be part of the text", _STRAIGHT)
        return Text(event.value, self.line(event))


def hidden(fields: Fields) -> Iterator[Problem]:
    """Characters in the values of a mapping that hide or turn text."""
    for value in _values(fields):
        for _, what, cure in characters.find(value.value):
            yield Problem(fields.path, value.line, "hidden-character", what, cure)


def _values(fields: Fields) -> Iterator[Text]:
    for value in fields.entries.values():
        if isinstance(value, Fields):
            yield from _values(value)
        else:
            yield from (value,) if isinstance(value, Text) else value


def quoted(text: str) -> str:
    """``text`` as a double-quoted YAML scalar on one line."""
    return _BARE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def lines(values: Mapping[str, str], margin: str = "") -> list[str]:
    """``values`` as the lines of a mapping; those that are empty are left out."""
    return [f"{margin}{key}: {quoted(value)}" for key, value in values.items() if value]


def quoted_list(texts: tuple[str, ...]) -> str:
    """``texts`` as a YAML list on one line."""
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def with_list(text: str, path: str, key: str, values: Sequence[str]) -> str:
    """A YAML text with the list under ``key`` rewritten as ``values``, all else as it was.

    A list of one value a line keeps the lines of values that stay, with their comments. Raises InForceError where the
    file is not YAML or has no list under ``key``.
    """
    read(text, path).texts(key)
    root = yaml.compose(text, Loader=_Loader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    node: yaml.Node | None = next((value for name, value in pairs if name.value == key), None)
    if not isinstance(node, yaml.SequenceNode):
        raise fail(path, 1, "missing-key", f"`{key}` is missing", f'Add {key}: ["…"]')
    lines = text.splitlines(keepends=True)
    if node.flow_style or not node.value:
        start, end = node.start_mark, node.end_mark
        before = "".join((*lines[: start.line], lines[start.line][: start.column]))
        after = "".join((lines[end.line][end.column :], *lines[end.line + 1 :]))
        return f"{before}{quoted_list(tuple(values))}{after}"
    first, margin = node.start_mark.line, " " * node.start_mark.column
    ends = [item.end_mark.line + 1 for item in node.value]
    starts = [first, *ends[:-1]]
    kept = {item.value: "".join(lines[a:b]) for item, a, b in zip(node.value, starts, ends, strict=True)}
    rows = [kept.get(value, f"{margin}- {quoted(value)}").removesuffix("\n") + "\n" for value in values]
    return "".join((*lines[:first], *rows, *lines[ends[-1] :]))
