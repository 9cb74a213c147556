"""Projects on disk for tests: a policy that is edited and released as an editor would, and a site around it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from adapters import repositories
from inforce import project as sources
from inforce.adapters import files
from inforce.draft.folder import draft_folder, without_notes
from inforce.ledger import entries as ledger
from inforce.model import Event, EventKind, Note, Severity, Version
from inforce.release import proposal

ADDRESS = "https://shop.example/"
ANNOUNCED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = """\
title: "Shop Privacy"
kind: "privacy-policy"
requires: "acknowledge"
language: "en"
timezone: "Europe/Berlin"
notice_days: {{material: "30", notice: "7", editorial: "0"}}
contact: "mailto:privacy@shop.example"
clauses: [{clauses}]
checks: {{changes-told: "off"}}
"""
CLAUSES = {
    "preamble": "This shop explains what it does with data.",
    "cookies": "## Cookies\n\nWe set **two** cookies.\n\n- one for the basket\n- one for the language",
    "contact": "## Contact\n\nWrite to us. See [cookies](#cookies).",
}


def write_policy(root: Path, clauses: dict[str, str] = CLAUSES, document: str = "privacy") -> None:
    """A draft below ``root``: policy.yml and a file for each clause."""
    folder = root / "policy" / document
    folder.mkdir(parents=True, exist_ok=True)
    listing = ", ".join(f'"{name}"' for name in clauses)
    (folder / "policy.yml").write_text(POLICY.format(clauses=listing), encoding="utf-8")
    for name, text in clauses.items():
        (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")


def write_site(root: Path, *, theme: str = "mkdocs", options: str = "", site_url: str = ADDRESS) -> None:
    """``mkdocs.yml`` and a home page around the policies below ``root``."""
    lines = ["site_name: Shop", f"theme: {{name: {theme}}}", "plugins:", "  - search", f"  - inforce: {{{options}}}"]
    if site_url:
        lines.append(f"site_url: {site_url}")
    (root / "mkdocs.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "docs").mkdir(exist_ok=True)
    (root / "docs" / "index.md").write_text("# Shop\n\n[Privacy](privacy/index.md#cookies)\n", encoding="utf-8")


def publish(
    root: Path,
    *,
    at: datetime = ANNOUNCED,
    effective: date | datetime | None = None,
    severity: Severity = Severity.EDITORIAL,
    document: str = "privacy",
    summary: str = "A summary.",
) -> Version:
    """Release the draft below ``root`` as the command would, every change with ``severity``, a note and a reason."""
    found = sources.read(files.read(root))
    policy = found.policy(document)
    assert policy is not None
    assert policy.draft is not None
    assert found.errors == ()
    changed = proposal.pending_changes(policy.draft, policy.ledger)
    reason = "A test." if severity is Severity.EDITORIAL else ""
    notes = {change.clause: Note(severity, f"Note on {change.clause}.", because=reason) for change in changed}
    options = proposal.ReleaseOptions(effective=effective, summary=summary, waived="A test.", notes=notes)
    version = proposal.prepare(policy.draft, policy.ledger, options, at)
    written = {version.path: ledger.compose(version)}
    for name, data in files.read(root).items():
        if name.startswith(draft_folder(document)) and name.endswith(".md"):
            written[name] = without_notes(data, name)
    repositories.write(root, written)
    return version


def edit(root: Path, clause: str, text: str, document: str = "privacy") -> None:
    """Replace a clause's file."""
    (root / f"{draft_folder(document)}{clause}.md").write_text(text + "\n", encoding="utf-8")


def two_versions(root: Path) -> None:
    """1.0 in force since 2 March 2026, and 2.0 that takes effect on 1 May 2026."""
    write_policy(root)
    publish(root)
    edit(root, "cookies", "## Cookies\n\nWe set **three** cookies.\n\n- one for the basket\n- one for the language")
    publish(root, at=ANNOUNCED, effective=date(2026, 5, 1), severity=Severity.MATERIAL)


def happen(root: Path, kind: EventKind, at: datetime, document: str = "privacy", **words: str) -> None:
    """Put an event at the end of the chain."""
    policy = sources.read(files.read(root)).policy(document)
    assert policy is not None
    assert policy.ledger.head is not None
    event = Event(document, len(policy.ledger.events) + 1, kind, at, policy.ledger.head, **words)
    repositories.write(root, {event.path: ledger.compose_event(event)})
