"""Small projects in memory: path -> bytes, as ``sources.read`` takes them. Nothing here touches a disk or a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from inforce import project as sources
from inforce.draft import folder
from inforce.errors import Level, Problem, errors
from inforce.ledger import chain
from inforce.ledger import entries as ledger
from inforce.model import Change, Clause, Draft, Event, EventKind, Ledger, Note, Requirement, Severity, Version
from inforce.release import proposal
from inforce.release.proposal import ReleaseOptions

Files = dict[str, bytes]

POLICY = "policy/privacy/"
SETTINGS = f"{POLICY}policy.yml"
NEXT = f"{POLICY}next.yml"

TEXTS = {
    "preamble": "This is what we do with your data.",
    "purpose": "## Purpose\n\nWe use your address to ship your order.",
    "contact": "## Contact\n\nWrite to privacy@policies.example.",
}
"""Clause id -> the text of its file."""


def at(text: str) -> datetime:
    """An instant; a bare day is its midnight in Shanghai."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00+08:00")


def settings(order: Iterable[str] = TEXTS, /, **lines: str | None) -> bytes:
    """A ``policy.yml``. ``lines`` replace the YAML behind a key; None takes the key out."""
    values: dict[str, str | None] = {
        "title": '"Privacy Policy"',
        "kind": '"privacy-policy"',
        "requires": '"acknowledge"',
        "language": '"en"',
        "timezone": '"Asia/Shanghai"',
        "notice_days": '{material: "30", notice: "7", editorial: "0"}',
        "contact": '"mailto:privacy@policies.example"',
        "clauses": "[" + ", ".join(order) + "]",
        **lines,
    }
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None).encode()


def policy(texts: Mapping[str, str] = TEXTS, **lines: str | None) -> Files:
    """The files of a draft: its settings and one file a clause."""
    clauses = {f"{POLICY}{name}.md": f"{text}\n".encode() for name, text in texts.items()}
    return {SETTINGS: settings(texts, **lines), **clauses}


def draft_of(files: Mapping[str, bytes]) -> Draft:
    """The draft in ``files``, which must be without fault."""
    draft, problems = folder.read("privacy", files)
    assert draft is not None, problems
    assert not errors(problems), problems
    return draft


def ledger_of(files: Mapping[str, bytes]) -> Ledger:
    """The ledger in ``files``, which must be without fault."""
    found, problems = chain.read("privacy", files)
    assert not problems
    return found


def released(files: Mapping[str, bytes], day: str, **options: object) -> Files:
    """``files`` with the next version, made on ``day``, and with the notes taken out of the draft as a release does."""
    version = proposal.prepare(draft_of(files), ledger_of(files), ReleaseOptions(**options), at(day))  # type: ignore[arg-type]
    kept = {path: data for path, data in files.items() if path != NEXT}
    for path in [path for path in kept if path.startswith(POLICY) and path.endswith(".md")]:
        kept[path] = folder.without_notes(kept[path], path)
    return {**kept, version.path: ledger.compose(version)}


def edited(
    files: Mapping[str, bytes], clause: str, text: str, severity: str = "editorial", note: str = "", because: str = ""
) -> Files:
    """``files`` with another text in one clause, and what that change is."""
    said = {"severity": severity, "note": note, "editorial_because": because}
    told = "---\n" + "".join(f'{key}: "{value}"\n' for key, value in said.items() if value) + "---\n"
    return {**files, f"{POLICY}{clause}.md": f"{told}{text}\n".encode()}


def happened(files: Mapping[str, bytes], kind: EventKind, day: str, **words: str) -> Files:
    """``files`` with one more event at the end of the chain, whether it is allowed or not."""
    found = ledger_of(files)
    words = {"reason": "It was a mistake.", **words}
    event = Event("privacy", len(found.events) + 1, kind, at(day), found.head or "", **words)
    return {**files, event.path: ledger.compose_event(event)}


def shipped() -> Files:
    """A project with 1.0 (2026-01-01), 1.1 (2026-02-01, editorial) and 2.0 (2026-03-01, in force from 2026-04-01)."""
    files = released(policy(), "2026-01-01", summary="The first one.")
    files = edited(files, "contact", "## Contact\n\nWrite to privacy@policies.example, please.")
    files = released(files, "2026-02-01", summary="Politer.")
    files = edited(files, "purpose", "## Purpose\n\nWe sell your address.", "material", "We sell addresses now.")
    return released(files, "2026-03-01", summary="We sell.", effective=at("2026-04-01"))


def version(clauses: Iterable[Clause], previous: Version | None = None, **values: object) -> Version:
    """A version of the policy as the ledger gives it back, after ``previous``."""
    base = Version(
        document="privacy",
        number="1.0",
        title="Privacy Policy",
        language="en",
        kind="privacy-policy",
        requires=Requirement.ACKNOWLEDGE,
        announced=at("2026-01-01"),
        effective=at("2026-01-01"),
        severity=Severity.MATERIAL,
        previous=previous.digest if previous else None,
        amends=previous.number if previous else None,
        summary="What is new.",
        changes=(),
        clauses=tuple(clauses),
    )
    made = replace(base, **values)  # type: ignore[arg-type]
    return ledger.parse(made.path, ledger.compose(made))


def clause(name: str, body: str = "Text.") -> Clause:
    """A released clause under its own name."""
    return Clause(name, body if name == "preamble" else f"## {name.title()} {{#{name}}}\n\n{body}")


def change(name: str, *kinds: str, severity: Severity = Severity.EDITORIAL, was: tuple[str, ...] = ()) -> Change:
    """A change of one clause."""
    return Change(name, severity, "", kinds, was)


def problems(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything that reading and checking a project finds."""
    return sources.read(files).problems


def note(severity: Severity | None = None, words: str = "", *was: str, because: str = "") -> Note:
    """What an editor says of a clause's coming change."""
    return Note(severity, words, was, because)


def assert_told(problems: tuple[Problem, ...], place: str, what: str, cure: str, level: Level = Level.ERROR) -> None:
    """At that place stands one line that says what is wrong and how to mend it."""
    there = [problem for problem in problems if problem.place == place]
    assert there, f"nothing at {place}, but: {[str(problem) for problem in problems]}"
    told = [problem for problem in there if what in problem.what and cure in problem.cure and problem.level is level]
    assert told, [str(problem) for problem in there]
    assert "\n" not in str(told[0])
