"""What a policy is made of: clauses, versions, events, the draft. Frozen values; no I/O, no clock.

How files hold them is told by ``text.clauses`` and ``ledger.entries``; what they mean on a day, by ``ledger.timeline``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from inforce.errors import Level, Problem

PREAMBLE = "preamble"
"""The id of the only clause without a heading; it comes first."""

KINDS = ("privacy-policy", "terms-of-service", "policy")
"""The link relations of RFC 6903 that name a kind of policy, and the word for any other."""

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
"""The shape of a BCP 47 tag."""


def ledger_folder(document: str) -> str:
    """Return where a document's versions and events are kept, relative to the project's root, with a final slash."""
    return f"versions/{document}/"


def version_path(document: str, number: str) -> str:
    """Return the path of a version's file."""
    return f"{ledger_folder(document)}{number}.md"


def digest(data: bytes) -> str:
    """The SHA-256 of ``data`` as ``sha256-<base64>``, the form of Subresource Integrity (W3C SRI, section 3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


def hexadecimal(value: str) -> str:
    """A digest of :func:`digest` in the form that ``sha256sum`` prints."""
    return base64.b64decode(value.removeprefix("sha256-")).hex()


class Severity(StrEnum):
    """How much a change means to a customer, from the least to the most.

    ``unclassified`` is for imported versions only, until an editor has said; clients read it as material.
    """

    EDITORIAL = "editorial"
    NOTICE = "notice"
    UNCLASSIFIED = "unclassified"
    MATERIAL = "material"

    @staticmethod
    def highest(severities: Iterable[Severity]) -> Severity:
        """The highest of ``severities``; editorial where there are none."""
        order = list(Severity)
        return max(severities, key=order.index, default=Severity.EDITORIAL)


class Requirement(StrEnum):
    """What a customer is asked to do about a version."""

    INFORM = "inform"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"


class Numbering(StrEnum):
    """Whose numbers a policy's clauses bear: ours, counted from 1; those that its headings are written with; none."""

    OURS = "ours"
    TEXT = "text"
    NONE = "none"


class EventKind(StrEnum):
    """What can happen to a document after a version was published."""

    WITHDRAW = "withdraw"
    ERRATUM = "erratum"
    RETIRE = "retire"


@dataclass(frozen=True)
class Clause:
    """One clause as released: ``text`` runs from its heading (with ``{#id}``) to its last visible character."""

    id: str
    text: str

    @cached_property
    def heading(self) -> str:
        """The heading's Markdown without hashes and id; empty for the preamble."""
        line, _, _ = self.text.partition("\n")
        return "" if self.id == PREAMBLE else line.removeprefix("## ").rpartition(" {#")[0]

    @cached_property
    def body(self) -> str:
        """The Markdown below the heading."""
        return self.text if self.id == PREAMBLE else self.text.partition("\n")[2].lstrip("\n")

    @cached_property
    def digest(self) -> str:
        """Over the clause's released bytes, heading and id included."""
        return digest(self.text.encode())


@dataclass(frozen=True)
class Change:
    """What one version did to one clause. ``kinds`` are sorted words of ``changes.kinds.KINDS``, ``was`` ids.

    ``because`` is why a change was called editorial although its words say otherwise.
    """

    clause: str
    severity: Severity
    note: str = ""
    kinds: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class Version:
    """One published version: the front matter and the clauses of one ledger file.

    ``announced``, ``effective`` and ``accept_by``, until when an acceptance is asked for, carry an offset.
    ``reconfirm_every`` is how long an agreement holds while it is in force; empty: for good. ``previous`` is the digest
    of the chain's file before this one, None in the first. ``digest`` is over the file's bytes and ``text_digest`` over
    the body after the front matter.
    """

    document: str
    number: str
    title: str
    language: str
    kind: str
    requires: Requirement
    announced: datetime
    effective: datetime
    severity: Severity
    previous: str | None
    amends: str | None
    summary: str
    changes: tuple[Change, ...]
    clauses: tuple[Clause, ...]
    notice_waived: str = ""
    imported_from: str = ""
    numbering: Numbering = Numbering.OURS
    accept_by: datetime | None = None
    reconfirm_every: str = ""
    digest: str = ""
    text_digest: str = ""

    def __hash__(self) -> int:  # by its file: going through all of its text would cost more than what is kept by it
        return hash((self.document, self.number, self.digest))

    @property
    def path(self) -> str:
        """Where the ledger keeps it, relative to the project's root."""
        return version_path(self.document, self.number)

    @cached_property
    def by_id(self) -> Mapping[str, Clause]:
        """The clauses by their ids, in order."""
        return {clause.id: clause for clause in self.clauses}


@dataclass(frozen=True)
class Event:
    """A withdrawal, an erratum or a retirement: one file ``events/<n>.yml`` of the chain.

    A withdrawal of no ``version`` is that of the announced retirement. A retirement has ``effective`` where that is
    later than ``at``; ``replaced_by`` is a document's id, ``notice_waived`` says why notice was not kept.
    """

    document: str
    n: int
    kind: EventKind
    at: datetime
    previous: str
    version: str = ""
    clause: str = ""
    reason: str = ""
    effective: datetime | None = None
    replaced_by: str = ""
    notice_waived: str = ""
    digest: str = ""

    @property
    def path(self) -> str:
        """Where the ledger keeps it, relative to the project's root."""
        return f"{ledger_folder(self.document)}events/{self.n}.yml"


@dataclass(frozen=True)
class Ledger:
    """Everything published of one document, in the order of the chain."""

    document: str
    entries: tuple[Version | Event, ...] = ()

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """All versions in chain order, withdrawn ones too."""
        return tuple(entry for entry in self.entries if isinstance(entry, Version))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events in chain order."""
        return tuple(entry for entry in self.entries if isinstance(entry, Event))

    @cached_property
    def by_number(self) -> Mapping[str, Version]:
        """The versions by their numbers."""
        return {version.number: version for version in self.versions}

    @cached_property
    def sequence(self) -> Mapping[str, int]:
        """Each version's place among the document's versions, from 1; events are not counted."""
        return {version.number: place for place, version in enumerate(self.versions, 1)}

    @cached_property
    def withdrawals(self) -> Mapping[str, Event]:
        """The withdrawal of each withdrawn version, by number."""
        return {event.version: event for event in self.events if event.kind is EventKind.WITHDRAW and event.version}

    @cached_property
    def standing(self) -> tuple[Version, ...]:
        """The versions that were not withdrawn, in chain order."""
        return tuple(version for version in self.versions if version.number not in self.withdrawals)

    @property
    def amended(self) -> Version | None:
        """The version that the next one amends: the last that stands; None where none does."""
        return self.standing[-1] if self.standing else None

    @cached_property
    def standing_place(self) -> Mapping[str, int]:
        """Each standing version's place among them, from 0."""
        return {version.number: place for place, version in enumerate(self.standing)}

    @cached_property
    def retirement(self) -> Event | None:
        """The document's retirement, announced or past, unless it was withdrawn."""
        ends = (event for event in reversed(self.events) if event.kind is not EventKind.ERRATUM and not event.version)
        last = next(ends, None)
        return last if last and last.kind is EventKind.RETIRE else None

    @property
    def retired_at(self) -> datetime | None:
        """From when on nothing of the document is in force; None where no end is known."""
        return (self.retirement.effective or self.retirement.at) if self.retirement else None

    @cached_property
    def latest(self) -> Version | None:
        """The version that speaks for the document: the last standing one, or the last withdrawn; None without any."""
        return next(reversed(self.standing or self.versions), None)

    def amended_by(self, version: Version) -> Version | None:
        """The version that ``version`` amends; None where it amends none."""
        return self.by_number.get(version.amends or "")

    def errata(self, number: str) -> tuple[Event, ...]:
        """The dated notes beside one version."""
        return tuple(e for e in self.events if e.kind is EventKind.ERRATUM and e.version == number)

    @property
    def head(self) -> str | None:
        """The digest of the chain's last file; None where nothing is published."""
        return self.entries[-1].digest if self.entries else None


@dataclass(frozen=True)
class Note:
    """What an editor says of a clause's coming change. ``severity`` is None until somebody has said.

    ``because`` is why it is editorial although its words say otherwise. ``path`` and ``line`` say where it is written,
    where it was read from a file; they do not count when notes are compared.
    """

    severity: Severity | None = None
    note: str = ""
    was: tuple[str, ...] = ()
    because: str = ""
    path: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class ClauseFile:
    """One clause's file as it was read: the clause in its released form, its note, and what is wrong with it.

    ``front`` is its front matter with its dashes, maybe empty, ``body`` all behind it; LF, no byte order mark.
    """

    path: str
    front: str
    body: str
    clause: Clause
    note: Note | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return self.front + self.body

    @property
    def before(self) -> int:
        """The number of lines above the body: a line of the body is so many lines further down in the file."""
        return self.front.count("\n")


@dataclass(frozen=True)
class Settings:
    """``policy.yml``: what a policy is. ``notice_days`` are whole calendar days in ``timezone``.

    ``checks`` are levels by rule, None: off. From ``comments_from`` to the end of ``comments_until`` drafts are public.
    ``lines`` are those on which keys stand, where it was read from a file.
    """

    title: str
    kind: str
    requires: Requirement
    language: str
    timezone: str
    notice_days: Mapping[Severity, int]
    contact: str
    clauses: tuple[str, ...]
    checks: Mapping[str, Level | None] = field(default_factory=dict)
    reviewed: date | None = None
    numbering: Numbering = Numbering.OURS
    show_editors: bool = False
    comments_from: date | None = None
    comments_until: date | None = None
    reconfirm_every: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class Draft:
    """The folder ``policy/<document>/`` as it is edited: the coming version's text, notes and summary.

    ``files`` are the clauses' files by the clauses' ids, where the draft was read from files; ``has_next`` says whether
    there is a ``next.yml`` that could be read. ``accept_by`` is the last day on which it asks to be accepted.
    """

    document: str
    settings: Settings
    clauses: tuple[Clause, ...]
    notes: Mapping[str, Note] = field(default_factory=dict)
    summary: str = ""
    files: Mapping[str, ClauseFile] = field(default_factory=dict)
    has_next: bool = False
    accept_by: date | None = None


@dataclass(frozen=True)
class Policy:
    """One document: its draft (None where only the ledger is at hand) and its ledger."""

    document: str
    draft: Draft | None
    ledger: Ledger

    @property
    def title(self) -> str:
        """The title for editors: that of the draft's settings, or else what readers know it by."""
        return self.draft.settings.title if self.draft else self.published_title

    @property
    def published_title(self) -> str:
        """The title for readers: that of the version that speaks for the document; its id before the first."""
        return self.ledger.latest.title if self.ledger.latest else self.document

    @property
    def zone(self) -> tzinfo:
        """Its time zone; where only its ledger is at hand, the offset of its last version; UTC without any."""
        if self.draft:
            return self.draft.settings.zone
        offset = self.ledger.versions[-1].announced.tzinfo if self.ledger.versions else None
        return offset or ZoneInfo("UTC")
