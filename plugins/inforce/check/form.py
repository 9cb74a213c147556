"""What is wrong in a draft's form beyond what reading finds: in its words, its links within the policy, its notes.

Reading has its own findings (encoding, structure, listing). Links to other pages are ``links``, what a policy has to do
is ``duties``, what makes a version wrong is ``release.rules``.
"""

import re
from collections.abc import Iterator
from html import unescape

from inforce.errors import Level, Problem, meant
from inforce.model import ClauseFile, Draft, Ledger, draft_folder
from inforce.release import proposal
from inforce.text import html as rendering
from inforce.text import markdown, references, unsafe

GITATTRIBUTES = ("versions/** -text -filter -ident", "policy/**/*.md text eol=lf", "policy/**/*.yml text eol=lf")
"""The lines without which a checkout on Windows changes digests. Of a draft they name its texts alone."""

_ANCHOR = re.compile(r' href="#([^"]+)"')


def draft_problems(draft: Draft, ledger: Ledger) -> Iterator[Problem]:
    """What is wrong in a draft's words and notes."""
    for file in draft.files.values():
        yield from unsafe.find(file)
    yield from _references(draft)
    yield from _anchors(draft)
    if ledger.standing:
        yield from _idle_notes(draft, ledger)


def _references(draft: Draft) -> Iterator[Problem]:
    sources = [(name, file.body) for name, file in draft.files.items()]
    for name, line, written, definer in references.undefined(sources):
        what = f"{written} is not defined in this clause"
        cure = (
            "Define it here; each clause is read on its own"
            if definer
            else "Define it, or write \\[ for a plain bracket"
        )
        if definer:
            what = f"{what}, but in {definer}.md"
        file = draft.files[name]
        yield Problem(file.path, line + file.before, "reference", what, cure)


def _anchors(draft: Draft) -> Iterator[Problem]:
    """Links to a place that no clause has. The page's own ids besides those, such as a table's, are no promise."""
    shown = {clause.id: rendering.render(clause) for clause in draft.clauses}
    known = {"top", *draft.settings.clauses, *(name for html in shown.values() for name in html.ids)}
    for clause, html in shown.items():
        own = {name.removeprefix(f"{clause}--") for name in html.ids}
        for anchor in dict.fromkeys(unescape(found) for found in _ANCHOR.findall(html.body)):
            if anchor not in known:
                what = f"`#{anchor}` leads nowhere: it is neither a clause of this policy nor an id in this clause"
                cure = meant(anchor, (*draft.settings.clauses, *own), "Write a clause's id, as policy.yml lists it")
                file = draft.files[clause]
                yield Problem(file.path, _line_of_anchor(anchor, file), "anchor", what, cure)


def _line_of_anchor(anchor: str, file: ClauseFile) -> int:
    """The first line of a clause's file that links to ``anchor``; 0 where it is written in some other way."""
    links = (link for link in markdown.read(file.body).links if link.kind != "reference")
    return next((link.line + file.before for link in links if link.address == f"#{anchor}"), 0)


def _idle_notes(draft: Draft, ledger: Ledger) -> Iterator[Problem]:
    """Notes on clauses that do not differ from the last standing version, a ``next.yml`` with nothing to announce."""
    last = ledger.standing[-1]
    pending = proposal.pending_changes(draft, ledger)
    changed = {change.clause for change in pending}
    for name, note in draft.notes.items():
        place = note.path, note.line
        if name not in changed:
            what = f"`{name}` has a note, but does not differ from {last.number}"
            cure = "Take severity, note and was out; they count for nothing"
            if name not in (*last.by_id, *draft.settings.clauses):
                what = f"There is no clause `{name}`, neither in {last.number} nor in the draft"
                cure = meant(name, set(last.by_id) - set(draft.settings.clauses) or last.by_id, cure)
            yield Problem(*place, "idle-note", what, cure, Level.WARNING)
            continue
        for former in note.was:
            if former not in last.by_id:
                what = f"`was` names `{former}`, which {last.number} does not have"
                cure = meant(former, last.by_id, "Name the clause's id there, or take it out")
                yield Problem(*place, "lineage", what, cure, Level.WARNING)
    if draft.has_next and not pending and not proposal.settings_changed(draft, last):
        what = f"Nothing differs from {last.number}, so this announces nothing"
        yield Problem(f"{draft_folder(draft.document)}next.yml", 0, "idle-note", what, "Delete the file", Level.WARNING)


def attributes_problems(gitattributes: bytes | None) -> Iterator[Problem]:
    """Whether ``.gitattributes`` keeps the ledger's bytes as they are."""
    told = {" ".join(line.split()) for line in (gitattributes or b"").decode("utf-8", "replace").splitlines()}
    for line in GITATTRIBUTES:
        if line not in told:
            what = f"The line `{line}` is missing"
            yield Problem(
                ".gitattributes", 0, "gitattributes", what, "Add it: without it a checkout can change digests"
            )
