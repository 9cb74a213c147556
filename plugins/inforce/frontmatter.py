"""The YAML of this project: every scalar is a string, every value knows its line, and it is written double-quoted.

``1.10``, ``no`` and ``2027-01-15`` stay what they look like. Anchors, aliases, tags, duplicate keys and anything but
mappings, lists and strings are refused. It knows nothing of what the keys mean.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from inforce.errors import InForceError, fail

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast where it exists
_FRONT = re.compile(r"---[ \t]*\n(?P<yaml>.*?)(?<=\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
# What JSON leaves bare but YAML takes for line breaks, marks or unprintable characters.
_BARE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Text:
    """A scalar and the line on which it stands."""

    value: str
    line: int


@dataclass(frozen=True)
class Fields:
    """A mapping of one file: typed access to its values, with errors that name file, line and key."""

    path: str
    line: int
    entries: Mapping[str, Text | tuple[Text, ...] | Fields]
    lines: Mapping[str, int]

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def line_of(self, key: str) -> int:
        """The line of ``key``, or of the mapping where it is absent."""
        return self.lines.get(key, self.line)

    def only(self, *known: str) -> None:
        """Refuse any key that is not ``known``; suggests the nearest one."""
        for key in self.entries:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                cure = f"Did you mean `{near[0]}`" if near else f"Known here: {', '.join(known)}"
                raise fail(self.path, self.line_of(key), "unknown-key", f"`{key}` is not a known key", cure)

    def text(self, key: str, default: str | None = None) -> str:
        """The scalar under ``key``; ``default`` where it is absent, an error where there is no default."""
        value = self.entries.get(key)
        if value is None:
            if default is None:
                raise fail(self.path, self.line, "missing-key", f"`{key}` is missing", f'Add {key}: "…"')
            return default
        if not isinstance(value, Text):
            raise fail(self.path, self.line_of(key), "not-text", f"`{key}` must be a text", f'Write {key}: "…"')
        return value.value

    def texts(self, key: str) -> tuple[Text, ...]:
        """The list of scalars under ``key``; empty where it is absent."""
        value = self.entries.get(key, ())
        if not isinstance(value, tuple):
            raise fail(
                self.path, self.line_of(key), "not-a-list", f"`{key}` must be a list", f'Write {key}: ["…", "…"]'
            )
        return value

    def fields(self, key: str) -> Fields:
        """The mapping under ``key``; an empty one where it is absent."""
        value = self.entries.get(key, Fields(self.path, self.line_of(key), {}, {}))
        if not isinstance(value, Fields):
            raise fail(
                self.path, self.line_of(key), "not-a-mapping", f"`{key}` must be a mapping", "Indent its keys below"
            )
        return value


def split(text: str, path: str) -> tuple[Fields | None, str, int]:
    """Front matter and the rest: (fields or None, the body, the number of lines before the body).

    Raises InForceError where the front matter is opened and never closed, or is not a mapping.
    """
    if not re.match(r"---[ \t]*(?:\n|\Z)", text):
        return None, text, 0
    match = _FRONT.match(text)
    if not match:
        raise fail(
            path, 1, "front-matter", "The front matter opened by --- is never closed", "Close it with a line ---"
        )
    return read(match["yaml"], path, 2), text[match.end() :], match[0].count("\n")


def read(text: str, path: str, first_line: int = 1) -> Fields:
    """The mapping that a YAML text holds; ``first_line`` is the line of the file on which the text begins."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + (mark.line if mark else 0)
        what = f"This is not YAML ({error.problem or error.context})"
        raise fail(path, line, "yaml", what, 'Check indentation and quotes; write values as key: "text"') from None
    except (yaml.YAMLError, RecursionError):
        raise fail(path, first_line, "yaml", "This is not YAML", 'Write it as lines of key: "text"') from None
    if node is None:
        return Fields(path, first_line, {}, {})
    if not isinstance(node, yaml.MappingNode):
        raise fail(path, first_line, "yaml", "This is not a mapping", 'Write it as lines of key: "text"')
    return _Reader(path, first_line).mapping(node)


class _Reader:
    """Turns YAML nodes into fields, refusing what a legal record has no use for."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.seen: set[int] = set()

    def line(self, node: yaml.Node) -> int:
        return self.first_line + node.start_mark.line

    def refuse(self, node: yaml.Node, what: str, cure: str) -> InForceError:
        return fail(self.path, self.line(node), "yaml", what, cure)

    def scalar(self, node: yaml.Node) -> Text:
        if not isinstance(node, yaml.ScalarNode):
            raise self.refuse(node, "A text is expected here", "Write one value in quotes")
        # An alias gives one node twice. Refusing it here also stops a few lines from growing into gigabytes.
        if id(node) in self.seen:
            raise self.refuse(node, "Anchors and aliases are not used here", "Write the value out")
        self.seen.add(id(node))
        return Text(node.value, self.line(node))

    def mapping(self, node: yaml.MappingNode) -> Fields:
        entries: dict[str, Text | tuple[Text, ...] | Fields] = {}
        places: dict[str, int] = {}
        for key_node, value in node.value:
            key = self.scalar(key_node).value
            if key in entries:
                raise self.refuse(key_node, f"`{key}` stands here twice", "Keep one of them")
            places[key] = self.line(key_node)
            entries[key] = self.value(value)
        return Fields(self.path, self.line(node), entries, places)

    def value(self, node: yaml.Node) -> Text | tuple[Text, ...] | Fields:
        if id(node) in self.seen:
            raise self.refuse(node, "Anchors and aliases are not used here", "Write the value out")
        if isinstance(node, yaml.MappingNode):
            self.seen.add(id(node))
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            self.seen.add(id(node))
            return tuple(self.scalar(child) for child in node.value)
        return self.scalar(node)


def quoted(text: str) -> str:
    """``text`` as a double-quoted YAML scalar on one line."""
    return _BARE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def quoted_list(texts: tuple[str, ...]) -> str:
    """``texts`` as a YAML list on one line."""
    return "[" + ", ".join(quoted(text) for text in texts) + "]"
