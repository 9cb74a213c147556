"""Candidates with their ids -> the ledger's versions and the draft: what is written, and what an editor should know.

Every version is made by the same rules as a release (``release.prepare``), with every change unclassified.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inforce.draft import folder
from inforce.draft import settings as settings_file
from inforce.errors import InForceError, errors
from inforce.importing import conservation, links
from inforce.importing.histories import Candidate
from inforce.importing.identity import Named
from inforce.importing.reading import Section, source_lines
from inforce.ledger import entries as ledger
from inforce.model import Clause, Draft, Ledger, Note, Settings, Version, draft_folder
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions
from inforce.text import clauses as clause_text
from inforce.text import unsafe


@dataclass(frozen=True)
class Terms:
    """What an editor says of the whole import: the document's id, its settings (without clauses), its origin's name.

    ``base`` is the address that the source had, for its relative links; empty where they stay as they are. ``title``
    and ``summary`` are every version's where they are not empty; otherwise the text's own title, and what changed.
    """

    document: str
    settings: Settings
    origin: str
    base: str = ""
    title: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Made:
    """One version as it was made, and what an editor should look at in it: (line of the source, what was found)."""

    candidate: Candidate
    version: Version
    notes: tuple[tuple[int, str], ...]
    relative: tuple[str, ...]


def make(candidates: Sequence[Candidate], named: Sequence[Named], terms: Terms, now: datetime) -> Iterator[Made]:
    """The versions, oldest first, each proved to hold every word of its source.

    Raises InForceError for a text that no clause can hold, naming its origin and line.
    """
    published = Ledger(terms.document)
    made: Made | None = None
    for candidate, names in zip(candidates, named, strict=True):
        reading = candidate.snapshot.reading
        sections, notes = links.complete(reading, names.ids, terms.base)
        clauses = tuple(_clause(*row, candidate) for row in zip(names.ids, sections, strict=True))
        place = candidate.snapshot.origin.name
        conservation.prove(source_lines(candidate.snapshot.data, place), reading, clauses, place)
        settings = replace(terms.settings, title=terms.title or reading.title or terms.settings.title)
        if made and (made.version.clauses, made.version.title) == (clauses, settings.title):
            made = replace(made, candidate=_folded(made.candidate, candidate))
            continue
        if made:
            yield made
        was = {name: Note(was=sources) for name, sources in names.was.items()}
        draft = Draft(terms.document, settings, clauses, was)
        version = proposal.prepare(draft, published, _wish(draft, published, candidate, terms), now)
        published = Ledger(terms.document, (*published.entries, version))
        made = Made(candidate, version, (*reading.notes, *notes), tuple(links.relative(sections)))
    if made:
        yield made


def _folded(one: Candidate, other: Candidate) -> Candidate:
    """``one`` with ``other``, which turned out to have its very text."""
    return replace(one, snapshot=other.snapshot, folded=(*one.folded, one.snapshot, *other.folded))


def _clause(name: str, section: Section, candidate: Candidate) -> Clause:
    """One clause as its file would be read, with nothing wrong in it."""
    text = f"## {section.heading}\n\n{section.body}\n" if section.heading else f"{section.body}\n"
    path = f"{candidate.snapshot.origin.name}, clause {name}"
    found = clause_text.read_clause(name, _bare(text), path)
    if wrong := errors((*found.problems, *unsafe.find(found))):
        raise InForceError(*wrong)
    return found.clause


def _bare(text: str) -> bytes:
    """A clause's text as a file: a rule at its beginning must not pass for front matter."""
    return (f"\n{text}" if text.startswith("---") else text).encode()


def _wish(draft: Draft, published: Ledger, candidate: Candidate, terms: Terms) -> ReleaseOptions:
    origin = candidate.snapshot.origin
    return ReleaseOptions(
        effective=candidate.effective,
        announced=candidate.announced,
        imported_from=f"{terms.origin}: {origin.name}" if terms.origin else origin.name,
        summary=terms.summary or _summary(draft, published),
    )


def _summary(draft: Draft, published: Ledger) -> str:
    """What changed, said without saying what it means: nobody has graded it yet."""
    if not published.standing:
        return "The first version that was imported."
    changes = proposal.pending_changes(draft, published, ReleaseOptions())
    titles = {clause.id: clause.heading for clause in (*published.standing[-1].clauses, *draft.clauses)}
    names = [titles[change.clause] or "the introduction" for change in changes]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"Imported, not classified yet. Changed: {shown or 'the title'}."


def files(made: Sequence[Made], settings: Settings) -> dict[str, bytes]:
    """Path -> bytes of all that an import writes: the versions, the draft of the last one's text."""
    last = made[-1].version
    base = draft_folder(last.document)
    found = {each.version.path: ledger.compose(each.version) for each in made}
    found[f"{base}policy.yml"] = settings_file.write(replace(settings, title=last.title, clauses=tuple(last.by_id)))
    return found | {f"{base}{clause.id}.md": folder.clause_file(clause).encode() for clause in last.clauses}
