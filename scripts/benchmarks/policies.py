"""A policy with a long history, made up, and sites of it; the same sizes give the same bytes on every machine.

It is released by the package's own functions, so that its chain, numbers and changes are what an editor would have
made. ``python -m benchmarks.policies VERSIONS CLAUSES FOLDER`` writes three MkDocs projects with the same pages below
the folder: ``policies``; ``plain``, the bare texts as Markdown files that somebody keeps by hand, without dates,
digests or links between versions; ``empty``, nothing on them.
With the number of documents before the others, it writes one project of so many policies into the folder itself.
"""

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.repositories import write
from core import builders
from inforce import project as sources
from inforce.check.drafts import GITATTRIBUTES
from inforce.draft.folder import draft_folder
from inforce.ledger import entries as ledger
from inforce.model import Clause, Draft, Ledger, Note, Policy, Severity, Version
from inforce.release import proposal

AS_OF = "2026-06-01T00:00:00+00:00"
_FIRST_RELEASE = datetime(2012, 1, 2, 9, tzinfo=UTC)
_DAYS_BETWEEN = 17  # 300 releases end before AS_OF, and a material one is in force before the next is announced
_SETTINGS = {
    "timezone": '"UTC"',
    "notice_days": '{material: "14", notice: "7", editorial: "0"}',
    "checks": '{not-editorial: "off"}',  # sentences are exchanged at random here, and graded at random
}

_TOPICS = ("orders", "payments", "deliveries", "returns", "accounts", "reviews", "cookies", "surveys", "phone calls")
_WHO = ("Our shop", "Our support", "The team that handles {topic}", "Our payment partner", "A carrier acting for us")
_DOES = ("keeps", "records", "checks", "compares", "sends", "deletes", "encrypts", "corrects", "passes on")
_WHAT = ("your name", "your address", "the date of birth that you gave", "your telephone number", "the order's number")
_WHY = ("to bring you what you ordered", "because the law on invoices asks for it", "to find out why a page failed")
_HOW_LONG = ("for thirty days", "for as long as the account exists", "for six years", "until the parcel has arrived")
_LINKS = ("[how to reach us](mailto:privacy@shop.example)", "[your rights](#clause-3)", "[us](https://shop.example/us)")

_PROJECT = """\
site_name: Policies
site_url: https://policies.example/
theme: {name: material}
plugins:
  - search
"""
_PLUGIN = f"  - inforce: {{as_of: '{AS_OF}'}}\n"
_NAV = "nav: [{Home: index.md}, {Privacy policy: privacy/index.md}]\n"
_IDS = "markdown_extensions: [attr_list]\n"
_EMPTY = "---\nsearch: {exclude: true}\n---\n\n# Empty\n"


def policy(versions: int, clauses: int, document: str = "privacy") -> builders.Files:
    """The files of a project (path -> bytes) with one policy of that many published versions and clauses.

    Every version after the first changes one to three clauses. The draft changes some more, and can be
    released on the same day.
    """
    chance = random.Random(f"{versions} versions of {clauses} clauses")
    texts = {f"clause-{place}": _clause(chance, place) for place in range(1, clauses + 1)}
    settings = {f"{draft_folder(document)}policy.yml": builders.settings(texts, **_SETTINGS)}
    first = {f"{draft_folder(document)}{name}.md": text.encode() for name, text in texts.items()}
    draft = sources.read({**settings, **first}).policies[0].draft
    assert draft is not None
    published, files = Ledger(document), settings
    for place in range(versions):
        announced = _FIRST_RELEASE + place * timedelta(days=_DAYS_BETWEEN)
        version = _released(draft, published, announced)
        published = Ledger(document, (*published.entries, version))
        files[version.path] = ledger.compose(version)
        draft = _amended(draft, chance, (6, 3, 1) if place < versions - 1 else (1, 0, 0))
    return files | _draft_files(draft)


def _released(draft: Draft, published: Ledger, announced: datetime) -> Version:
    effective = proposal.earliest_effective(draft, published, proposal.ReleaseOptions(), announced)
    told = f"{len(draft.notes)} of its clauses say more precisely what happens." if draft.notes else "The first one."
    return proposal.prepare(draft, published, proposal.ReleaseOptions(effective=effective, summary=told), announced)


def _amended(draft: Draft, chance: random.Random, weights: tuple[int, int, int]) -> Draft:
    """The draft with one to three clauses reworded, and a note on each; ``weights`` are those of the severities."""
    chosen = set(chance.sample([clause.id for clause in draft.clauses], min(len(draft.clauses), chance.randint(1, 3))))
    clauses = (
        replace(each, text=_reworded(each.text, chance)) if each.id in chosen else each for each in draft.clauses
    )
    severities = chance.choices((Severity.EDITORIAL, Severity.NOTICE, Severity.MATERIAL), weights, k=len(chosen))
    words = f"What we do {chance.choice(_WHY)} is said more precisely."
    notes = {name: Note(severity, words) for name, severity in zip(sorted(chosen), severities, strict=True)}
    return replace(draft, clauses=tuple(clauses), notes=notes)


def _draft_files(draft: Draft) -> builders.Files:
    def content(clause: Clause) -> str:
        note = draft.notes.get(clause.id)
        front = f'---\nseverity: "{note.severity}"\nnote: "{note.note}"\n---\n' if note else ""
        return f"{front}## {clause.heading}\n\n{clause.body}\n"

    folder = draft_folder(draft.document)
    clauses = {f"{folder}{clause.id}.md": content(clause).encode() for clause in draft.clauses}
    return {**clauses, f"{folder}next.yml": b'summary: "Some clauses are worded more simply."\n'}


def _clause(chance: random.Random, place: int) -> str:
    """A clause file of 60 to 200 words: sentences a line each, a list in every second one, a link or two."""
    mark = "- " if place % 2 else ""
    sentences = [_sentence(chance) for _ in range(chance.randint(2, 6))]
    listed = [f"{mark}{sentence}" for sentence in sentences[2:]]
    link = f"You may want to read {chance.choice(_LINKS)}, **before** you decide."
    heading = f"## How we treat {_TOPICS[place % len(_TOPICS)]}"
    return "\n".join([heading, "", *sentences[:2], "", link, "", *listed, ""])


def _sentence(chance: random.Random) -> str:
    who, topic = chance.choice(_WHO).format(topic=chance.choice(_TOPICS)), chance.choice(_TOPICS)
    link = f", as told in {chance.choice(_LINKS)}" if chance.random() < 0.15 else ""
    said = " ".join(map(chance.choice, (_DOES, _WHAT, _HOW_LONG, _WHY)))
    return f"{who} {said}{link}, where {topic} are concerned."


def _reworded(text: str, chance: random.Random) -> str:
    """``text`` with one of its sentences written anew."""
    lines = text.split("\n")
    place = chance.choice([place for place, line in enumerate(lines) if line.endswith(".") and line[0] != "#"])
    lines[place] = ("- " if lines[place].startswith("- ") else "") + _sentence(chance)
    return "\n".join(lines)


def _pages(made_up: Policy) -> dict[str, str]:
    """The pages by their paths below the document's folder: every version, the current one, the list, the clauses."""
    versions = made_up.ledger.versions
    pages = {f"{version.number}/index.md": _text(version) for version in versions}
    pages["index.md"] = _text(versions[-1]) + _list(versions, "")
    pages["versions/index.md"] = f"# Every version\n{_list(versions, '../')}"
    return pages | {f"clauses/{each.id}/index.md": _history(versions, each.id) for each in versions[-1].clauses}


def _text(version: Version) -> str:
    clauses = "\n\n".join(clause.text for clause in version.clauses)
    return f"# {version.title}, version {version.number}\n\n{clauses}\n"


def _list(versions: Sequence[Version], up: str) -> str:
    """Every version with its summary and its changes, newest first."""
    entries = []
    for version in reversed(versions):
        changes = "".join(f"\n    - {change.clause}: {change.note}" for change in version.changes)
        entries.append(f"- [Version {version.number}]({up}{version.number}/index.md): {version.summary}\n{changes}")
    return "\n" + "\n".join(entries) + "\n"


def _history(versions: Sequence[Version], name: str) -> str:
    """One clause's text in every version that changed it, newest first, the first version's last."""
    found = [each for each in versions if each is versions[0] or any(change.clause == name for change in each.changes)]
    texts = (f"## Version {version.number}\n\n{version.by_id[name].body}\n" for version in reversed(found))
    return f"# {name}: history\n\n" + "\n".join(texts)


def record(document: str, row: Mapping[str, Any], **told: Any) -> dict[str, Any]:
    """A customer's record of a version, by the version's row in the manifest; ``told`` is what else it says."""
    named = {name: row[name] for name in ("version", "sequence", "language", "digest")}
    kept = {"document": document, "manifest_serial": row["sequence"], "at": row["effective_at"], "surface": "checkout"}
    return {"action": "acknowledged", "base": row.get("amends"), "until": None, **named, **kept, **told}


def main(versions: int, clauses: int, target: Path) -> None:
    """Write the three projects."""
    files = policy(versions, clauses)
    pages = {f"docs/privacy/{name}": text for name, text in _pages(sources.read(files).policies[0]).items()}
    attributes = {".gitattributes": "".join(f"{line}\n" for line in GITATTRIBUTES)}
    projects: dict[str, tuple[str, dict[str, str | bytes]]] = {
        "policies": (_PROJECT + _PLUGIN + _NAV, {**files, **attributes}),
        "plain": (_PROJECT + _IDS + _NAV, {**pages}),
        "empty": (_PROJECT + _NAV, {**dict.fromkeys(pages, _EMPTY)}),
    }
    for name, (settings, contents) in projects.items():
        write(target / name, {**contents, "mkdocs.yml": settings, "docs/index.md": "# Policies\n"})


def several(documents: int, versions: int, clauses: int, target: Path) -> None:
    """Write one MkDocs project with that many policies."""
    files: dict[str, str | bytes] = {"mkdocs.yml": _PROJECT + _PLUGIN, "docs/index.md": "# Policies\n"}
    for number in range(documents):
        files |= policy(versions, clauses, f"policy-{number}")
    write(target, files)


if __name__ == "__main__":
    *sizes, folder = sys.argv[1:]
    make = several if len(sizes) > 2 else main
    make(*map(int, sizes), Path(folder))  # type: ignore[operator]
