"""A version's text -> the files of ``policy/<document>/`` that read as that version does.

Settings other than the clauses' order, and front matter that is nobody's note, stay as they are. It writes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from inforce.draft import editing
from inforce.draft import files as drafts
from inforce.errors import fail
from inforce.model import PREAMBLE, Clause, Note, Policy, Version, draft_folder
from inforce.text import normal as texts
from inforce.text import yaml as frontmatter


def restore(
    files: Mapping[str, bytes], version: Version, was: Mapping[str, tuple[str, ...]]
) -> dict[str, bytes | None]:
    """What to write (path -> bytes, None to delete) so that the draft's text is that of ``version``.

    ``files`` are all of the project's; ``was`` names for a clause of ``version`` the ids by which readers know it now,
    where these are others. That is all that is noted of the coming change: other notes go, and so does ``next.yml``.
    Raises InForceError where ``policy.yml`` is missing or cannot be read.
    """
    base = draft_folder(version.document)
    settings = f"{base}policy.yml"
    if settings not in files:
        raise fail(settings, 0, "missing-file", "The draft has no policy.yml", "Bring it back from git, or write it")
    wanted: dict[str, bytes | None] = {}
    for clause in version.clauses:
        path = f"{base}{clause.id}.md"
        text = _front_matter(files.get(path, b""), path) + clause_file(clause)
        known = was.get(clause.id, ())
        wanted[path] = editing.with_note(text.decode(), path, Note(was=known)) if known else text
    order = tuple(clause.id for clause in version.clauses)
    listing = texts.decode(files[settings], settings)
    wanted[settings] = frontmatter.with_list(listing, settings, "clauses", order).encode()
    for path in files:
        if re.fullmatch(re.escape(base) + r"([^/]+\.md|next\.yml)", path):
            wanted.setdefault(path, None)
    return {path: data for path, data in wanted.items() if data != files.get(path)}


def is_released(policy: Policy) -> bool:
    """Whether the draft says nothing that is not in the ledger: some version's text, nothing noted, no summary.

    What a clause was called is not lost with the draft: the ledger tells it.
    """
    draft = policy.draft
    if draft is None or draft.summary or any(replace(note, was=()) != Note() for note in draft.notes.values()):
        return False
    return any(version.clauses == draft.clauses for version in policy.ledger.versions)


def _front_matter(data: bytes, path: str) -> bytes:
    """The front matter of a clause file without notes; empty where nothing else is in it."""
    if not data:
        return b""
    text = texts.decode(drafts.without_notes(data, path), path)
    fields, _, before = frontmatter.split(text, path)
    return "".join(text.splitlines(keepends=True)[:before]).encode() if fields is not None else b""


def clause_file(clause: Clause) -> bytes:
    """A clause as its file holds it: without the id, below an empty line where it could pass for front matter."""
    if clause.id == PREAMBLE:
        opening = "\n" if clause.text.startswith(("---", "\ufeff")) else ""
        return f"{opening}{clause.text}\n".encode()
    heading, _, rest = clause.text.partition("\n")
    return (heading.removesuffix(f" {{#{clause.id}}}") + (f"\n{rest}" if rest else "") + "\n").encode()
