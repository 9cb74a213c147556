"""Markdown text <-> clauses.

Reads one clause file of ``policy/``, takes a released body apart into its clauses, and puts clauses together again.
Structure only: what a clause's words or its HTML may hold is the business of ``check.drafts`` and ``unsafe``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from inforce.errors import Level, Problem, fail, nearest
from inforce.model import PREAMBLE, Clause, ClauseFile, Note, Severity
from inforce.text import markdown, normal, stretches, yaml
from inforce.text.dialect import ATTRIBUTES
from inforce.text.yaml import Fields

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
RESTORE = "Bring back the file as it was released (git log -- versions tells its commit)"
"""What to do with a file of the ledger that is not as a release wrote it."""
GRADES = (Severity.EDITORIAL, Severity.NOTICE, Severity.MATERIAL)
"""How an editor can grade a change."""
NOTE_KEYS = ("severity", "note", "editorial_because", "was")
"""What a clause's front matter says of its coming change; its other keys belong to somebody else."""

# Words that YAML 1.1 reads as something else, and names that Windows keeps for devices.
_YAML_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))
_RESERVED_DOCUMENTS = frozenset(("assets", "schema", "search", "storefront", "vectors", "versions"))

_RELEASED_LEVEL = re.compile(r"##?(?:[ \t]|\Z)")
_RELEASED_HEADING = re.compile(r"## \S.* \{#(?P<id>[a-z0-9-]+)\}\Z")
_ATTRIBUTES = re.compile(rf"{ATTRIBUTES}\Z")
_DASHES = re.compile(r"[ \t]*[-–—]+[ \t]*\Z")
_NOTED = re.compile(rf"[ \t]*(?:{'|'.join(NOTE_KEYS)})[ \t]*:", re.IGNORECASE)
_NOT_OPENED = ("front-matter", "The note is not opened by ---", "Write --- (three hyphens) above and below it")
_NOT_FIRST = ("front-matter", "Front matter begins on the first line", "Delete the empty lines above ---")
_NOT_HYPHENS = (
    *("front-matter", "These dashes do not open front matter"),
    "Write --- at the line's beginning, three plain hyphens, and the same below the note",
)


def id_problem(name: str, *, document: bool = False) -> str:
    """What is wrong with ``name`` as the id of a clause (or of a document); empty where nothing is."""
    if not ID.match(name):
        return "is not an id: lower-case letters, digits and single hyphens, beginning with a letter"
    if name in _YAML_WORDS:
        return "is a word that YAML reads as something else"
    if name in _DEVICES:
        return "is a device name on Windows"
    if document and name in _RESERVED_DOCUMENTS:
        return "is an address that the site needs for itself"
    return ""


def read_clause(clause_id: str, data: bytes, path: str) -> ClauseFile:
    """One file ``policy/<document>/<clause-id>.md``: its released form, its note and its problems.

    Raises InForceError only where nothing of it can be read (encoding, front matter that is not YAML).
    """
    whole = normal.decode(data, path)
    fields, body, before = yaml.split(whole, path)
    note = read_note(fields) if fields else None
    astray = () if fields else tuple(_astray(clause_id, body, path))
    problems = (
        *_near_keys(fields),
        *(yaml.hidden(fields) if fields else ()),
        *(astray or _structure(clause_id, body, path, before)),
    )
    text = normal.normalise(body)
    if clause_id != PREAMBLE:
        heading, _, rest = text.partition("\n")
        below = rest.strip("\n")
        text = f"## {_title(heading)} {{#{clause_id}}}" + (f"\n\n{below}" if below else "")
    return ClauseFile(path, whole.removesuffix(body), body, Clause(clause_id, text), note, problems)


def _title(heading: str) -> str:
    """The text of a heading's line, without the marks before it and, where Markdown allows them, behind it."""
    return re.sub(r"(?<!\\)\s#+\s*\Z", "", heading).removeprefix("##").strip()


def read_note(fields: Fields) -> Note | None:
    """The note in a clause's front matter or in ``next.yml``; None where it says nothing of a change.

    Raises InForceError where it says what no note may.
    """
    if not any(key in fields for key in NOTE_KEYS):
        return None
    severity = fields.text("severity", "")
    if severity and severity not in GRADES:
        what = f"`{severity}` is not a severity"
        raise fields.wrong("severity", "severity", what, "Write editorial, notice or material")
    was = tuple(old.value for old in fields.texts("was"))
    for old in fields.texts("was"):
        if wrong := id_problem(old.value):
            what = f"`{old.value}` in `was` {wrong}"
            raise fail(fields.path, old.line, "clause-id", what, "Name the clause's former id")
    note, because = (normal.one_line(fields.text(key, "")) for key in ("note", "editorial_because"))
    if because and severity and severity != Severity.EDITORIAL:
        what, cure = f"`editorial_because` stands beside severity {severity!r}", "Take one of the two out"
        raise fields.wrong("editorial_because", "editorial-because", what, cure)
    line = min(fields.line_of(key) for key in NOTE_KEYS if key in fields)
    return Note(Severity(severity) if severity else None, note, was, because, fields.path, line)


def _near_keys(fields: Fields | None) -> Iterator[Problem]:
    """Keys that were most likely meant for a note; all others are somebody else's."""
    if fields is None:
        return
    for key in fields.entries:
        if key not in NOTE_KEYS and (near := nearest(key, NOTE_KEYS)):
            what, cure = f"`{key}` is not read as part of a note", f"Did you mean `{near}`?"
            yield Problem(fields.path, fields.line_of(key), "near-key", what, cure, Level.WARNING)


def _astray(clause_id: str, body: str, path: str) -> Iterator[Problem]:
    """A note that stands at the beginning, and not in front matter as it has to be written."""
    code = markdown.read(body).code_lines
    rows = [(number, line) for number, line in enumerate(body.split("\n"), 1) if line.strip() and number not in code]
    opening = rows[0] if rows and _DASHES.match(rows[0][1]) else None
    below = rows[1:] if opening else rows
    keys = list(takewhile(lambda row: not row[1].startswith("#") and not _DASHES.match(row[1]), below))
    end = next(iter(below[len(keys) :]), None)
    if end is None or not any(_NOTED.match(line) for _, line in keys):
        return
    if clause_id == PREAMBLE and (not _DASHES.match(end[1]) or end[0] - keys[0][0] != len(keys)):
        return  # it has no heading that ends a note, and "Note: …" may well be its first word
    if opening is None:
        yield Problem(path, keys[0][0], *_NOT_OPENED)
    elif opening[1].rstrip() == "---":
        yield Problem(path, opening[0], *_NOT_FIRST)
    else:
        yield Problem(path, opening[0], *_NOT_HYPHENS)


def _structure(clause_id: str, body: str, path: str, before: int) -> Iterator[Problem]:
    """What keeps a clause from being joined to its neighbours by plain concatenation."""

    def problem(line: int, rule: str, what: str, cure: str) -> Problem:
        return Problem(path, line + before, rule, what, cure)

    visible = [(number, line) for number, line in enumerate(body.split("\n"), 1) if line.strip()]
    if not visible:
        yield Problem(path, 0, "empty-clause", "The clause is empty", "Write its text, or take it out of policy.yml")
        return
    if fence := markdown.read(body).open_fence:
        yield problem(
            fence, "open-fence", "This code fence is never closed", "Close it with the same marks on their own line"
        )
    line, opening, closing = markdown.read(body).open_html
    if line:
        what = f"What {opening} opens here is never closed, and would take in the next clause"
        yield problem(line, "open-tag", what, f"Close it with {closing}")
    first = 0
    if clause_id != PREAMBLE:
        first, heading = visible[0]
        if not re.match(r"##[ \t]", heading) or not _title(heading):
            cure = "Begin the text with a line ## Heading, a blank behind the marks"
            yield problem(first, "no-heading", "A clause begins with its heading", cure)
            first = 0
        elif _ATTRIBUTES.search(_title(heading)):
            yield problem(
                first, "forged-id", "A heading carries no {…} of its own", "Delete it: the file's name is the id"
            )
        elif len(visible) == 1:
            yield problem(
                first, "empty-clause", "The clause has a heading and no text", "Write its text below the heading"
            )
    yield from _headings(clause_id, body, first, problem)


def _headings(
    clause_id: str, body: str, first: int, problem: Callable[[int, str, str, str], Problem]
) -> Iterator[Problem]:
    """Headings that a clause may not hold, outside code, below its own on line ``first``."""
    for heading in markdown.read(body).headings:
        if heading.underlined:
            cure = "Write ### Heading; for a rule, leave an empty line above it"
            yield problem(heading.last, "underlined-heading", "An underlined heading is not used here", cure)
        elif heading.first != first and heading.level < 3:
            level = "second heading (##)" if heading.level == 2 else "document heading (#)"
            opening = clause_id == PREAMBLE and heading.level == 2
            what = "The preamble has no heading (##)" if opening else f"A clause holds no {level}"
            cure = "Write ### or deeper, or make it a clause of its own"
            yield problem(heading.first, "heading", what, cure)


def compose(title: str, clauses: Sequence[Clause]) -> str:
    """The body of a version: an empty line, the title, the clauses with one empty line between, one final newline."""
    return "\n\n".join((f"\n# {title}", *(clause.text for clause in clauses))) + "\n"


def decompose(title: str, body: str, path: str, first_line: int) -> tuple[Clause, ...]:
    """The clauses of a version's body; composing them yields ``body`` again, exactly.

    Raises InForceError where the body is not what a release writes.
    """
    opening = f"\n# {title}\n\n"
    if "\n" in title or not body.startswith(opening):
        raise fail(path, first_line + 2, "ledger-body", "The body does not begin with the title", RESTORE)
    parts: list[tuple[str, list[str]]] = [(PREAMBLE, [])]
    above = first_line + 3
    for stretch in stretches.of(body[len(opening) :]):
        for number, name, text in _begun(stretch):
            if name:
                parts.append((name, []))
            elif number:
                what = "A heading carries no {#id}, or one that no clause can have"
                raise fail(path, above + number, "ledger-body", what, RESTORE)
            parts[-1][1].append(text)
        above += stretch.count("\n") + 1
    texts = ((name, "\n".join(part).strip("\n")) for name, part in parts)
    clauses = tuple(_clause(name, text) for name, text in texts if text)
    if differs := normal.first_difference(compose(title, clauses), body):
        what = "The body is not laid out as a release writes it"
        raise fail(path, first_line + differs, "ledger-body", what, RESTORE)
    _distinct(clauses, path)
    return clauses


@lru_cache(maxsize=16384)
def _begun(stretch: str) -> tuple[tuple[int, str, str], ...]:
    """A stretch of a version's body, cut before each clause: (the line of its heading, its id, its text).

    The line is 0 of what goes on from above; the id is empty where a heading has none, or one that no clause can have.
    """
    rows = stretch.split("\n")
    levels = [number for number, row in enumerate(rows, 1) if _RELEASED_LEVEL.match(row)]
    verbatim = stretches.verbatim(stretch) if any(number > 1 for number in levels) else ()
    cuts = [number for number in levels if number not in verbatim]
    found = []
    for start, end in pairwise((*([] if cuts[:1] == [1] else [0]), *cuts, len(rows) + 1)):
        heading = _RELEASED_HEADING.match(rows[start - 1]) if start else None
        name = heading["id"] if heading and heading["id"] != PREAMBLE and not id_problem(heading["id"]) else ""
        found.append((start, name, "\n".join(rows[max(start, 1) - 1 : end - 1])))
    return tuple(found)


@lru_cache(maxsize=16384)
def _clause(name: str, text: str) -> Clause:
    """One value for a text that stands in many versions: less memory, and nothing about it is worked out twice."""
    return Clause(name, text)


def _distinct(clauses: Sequence[Clause], path: str) -> None:
    seen: set[str] = set()
    for clause in clauses:
        if clause.id in seen:
            raise fail(path, 0, "clause-twice", f"The clause `{clause.id}` stands here twice", RESTORE)
        seen.add(clause.id)
