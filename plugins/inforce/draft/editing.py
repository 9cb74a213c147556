"""What an editor does to the clauses of a draft -> the files that change: add, rename, move, split, merge, remove,
restore.

Each keeps the list in ``policy.yml``, the notes and the lineage right: ``was`` names ids of the last standing version
only, so that a clause renamed twice before a release still tells where readers knew it. Links to a clause follow it.
Bytes in, bytes out; nothing is written here, and whether the result is sound is asked of it as a whole by the caller.
What cannot be done raises InForceError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from inforce.draft import definitions, folder, places
from inforce.draft.folder import NextVersion, draft_folder
from inforce.draft.places import Places, Relocation
from inforce.draft.settings import write as write_settings
from inforce.errors import fail, meant
from inforce.model import PREAMBLE, ClauseFile, Draft, Ledger, Note, Policy, Settings, Version, ledger_folder
from inforce.text import clauses as clause_text
from inforce.text import markdown, normal, yaml

Changes = dict[str, bytes | None]
"""Path -> bytes, None to delete."""
_WHOLE = {
    "fence": "a code block",
    "code_block": "a code block",
    "html_block": "raw HTML",
    "table_open": "a table",
    "footnote_reference_open": "a footnote",
    "definition": "the definition of a link",
}
"""Blocks of which a half would say something else."""


@dataclass(frozen=True)
class DraftEditor:
    """One document's draft as it was read from ``files`` (path -> bytes), and the ledger that it follows."""

    draft: Draft
    files: Mapping[str, bytes]
    published: Ledger

    @property
    def document(self) -> str:
        """The document's id."""
        return self.draft.document

    @property
    def settings(self) -> str:
        """The path of ``policy.yml``."""
        return folder.settings_path(self.document)

    @property
    def order(self) -> tuple[str, ...]:
        """The clauses' ids as ``policy.yml`` lists them."""
        return self.draft.settings.clauses

    @property
    def known(self) -> frozenset[str]:
        """The ids of the last standing version."""
        return frozenset(self.published.amended.by_id) if self.published.amended else frozenset()

    def path(self, name: str) -> str:
        """The file of the clause ``name``."""
        return folder.clause_path(self.document, name)

    def file(self, name: str) -> ClauseFile:
        """A clause's file. Raises InForceError, with the nearest id, where there is none, or it cannot be read."""
        path = self.path(name)
        if name not in self.order or path not in self.files:
            cure = meant(name, self.order, f"The clauses are: {', '.join(self.order)}")
            raise fail(path, 0, "no-clause", f"There is no clause `{name}`", cure)
        return self.draft.files.get(name) or clause_text.read_clause(name, self.files[path], path)

    def note(self, name: str) -> Note:
        """What a clause's file says of its coming change."""
        return self.file(name).note or Note()

    @cached_property
    def places(self) -> Places:
        """Where links can lead."""
        return Places(self.document, {name: places.ids_of(name, self.file(name).body) for name in self.order})

    def followed(self, relocation: Relocation) -> dict[str, str]:
        """Each clause's text below its front matter, links leading to what they led to."""
        return places.followed({name: self.file(name).body for name in self.order}, self.places, relocation)

    def with_texts(self, texts: Mapping[str, str]) -> Changes:
        """The files of those clauses that have other texts; their front matter stays as it is."""
        changed = {name: text for name, text in texts.items() if text != self.file(name).body}
        return {self.path(name): f"{self.file(name).front}{text}".encode() for name, text in changed.items()}

    def parts(self, name: str) -> tuple[str, str]:
        """A clause's front matter without notes, its dashes included or empty; and the text below."""
        self.file(name)
        bare = folder.unnoted(name, self.files[self.path(name)], self.path(name))
        return bare.front, bare.body

    def free(self, name: str) -> None:
        """Raise InForceError unless ``name`` can be the id of a new clause."""
        if wrong := clause_text.id_problem(name):
            raise fail(self.path(name), 0, "clause-id", f"`{name}` {wrong}", "Choose another id, such as `your-rights`")
        if name in self.order or self.path(name) in self.files:
            raise fail(self.path(name), 0, "clause-twice", f"There is a clause `{name}` already", "Choose another id")

    def unread(self, name: str, note: Note) -> None:
        """Raise InForceError where readers know another clause by ``name`` than the one that has ``note``.

        A clause's own id always counts as where it comes from: the two would pass for one.
        """
        if name in self.known and name not in note.was:
            what = f"Readers know another clause as `{name}`: {self.published.standing[-1].number} has it"
            cure = "Choose a new id; that one is free after the next release"
            raise fail(self.path(name), 0, "clause-id", what, cure)

    def listed(self, order: Sequence[str]) -> Changes:
        """``policy.yml`` with the clauses in another order."""
        if PREAMBLE in order[1:]:
            cure = "Choose another place: the text without a heading opens the policy"
            raise fail(self.settings, 0, "preamble-first", "`preamble` would not come first", cure)
        return _listed(self.files, self.settings, order)

    def place(self, name: str, before: str, after: str) -> tuple[str, ...]:
        """The order with ``name`` before or after another clause; at the end where neither is given."""
        order = [each for each in self.order if each != name]
        beside = before or after
        if beside and beside not in order:
            self.file(beside)
            raise fail(self.settings, 0, "clauses", f"`{name}` cannot stand beside itself", "Name another clause")
        at = order.index(beside) + bool(after) if beside else len(order)
        return (*order[:at], name, *order[at:])


def unused(files: Mapping[str, bytes], document: str) -> None:
    """Raise InForceError unless ``document`` can be the id of a new policy, of which there are no files yet."""
    base = draft_folder(document)
    if wrong := clause_text.id_problem(document, document=True):
        raise fail(base, 0, "document-id", f"`{document}` {wrong}", "Choose another id, such as `privacy`")
    if any(path.startswith((base, ledger_folder(document))) for path in files):
        cure = "Choose another id; or add to that one: inforce clause add"
        raise fail(base, 0, "policy-twice", f"There is a policy `{document}` already", cure)


def begin(document: str, settings: Settings, text: str) -> dict[str, bytes]:
    """The first files of a policy: its settings, and an opening as its preamble."""
    opening = folder.clause_path(document, PREAMBLE)
    return {folder.settings_path(document): write_settings(settings), opening: f"{text.strip()}\n".encode()}


def add(editor: DraftEditor, name: str, heading: str, text: str, before: str = "", after: str = "") -> Changes:
    """A new clause; ``heading`` is left out for the preamble, which comes first wherever it is put."""
    editor.free(name)
    if any(name in editor.note(other).was for other in editor.order):
        editor.unread(name, Note())
    if name == PREAMBLE:
        before, after = next(iter(editor.order), ""), ""
    body = text if name == PREAMBLE else f"## {heading}\n\n{text}"
    return {editor.path(name): f"{body.strip()}\n".encode(), **editor.listed(editor.place(name, before, after))}


def rename(editor: DraftEditor, name: str, new: str) -> Changes:
    """The clause ``name`` under another id; links to it follow. Its heading stays as it is."""
    front, _ = editor.parts(name)
    editor.free(new)
    if PREAMBLE in (name, new):
        cure = "Add or remove it, or move its text"
        raise fail(editor.path(name), 0, "preamble", "The preamble has no heading, so no other clause becomes it", cure)
    note = editor.note(name)
    editor.unread(new, note)
    was = _lineage(editor, (name, *note.was), new)
    texts = editor.followed(places.renamed(editor.places, name, new))
    written = folder.with_note(front, texts.pop(name), replace(note, was=was))
    order = tuple(new if each == name else each for each in editor.order)
    return {**editor.with_texts(texts), editor.path(new): written, editor.path(name): None, **editor.listed(order)}


def move(editor: DraftEditor, name: str, before: str = "", after: str = "") -> Changes:
    """The clause ``name`` in another place of the order."""
    editor.file(name)
    order = editor.place(name, before, after)
    if order == editor.order:
        raise fail(editor.settings, 0, "clauses", f"`{name}` stands there already", "Name another place")
    return editor.listed(order)


def split(editor: DraftEditor, name: str, new: str, at: str, heading: str = "") -> Changes:
    """The clause ``name`` cut in two: from ``at`` on, a line's number or the text of a heading, it becomes ``new``.

    A sub-heading there becomes the new clause's heading, unless ``heading`` is another.
    """
    editor.free(new)
    front, _ = editor.parts(name)
    whole = editor.file(name)
    line = _line(whole, at) - whole.before
    begun = next((each for each in markdown.read(whole.body).headings if each.first == line and each.level > 2), None)
    parts = definitions.cut(whole.body, line)
    texts = editor.followed(places.parted(editor.places, name, new, parts, line, begun.id if begun else ""))
    first, second = definitions.cut(texts.pop(name), line)
    if begun:
        heading, second = heading or begun.text, _shifted(second.partition("\n")[2], -1).strip("\n")
    if not heading:
        cure = "Give --heading, or cut at a sub-heading"
        raise fail(editor.path(name), 0, "no-heading", "The new clause would have no heading", cure)
    note = editor.note(name)
    editor.unread(new, note)
    was = _lineage(editor, (name, *note.was), new)
    if new in note.was:  # it was merged into this one, and is itself again
        note, was = replace(note, was=tuple(former for former in note.was if former != new)), ()
    return {
        **editor.with_texts(texts),
        editor.path(name): folder.with_note(front, f"{first}\n", note),
        editor.path(new): folder.with_note("", f"## {heading}\n\n{second}\n", Note(was=was)),
        **editor.listed(editor.place(new, "", name)),
    }


def merge(editor: DraftEditor, name: str, into: str) -> Changes:
    """The clause ``name`` at the end of the clause ``into``, its heading one level deeper; links to it follow."""
    if name == into:
        raise fail(editor.path(name), 0, "clauses", "A clause cannot be merged with itself", "Name two clauses")
    _, body = editor.parts(name)
    front, text = editor.parts(into)
    taken, kept = editor.note(name), editor.note(into)
    was = _lineage(editor, (*kept.was, name, *taken.was), into)
    ids = editor.places.ids
    other = definitions.fresh({each for each in ids[name] if not definitions.OF_A_FOOTNOTE.match(each)}, ids[into])
    texts = editor.followed(places.merged(editor.places, name, into, other))
    text = texts.pop(into)
    body = definitions.beside(texts.pop(name), text, other)
    lower = body.strip("\n") if name == PREAMBLE else _shifted(body, 1).strip("\n")
    said = replace(kept, severity=kept.severity or taken.severity, note=kept.note or taken.note, was=was)
    written = folder.with_note(front, f"{text.rstrip()}\n\n{lower}\n", said)
    order = tuple(each for each in editor.order if each != name)
    return {**editor.with_texts(texts), editor.path(into): written, editor.path(name): None, **editor.listed(order)}


def remove(editor: DraftEditor, name: str, note: Note) -> Changes:
    """The clause ``name`` taken out. Where readers know it, ``next.yml`` says so with what ``note`` says of it."""
    editor.file(name)
    path = folder.next_path(editor.document)
    others = [each for each in editor.order if each != name]
    living = {*others, *(former for each in others for former in editor.note(each).was)}
    gone = [each for each in _lineage(editor, (name, *editor.note(name).was), "") if each not in living]
    changes: Changes = {editor.path(name): None, **editor.listed(others)}
    if not others:
        cure = "Add another clause first; or end the policy: inforce retire"
        raise fail(editor.path(name), 0, "clauses", f"`{name}` is the only clause", cure)
    if gone and (note.severity or note.note):
        changes[path] = _next(editor, path, dict.fromkeys(gone, note))
    return changes


def restore(files: Mapping[str, bytes], version: Version, was: Mapping[str, tuple[str, ...]]) -> Changes:
    """What to write so that the draft's text is that of ``version``.

    ``files`` are all of the project's; ``was`` names for a clause of ``version`` the ids by which readers know it now,
    where these are others. That is all that is noted of the coming change: other notes go, and so does ``next.yml``.
    Settings other than the clauses' order, and front matter that is nobody's note, stay as they are. Raises
    InForceError where ``policy.yml`` is missing or cannot be read.
    """
    base = draft_folder(version.document)
    settings = folder.settings_path(version.document)
    if settings not in files:
        raise fail(settings, 0, "missing-file", "The draft has no policy.yml", "Bring it back from git, or write it")
    wanted: Changes = {}
    for clause in version.clauses:
        path = folder.clause_path(version.document, clause.id)
        front = folder.unnoted(clause.id, files[path], path).front if path in files else ""
        wanted[path] = folder.with_note(front, folder.clause_file(clause), Note(was=was.get(clause.id, ())))
    wanted |= _listed(files, settings, tuple(version.by_id))
    for path in files:
        if path.startswith(base) and folder.is_read(path.removeprefix(base)):
            wanted.setdefault(path, None)
    return {path: data for path, data in wanted.items() if data != files.get(path)}


def is_released(policy: Policy) -> bool:
    """Whether the draft says nothing that is not in the ledger: some version's text, nothing noted, no summary.

    What a clause was called is not lost with the draft: the ledger tells it.
    """
    draft = policy.draft
    if draft is None or draft.summary or draft.accept_by:
        return False
    if any(replace(note, was=()) != Note() for note in draft.notes.values()):
        return False
    return any(version.clauses == draft.clauses for version in policy.ledger.versions)


def _listed(files: Mapping[str, bytes], settings: str, order: Sequence[str]) -> Changes:
    """``policy.yml``, at ``settings``, with the clauses in another order."""
    return {settings: yaml.with_list(normal.decode(files[settings], settings), settings, "clauses", order).encode()}


def _next(editor: DraftEditor, path: str, notes: Mapping[str, Note]) -> bytes:
    """``next.yml`` with further notes."""
    coming = folder.read_next(path, editor.files[path])[0] if path in editor.files else NextVersion()
    return folder.next_file(replace(coming, notes={**coming.notes, **notes}))


def _lineage(editor: DraftEditor, names: Sequence[str], new: str) -> tuple[str, ...]:
    """Those of ``names`` that readers know, the clause's own id left out."""
    return tuple(name for name in dict.fromkeys(names) if name in editor.known and name != new)


def _line(file: ClauseFile, at: str) -> int:
    """The line, from 1, of a clause's file that ``at`` means."""
    read = markdown.read(file.body)
    headings = {each.text: each.first + file.before for each in read.headings if each.level > 2 and not each.nested}
    if at in headings:
        return headings[at]
    if not at.isdigit():
        cure = meant(at, headings, f"The headings in it are: {', '.join(headings) or 'none'}; or give a line's number")
        raise fail(file.path, 0, "split", f"`{file.clause.id}` has no heading {at!r}", cure)
    line = int(at) - file.before
    if not 1 < line <= len(read.rows):
        raise fail(file.path, 0, "split", f"Line {at} is not one within the text", "Choose one below the heading")
    for token in read.tokens:
        first, end = token.map or (line, line)
        if token.type in _WHOLE and first < line - 1 and any(map(str.strip, read.rows[line - 1 : end])):
            what = f"This line is within {_WHOLE[token.type]}, which cannot be cut in two"
            raise fail(file.path, int(at), "split", what, "Choose one outside of it")
    return int(at)


def _shifted(text: str, by: int) -> str:
    """Headings one level deeper or higher, none above the third nor below the sixth."""
    rows = text.split("\n")
    for heading in markdown.read(text).headings:
        row = rows[heading.first - 1]
        if heading.level > 1 and row.startswith("#"):
            rows[heading.first - 1] = "#" * min(max(heading.level + by, 3), 6) + row[heading.level :]
    return "\n".join(rows)
