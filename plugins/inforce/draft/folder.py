"""The folder ``policy/<document>/`` -> a draft, and its clauses' files with and without what they say of a change.

Bytes in, values and problems out: every problem of every file at once, so that an editor mends them in one go. What an
editor does to clauses is the business of ``editing``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from inforce.draft.settings import day
from inforce.draft.settings import read as read_settings
from inforce.errors import InForceError, Level, Problem, gathered, nearest
from inforce.model import PREAMBLE, Clause, ClauseFile, Draft, Note
from inforce.text import clauses as clause_text
from inforce.text import normal, yaml
from inforce.text.yaml import Text


def draft_folder(document: str) -> str:
    """Where a document's draft is edited, relative to the project's root, with a final slash."""
    return f"policy/{document}/"


def settings_path(document: str) -> str:
    """The path of a policy's settings."""
    return f"{draft_folder(document)}policy.yml"


def next_path(document: str) -> str:
    """The path of what is said of a policy's coming version."""
    return f"{draft_folder(document)}next.yml"


def clause_path(document: str, clause: str) -> str:
    """The path of a clause's file."""
    return f"{draft_folder(document)}{clause}.md"


def is_read(name: str) -> bool:
    """Whether a file of that name in a draft's folder is read: ``policy.yml``, ``next.yml`` or a clause's."""
    return bool(re.fullmatch(r"policy\.yml|next\.yml|[^/]+\.md", name))


def read(document: str, files: Mapping[str, bytes]) -> tuple[Draft | None, tuple[Problem, ...]]:
    """The draft of one document out of its files (path -> bytes), and everything wrong in them.

    None where ``policy.yml`` cannot be used; otherwise the draft holds what could be read.
    """
    path = settings_path(document)
    if path not in files:
        cure = "Write it: title, kind, requires, language, timezone, notice_days, contact, clauses"
        return None, (Problem(path, 0, "missing-file", "A policy needs this file", cure),)
    try:
        settings, listing = read_settings(files[path], path)
    except InForceError as error:
        return None, error.problems
    problems = list(_listing_problems(document, listing, files))
    read_files = _clauses(document, settings.clauses, files, problems)
    clauses = tuple(file.clause for file in read_files.values())
    notes = {name: file.note for name, file in read_files.items() if file.note}
    coming = _next(next_path(document), files, problems)
    said = coming or NextVersion()
    for name, note in said.notes.items():
        if name in notes:
            what = f"The change of `{name}` is noted here and in {name}.md, too"
            problems.append(Problem(note.path, note.line, "note-twice", what, "Keep one of the two notes"))
        elif clause_path(document, name) in files:
            what = f"`{name}` has a file: its note belongs into the front matter of {name}.md"
            problems.append(Problem(note.path, note.line, "note-place", what, "Move the note there"))
    problems.extend(_encoding_warnings(draft_folder(document), files))
    noted = {**said.notes, **notes}
    draft = Draft(
        *(document, settings, clauses, noted, said.summary, read_files),
        has_next=coming is not None,
        accept_by=said.accept_by,
    )
    return draft, tuple(problems)


def _listing_problems(document: str, listing: tuple[Text, ...], files: Mapping[str, bytes]) -> Iterator[Problem]:
    """What does not fit between the list in ``policy.yml`` and the files beside it."""
    path, base = settings_path(document), draft_folder(document)
    names = (name.removeprefix(base) for name in files if name.startswith(base))
    present = [name.removesuffix(".md") for name in names if re.fullmatch(r"[^/]+\.md", name)]
    seen = set()
    for place, entry in enumerate(listing):
        name = entry.value
        if wrong := clause_text.id_problem(name):
            cure = "Choose another id; the clause's file carries the same name"
            yield Problem(path, entry.line, "clause-id", f"`{name}` {wrong}", cure)
        elif name in seen:
            what = f"`{name}` is listed twice"
            yield Problem(path, entry.line, "clause-twice", what, "Keep one of the two lines")
        elif name not in present:
            near = nearest(name, present)
            cure = f"Did you mean `{near}`?" if near else f"Write {base}{name}.md, or take the line out"
            if near and clause_text.id_problem(near):
                cure = f"Rename {near}.md to {name}.md"
            yield Problem(path, entry.line, "clause-missing", f"`{name}` has no file {base}{name}.md", cure)
        if name == PREAMBLE and place:
            yield Problem(path, entry.line, "preamble-first", "`preamble` is not the first clause", "Move it up")
        seen.add(name)
    for name in sorted(set(present) - seen):
        rule, what = "clause-unlisted", f"The clause `{name}` is not listed"
        cure = f"Add {name!r} to `clauses` in policy.yml where it belongs, or delete the file"
        if wrong := clause_text.id_problem(name):
            rule, what = "clause-id", f"`{name}` {wrong}"
            cure = f"Rename the file{_for_example(name, present)} and list that in policy.yml, or delete it"
        yield Problem(f"{base}{name}.md", 0, rule, what, cure)


def _for_example(name: str, present: list[str]) -> str:
    """A name for a clause's file that is an id and like ``name``; empty where there is none, or it is taken."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return "" if clause_text.id_problem(made) or made in present else f", for example to {made}.md,"


def _clauses(
    document: str, order: tuple[str, ...], files: Mapping[str, bytes], problems: list[Problem]
) -> dict[str, ClauseFile]:
    def read_one(name: str) -> ClauseFile:
        path = clause_path(document, name)
        normal.bounded(files[path], path)
        return clause_text.read_clause(name, files[path], path)

    known = (name for name in order if clause_path(document, name) in files and not clause_text.id_problem(name))
    found, unread = gathered(read_one, known)
    problems += [*unread, *(problem for file in found for problem in file.problems)]
    return {file.clause.id: file for file in found}


@dataclass(frozen=True)
class NextVersion:
    """What ``next.yml`` says of the coming version; ``notes`` are those on clauses whose file is gone."""

    summary: str = ""
    accept_by: date | None = None
    notes: Mapping[str, Note] = field(default_factory=dict)


def read_next(path: str, data: bytes) -> tuple[NextVersion, tuple[Problem, ...]]:
    """What ``next.yml`` says, and what hides in it. Raises InForceError where it cannot be read."""
    fields = yaml.read(normal.decode(data, path), path)
    fields.only("summary", "accept_by", "changes")
    changes = fields.fields("changes")
    notes = {}
    for name in changes.entries:
        entry = changes.fields(name)
        entry.only(*clause_text.NOTE_KEYS)
        note = clause_text.read_note(entry) or Note(path=path)
        notes[name] = replace(note, line=changes.line_of(name))
    coming = NextVersion(normal.one_line(fields.text("summary", "")), day(fields, "accept_by"), notes)
    return coming, tuple(yaml.hidden(fields))


def _next(path: str, files: Mapping[str, bytes], problems: list[Problem]) -> NextVersion | None:
    if path not in files:
        return None
    try:
        coming, hidden = read_next(path, files[path])
    except InForceError as error:
        problems.extend(error.problems)
        return None
    problems.extend(hidden)
    return coming


def place_of(draft: Draft, name: str) -> tuple[str, int]:
    """Where the coming change of a clause is noted: its file's front matter, or ``next.yml`` where the file is gone."""
    gone = all(clause.id != name for clause in draft.clauses)
    return (next_path(draft.document), 0) if gone else (clause_path(draft.document, name), 1)


def _encoding_warnings(base: str, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Files that were read in spite of a byte order mark or foreign line ends."""
    for path, data in sorted(files.items()):
        if not is_read(path.removeprefix(base)):
            continue
        if data.startswith(b"\xef\xbb\xbf"):
            what, cure = "The file begins with a byte order mark", "Save it as UTF-8 without one"
            yield Problem(path, 1, "byte-order-mark", what, cure, Level.WARNING)
        if b"\r" in data:
            line = data.count(b"\n", 0, data.index(b"\r")) + 1
            what, cure = "The line ends are not LF", "Save it with LF line ends"
            yield Problem(path, line, "line-endings", what, cure, Level.WARNING)


def released(files: Mapping[str, bytes], draft: Draft) -> dict[str, bytes | None]:
    """What a release changes in the draft's files: the notes of its clauses go, and ``next.yml`` with them.

    Of a part of a draft, what is noted of the rest stays.
    """
    changes: dict[str, bytes | None] = {}
    for file in draft.files.values():
        without = without_notes(files[file.path], file.path)
        if without != files[file.path]:
            changes[file.path] = without
    path = next_path(draft.document)
    if path in files:
        coming, _ = read_next(path, files[path])
        left = {name: note for name, note in coming.notes.items() if name not in draft.notes}
        changes[path] = next_file(NextVersion(notes=left)) if left else None
    return changes


def next_file(coming: NextVersion) -> bytes:
    """``next.yml`` as :func:`read_next` takes it."""
    due = coming.accept_by.isoformat() if coming.accept_by else ""
    rows = [*yaml.lines({"summary": coming.summary, "accept_by": due}), "changes:"]
    for name, note in coming.notes.items():
        rows += [f"  {name}:", *note_lines(note, "    ")]
    return ("\n".join(rows) + "\n").encode()


def without_notes(data: bytes, path: str) -> bytes:
    """A clause file with ``severity``, ``note`` and ``was`` taken out of its front matter, all else as it was."""
    fields, _, before = yaml.split(normal.decode(data, path), path)
    text = data.decode("utf-8-sig")
    if fields is None or not any(key in fields for key in clause_text.NOTE_KEYS):
        return data
    raw = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)  # the lines that editors and `decode` count
    starts = [*sorted(fields.lines.values()), before]
    taken: set[int] = set()
    for key in clause_text.NOTE_KEYS:
        if key in fields:
            start = fields.lines[key]
            end = min(line for line in starts if line > start)
            while raw[end - 2].startswith("#"):  # a comment belongs to the key below it
                end -= 1
            taken.update(range(start, end))
    kept = [line for number, line in enumerate(raw[:before], 1) if number not in taken]
    remains = any(key not in clause_text.NOTE_KEYS for key in fields.entries)
    rest = "".join(raw[before:])
    bare = rest.lstrip("\r\n")
    if not remains:
        return (f"\n{bare}" if bare.startswith("---") else bare).encode()  # a rule must not turn into front matter
    return ("".join(kept) + rest).encode()


def unnoted(name: str, data: bytes, path: str) -> ClauseFile:
    """A clause's file as it reads without its notes."""
    return clause_text.read_clause(name, without_notes(data, path), path)


def with_note(front: str, body: str, note: Note) -> bytes:
    """A clause's file with ``note`` in its front matter, which holds none yet; ``front`` is empty where there is none.

    It is the same as without where the note says nothing.
    """
    said = "".join(f"{line}\n" for line in note_lines(note))
    if not said:
        return f"{front}{body}".encode()
    opening, _, others = (front or "---\n---\n").partition("\n")
    return f"{opening}\n{said}{others}{body}".encode()


def note_lines(note: Note, margin: str = "") -> list[str]:
    """What ``note`` says, as lines of YAML."""
    said = {"severity": note.severity or "", "note": note.note, "editorial_because": note.because}
    was = [f"{margin}was: {yaml.quoted_list(note.was)}"] if note.was else []
    return [*yaml.lines(said, margin), *was]


def clause_file(clause: Clause) -> str:
    """A clause as its file holds it: without the id, below an empty line where it could pass for front matter."""
    if clause.id == PREAMBLE:
        opening = "\n" if clause.text.startswith(("---", "\ufeff")) else ""
        return f"{opening}{clause.text}\n"
    heading, _, rest = clause.text.partition("\n")
    return heading.removesuffix(f" {{#{clause.id}}}") + (f"\n{rest}" if rest else "") + "\n"
