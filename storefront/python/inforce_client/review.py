"""A manifest, a customer's records and an instant -> whether that customer has to look again, and at what.

The decision table stands in the documentation ("The review decision"); the functions below follow its rows, and
``vectors/`` holds its cases for every language. This module needs the standard library alone and imports nothing else
of In Force, so a shop may copy this one file. It fetches nothing, stores nothing and reads no clock.

A manifest and records come from elsewhere and may hold anything: one that has not the shape of its schema counts for
nothing, and never raises. Nothing that is passed in is changed.
"""

import calendar
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

__all__ = ["STATES", "Prepared", "instant", "merge", "prepare", "review_all", "review_state"]

STATES = (
    "review_required", "initial", "declined", "notice", "upcoming", "up_to_date", "not_applicable", "unknown"
)  # fmt: skip
"""Every state, the worst first: of several documents the worst leads."""

_REQUIRED = {"accept": 2, "acknowledge": 1, "inform": 0}
_GIVEN = {"accepted": 2, "acknowledged": 1, "declined": 0, "dismissed": 0}
_SEVERITIES = ("editorial", "notice", "material")
_EDITORIAL, _NOTICE, _MATERIAL = range(3)
_QUIET = frozenset(("current", "same_text", "first_visit", "editorial"))
"""Reasons of the rows 7, 8a and 11: what an announcement of a later version may take the place of."""
_ABOUT_CURRENT = frozenset(("initial", "review_required", "declined", "notice"))
_OUTSTANDING = frozenset(("initial", "review_required", "declined"))
_OPENING = frozenset(("initial", "review_required"))
"""The states that are about the version in force, those of them without the agreement that it asks for, and those that
"Later" puts off without ending them."""

_DAY = 24 * 60 * 60 * 1000
_CLOCK_TOLERANCE = 5 * 60 * 1000
_LONGEST_SNOOZE = 7 * _DAY
_FIRST_INSTANT, _LAST_INSTANT = -62_135_596_800_000, 253_402_300_799_000
"""Milliseconds: a day, how far a clock may be behind the last announcement, how long "Later" may last, and (counted
from 1970) the beginning of the year 1 and the end of 9999, the first and the last that are instants."""

_LARGEST = 2**53 - 1
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(
    r"(?!0000|(?:0001|9999)[^Z]+$)[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)")
_PERIOD = re.compile(r"P(?=.*[1-9])(?:([0-9]{1,3})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?")
_ADDRESS = re.compile(r"(?:https?:|(?![^/?#]*:))[^\x00-\x20\x7f]*", re.IGNORECASE)
"""An address of the web, or one relative to it: a scheme such as javascript: is none of a policy's."""


def review_state(
    manifest: "Prepared | Mapping[str, Any] | None",
    document: str,
    records: Iterable[Mapping[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    """What one customer has to do about one document, as JSON values.

    ``manifest`` is the parsed ``policy-manifest.json`` (or what ``prepare`` made of it), None where none was ever had;
    ``records`` are all of the customer's, in any order, other documents' too; ``now`` is an instant with its offset.

    The keys are always the same, null where they have no sense: ``document``; ``state`` and ``reason`` (words of the
    table); ``version``, the number of the version to look at, and what it ``requires``; ``base``, the number of the
    version last agreed to; ``changes`` of the clauses since then (``clause``, ``title``, ``kinds``, ``severity``,
    ``notes``); ``redline``, the addresses that show them, relative as in the manifest; ``upcoming``, the numbers of all
    later versions; ``accept_by``, until when an answer is asked for, and ``snoozed_until``, before which no dialog
    should open by itself (both UTC); ``flags``, sorted.

    Raises ValueError where ``now`` has no offset: which instant that is would be a guess.
    """
    found = manifest if isinstance(manifest, Prepared) else prepare(manifest)
    if now.tzinfo is None:
        raise ValueError(f"{now} has no offset, so it may be any of many instants. Use datetime.now(UTC).")
    if not found.had:
        return _result(document, "unknown", "no_manifest")
    own, unreadable = _read(records, document)
    policy = found.documents.get(document)
    if policy is None:
        return _result(document, "unknown" if own else "not_applicable", "document_missing")
    return _Case(policy, found.serial, own, unreadable, (now - _EPOCH) // _MILLISECOND).result(document)


def review_all(
    manifest: "Prepared | Mapping[str, Any] | None",
    documents: Iterable[str],
    records: Iterable[Mapping[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    """What one customer has to do about several documents: ``documents``, the ``review_state`` of each by its id.

    The one with the worst state leads, the first named among equals: its ``state``, ``reason`` and ``document``.
    """
    found = manifest if isinstance(manifest, Prepared) else prepare(manifest)
    kept = list(records)
    states = {document: review_state(found, document, kept, now) for document in documents}
    if not states:
        return {"state": "not_applicable", "reason": "no_documents", "document": None, "documents": {}}
    worst = min(states.values(), key=lambda each: STATES.index(each["state"]))
    return {**{key: worst[key] for key in ("state", "reason", "document")}, "documents": states}


def merge(*lists: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The records of several lists as those of one customer: each id once, in the order in which they count.

    For a guest who turns out to be a known customer. Which list comes first says nothing, and a list may come twice.
    Of several with one id the one that a server received first stays. What cannot be read is left out; no record is
    changed.
    """
    kept: dict[bytes, tuple[tuple[float, _Record], Mapping[str, Any]]] = {}
    for record in chain(*lists):
        try:
            _text(record["document"])
            received = record.get("received_at")
            rank = math.inf if received is None else _instant(received), _record(record)
        except _UNREADABLE:
            continue
        name = rank[1].id
        if name not in kept or rank < kept[name][0]:
            kept[name] = rank, record
    return [record for _, record in sorted(kept.values(), key=lambda each: each[0][1])]


def instant(written: str) -> datetime:
    """The instant that ``written`` says, in UTC: RFC 3339 with ``Z`` or an offset, from the year 1 to 9999.

    Raises ValueError for anything else: a leap second, which no clock of ours has; a day that no month has; an offset
    in the years 1 and 9999, where it may lead out of what can be written. Digits beyond the microsecond are cut off.
    """
    if not _INSTANT.fullmatch(written):
        raise ValueError(f"{written!r} is no instant such as 2027-01-15T00:00:00Z")
    return datetime.fromisoformat(written).astimezone(UTC)


def prepare(manifest: Mapping[str, Any] | None) -> "Prepared":
    """A manifest read once for many decisions, for a backend that keeps one in memory.

    It does not follow later changes to ``manifest``. One of another ``schema_version``, or without the shape of its
    schema, counts as none: to decide by the part that can be read would be a guess.
    """
    try:
        if manifest is None or _number(manifest["schema_version"]) != 1:
            return Prepared(had=False)
        documents = {name: _document(entry) for name, entry in manifest["documents"].items()}
        serial, epoch = _number(manifest["serial"]), _number(manifest.get("epoch", 0))
        return Prepared(had=True, serial=serial, epoch=epoch, documents=documents)
    except _UNREADABLE:
        return Prepared(had=False)


@dataclass(frozen=True, eq=False)
class Version:
    """A row of a manifest as ``prepare`` reads it; instants are milliseconds.

    ``text_digest`` is the file's own digest where the row has none: no other version then has the same text.
    """

    number: str
    sequence: int
    digests: tuple[str, ...]
    text_digest: str
    announced: int
    effective: int
    withdrawn: bool
    severity: int
    requires: str
    language: str
    summary: str
    amends: str
    translations: Mapping[str, str]
    accept_by: int | None
    reconfirm: "_Period | None"
    changes: tuple["_Change", ...] = field(repr=False)

    @cached_property
    def strength(self) -> int:
        return _REQUIRED[self.requires]

    @cached_property
    def languages(self) -> dict[str, str]:
        """The digest of each text, and its language, empty where the manifest does not say it."""
        return {self.digests[0]: self.language, **{digest: each for each, digest in self.translations.items()}}


@dataclass(frozen=True)
class Document:
    """A policy of a manifest as ``prepare`` reads it.

    ``versions`` and ``standing`` by sequence; ``clock`` is the last announcement; instants are milliseconds.

    ``head`` is the digest of the last file of the document's chain, None where the manifest does not say; ``events``
    are those of the files that are no versions. The decision asks for neither.
    """

    versions: tuple[Version, ...]
    retired: int | None
    template: str
    since_template: str
    all_up_to: int
    window: int
    head: str | None
    events: tuple[str, ...]
    since: dict[tuple[int, int], "_Since"] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def standing(self) -> tuple[Version, ...]:
        return tuple(version for version in self.versions if not version.withdrawn)

    @cached_property
    def by_number(self) -> dict[str, Version]:
        return {version.number: version for version in self.versions}

    @cached_property
    def clock(self) -> int:
        return max(version.announced for version in self.versions)

    def current(self, at: int) -> Version | None:
        """The last standing version that has taken effect."""
        return next((version for version in reversed(self.standing) if version.effective <= at), None)

    @cached_property
    def places(self) -> list[int]:
        return [version.sequence for version in self.standing]

    def between(self, base: float, current: float) -> tuple[Version, ...]:
        """The standing versions behind one place in the sequence, up to another."""
        return self.standing[bisect_right(self.places, base) : bisect_right(self.places, current)]

    def has_redline(self, older: int, newer: int) -> bool:
        """Whether the pair of these places in the sequence has a page that shows what changed."""
        return newer <= self.all_up_to or newer - older <= self.window

    def compared(self, base: Version, current: Version) -> "_Since":
        """What happened from one version to another; kept, as many customers stand at the same place."""
        pair = base.sequence, current.sequence
        if pair not in self.since:
            span = self.between(*pair)
            severities = frozenset(version.severity for version in span)
            last_notice = max((each.sequence for each in span if each.severity == _NOTICE), default=0)
            changes = _union(span)
            self.since[pair] = _Since(severities, last_notice, changes, _redline(self, base, current))
        return self.since[pair]


@dataclass(frozen=True)
class Prepared:
    """A manifest as ``prepare`` reads it. ``had`` is False where there was none."""

    had: bool
    serial: int = 0
    epoch: int = 0
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class _Since:
    """From a version that was agreed to, to the one in force. ``last_notice`` is a place in the sequence, or 0."""

    severities: frozenset[int]
    last_notice: int
    changes: list[dict[str, Any]]
    redline: tuple[str, ...]


class _Period(NamedTuple):
    """How long an agreement holds, in months and days of the calendar."""

    months: int
    days: int

    def after(self, at: int) -> float:
        """The instant at which it is over, from another: in UTC, on the last day of a month that is too short.

        Infinity beyond the year 9999.
        """
        start = _EPOCH + max(at, _FIRST_INSTANT) * _MILLISECOND
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        if year > MAXYEAR:
            return math.inf
        last = calendar.monthrange(year, month + 1)[1]
        end = start.replace(year=year, month=month + 1, day=min(start.day, last))
        return (end - _EPOCH) // _MILLISECOND + self.days * _DAY


class _Record(NamedTuple):
    """A record that can be read, ordered by its fields as they stand here; ``until`` counts for a week at most.

    ``at`` are milliseconds, by the server's clock where the record says what that was. Two of one instant and one id
    are no two answers, but either order must give one state.
    """

    at: int
    id: bytes
    action: str
    version: str
    digest: str
    serial: int
    until: int


class _Case:
    """One document, one customer, one instant: what the rows of the table ask for."""

    def __init__(self, policy: Document, serial: int, records: Iterable[_Record], unreadable: bool, now: int) -> None:
        self.policy, self.serial, self.unreadable = policy, serial, unreadable
        self.clock_behind = policy.clock - now > _CLOCK_TOLERANCE
        self.at = policy.clock if self.clock_behind else now
        self.retired = policy.retired is not None and policy.retired <= self.at
        self.cur = None if self.retired else policy.current(self.at)
        self.valid: list[tuple[_Record, Version]] = []
        self.invalid: list[_Record] = []
        for record in records:
            version = policy.by_number.get(record.version)
            if version is not None and record.digest in version.digests:
                self.valid.append((record, version))
            else:
                self.invalid.append(record)
        informs = self.cur is not None and self.cur.strength == 0
        self.agreements = [
            (_GIVEN[record.action], version, record.at)
            for record, version in self.valid
            if informs or _GIVEN[record.action] >= (version.strength or 1)
        ]
        self.base, self.strength = self._base()
        self.since = self.policy.compared(self.base, self.cur) if self.base and self.cur else None

    def _base(self) -> tuple[Version | None, int]:
        """The version last agreed to, and how strongly."""
        if self.cur is None:
            return None, 0
        limit = self.cur.sequence
        reached = [
            (version.sequence, strength, version.number)
            for strength, version, _ in self.agreements
            if version.sequence <= limit and not version.withdrawn
        ]
        if not reached:
            return None, 0
        _, strength, number = max(reached)
        return self.policy.by_number[number], strength

    def row(self) -> tuple[str, str]:
        """The first row that matches, from the third on: state and reason."""
        if self.retired:
            return "not_applicable", "retired"
        if self.cur is None:
            return self._none_in_force()
        if any(_GIVEN[record.action] and self._ahead(record) for record in self.invalid):
            return "up_to_date", "ahead_of_manifest"
        if self._declined(self.cur):
            return "declined", "declined"
        if settled := self._settled(self.cur):
            return settled
        return self._without_base(self.cur) if self.since is None else self._with_base(self.cur, self.since)

    def _none_in_force(self) -> tuple[str, str]:
        later = self.upcoming()
        if not later:
            return "not_applicable", "nothing_in_force"
        if any(version is later[-1] for _, version, _ in self.agreements):
            return "up_to_date", "accepted_ahead"
        return "upcoming", "not_yet_in_force"

    def _ahead(self, record: _Record) -> bool:
        return record.version not in self.policy.by_number and record.serial > self.serial

    def _declined(self, cur: Version) -> bool:
        answered = [(record, version) for record, version in self.valid if record.action != "dismissed"]
        if not answered:
            return False
        record, version = answered[-1]
        if record.action != "declined" or version.withdrawn or version.sequence > cur.sequence:
            return False
        return all(each.severity != _MATERIAL for each in self.policy.between(version.sequence, cur.sequence))

    def _settled(self, cur: Version) -> tuple[str, str] | None:
        same = [
            (version, at)
            for strength, version, at in self.agreements
            if strength >= cur.strength and version.text_digest == cur.text_digest
        ]
        if not same:
            return None
        if self._lapsed(cur, max(at for _, at in same)):
            return "review_required", "reconfirm"
        return "up_to_date", "current" if any(version is cur for version, _ in same) else "same_text"

    def _lapsed(self, cur: Version, agreed: int) -> bool:
        """Whether what was agreed to at an instant is to be confirmed; nothing is where the version only informs."""
        return cur.reconfirm is not None and cur.strength > 0 and cur.reconfirm.after(agreed) <= self.at

    def _without_base(self, cur: Version) -> tuple[str, str]:
        if cur.strength == 0:
            return "up_to_date", "first_visit"
        if any(record.action != "dismissed" for record, _ in self.valid):
            return "review_required", "no_agreement"
        lost = [record for record in self.invalid if record.action != "dismissed"]
        if not lost:
            return "initial", "never_agreed"
        unknown = any(record.version not in self.policy.by_number for record in lost)
        return "review_required", "unknown_version" if unknown else "digest_mismatch"

    def _with_base(self, cur: Version, since: "_Since") -> tuple[str, str]:
        if _MATERIAL in since.severities or self.strength < cur.strength:
            reason = "material" if _MATERIAL in since.severities else "stronger_requirement"
            return "notice" if cur.strength == 0 else "review_required", reason
        enough = (at for strength, version, at in self.agreements if version is self.base and strength >= cur.strength)
        if self._lapsed(cur, max(enough)):
            return "review_required", "reconfirm"
        if since.last_notice > max(version.sequence for _, version in self.valid):
            return "notice", "notice"
        return "up_to_date", "editorial"

    def upcoming(self) -> tuple[Version, ...]:
        """Every later standing version that takes effect before the document is retired; none once it is."""
        if self.retired:
            return ()
        after = self.cur.sequence if self.cur else -math.inf
        end = math.inf if self.policy.retired is None else self.policy.retired
        return tuple(version for version in self.policy.between(after, math.inf) if version.effective < end)

    def accept_by(self, cur: Version) -> int | None:
        """The first date set by a version behind the base, or without one by ``cur``; None where none is."""
        asking = self.policy.between(self.base.sequence, cur.sequence) if self.base else (cur,)
        return min((each.accept_by for each in asking if each.accept_by is not None), default=None)

    def snoozed_until(self, cur: Version) -> int:
        """The last instant until which a dismissal of ``cur``, made since it took effect, holds; 0 without one.

        An end more than a week ahead is none: a clock that was wrong wrote it.
        """
        ends = (
            record.until
            for record, version in self.valid
            if version is cur and record.action == "dismissed" and record.at >= cur.effective
        )
        return max((end for end in ends if self.at < end <= self.at + _LONGEST_SNOOZE), default=0)

    def result(self, document: str) -> dict[str, Any]:
        """What ``review_state`` gives."""
        state, reason = self.row()
        later = self.upcoming()
        named = [version for _, version in self.valid]
        news = next((each for each in later if each.severity != _EDITORIAL and each not in named), None)
        if news and reason in _QUIET:
            state = "upcoming"
        result = _result(document, state, reason)
        if subject := news if state == "upcoming" else self.cur if state in _ABOUT_CURRENT else None:
            result["version"], result["requires"] = subject.number, subject.requires
        if self.base:
            result["base"] = self.base.number
        if self.since and self.base is not self.cur:
            rows = self.since.changes
            result["changes"] = [{**row, "kinds": [*row["kinds"]], "notes": [*row["notes"]]} for row in rows]
            result["redline"] = list(self.since.redline)
        result["upcoming"] = [version.number for version in later]
        due = self.accept_by(self.cur) if self.cur and state in _OUTSTANDING and reason != "reconfirm" else None
        if due is not None:
            result["accept_by"] = _written(due)
        if self.cur and state in _OPENING and (until := self.snoozed_until(self.cur)):
            result["snoozed_until"] = _written(until)
        flags = {
            "clock_behind": self.clock_behind,
            "ignored_record": self.unreadable or self.invalid,
            "overdue": due is not None and due <= self.at,
        }
        result["flags"] = [flag for flag, raised in flags.items() if raised]
        return result


def _result(document: str, state: str, reason: str) -> dict[str, Any]:
    nothing = {"version": None, "requires": None, "base": None, "changes": None, "redline": None}
    return {
        "document": document, "state": state, "reason": reason, **nothing,
        "upcoming": [], "accept_by": None, "snoozed_until": None, "flags": [],
    }  # fmt: skip


# What happened since: the union of clause changes, and the pages that show it


@dataclass(frozen=True)
class _Clause:
    """What became of a clause. ``notes`` are (sequence, place among that version's changes, text).

    ``origins`` are the ids that its text had when the customer agreed; empty where it came since.
    """

    title: str
    kinds: frozenset[str]
    severity: int
    notes: tuple[tuple[int, int, str], ...]
    origins: tuple[str, ...]

    def with_past(self, past: Iterable["_Clause"]) -> "_Clause":
        """The same with what happened before to the clauses that it comes from, or to another part of them."""
        every = (*past, self)
        return _Clause(
            self.title,
            frozenset[str]().union(*(each.kinds for each in every)),
            max(each.severity for each in every),
            tuple(sorted({note for each in every for note in each.notes})),
            tuple(dict.fromkeys(origin for each in every for origin in each.origins)),
        )

    def shown(self, clause: str, *, gone: bool) -> dict[str, Any]:
        """The row that tells of it. What was added to a known clause, or taken out of one that stays, modified it."""
        other = {"added"} if gone else {"added", "removed"}
        kinds = {"modified" if kind in other else kind for kind in self.kinds} if self.origins else self.kinds
        return {
            "clause": clause,
            "title": self.title,
            "kinds": sorted(kinds),
            "severity": _SEVERITIES[self.severity],
            "notes": list(dict.fromkeys(text for _, _, text in self.notes)),
        }


def _union(versions: Iterable[Version]) -> list[dict[str, Any]]:
    """The changes of several versions as one: clauses in the last one's order, then those that are gone.

    A clause that is gone is told under the id by which the customer knew it, unless a part of it lives on in another.
    """
    living: dict[str, _Clause] = {}
    lost: dict[str, _Clause] = {}
    order: list[str] = []
    for version in versions:
        before = dict(living)
        for name in {origin for change in version.changes for origin in change.was}:
            living.pop(name, None)
        for place, change in enumerate(version.changes):
            clause = _changed(change, (version.sequence, place), before, lost)
            living.pop(change.clause, None)
            if "removed" in change.kinds:
                for name in clause.origins:
                    lost[name] = replace(clause, origins=(name,)).with_past([lost[name]] if name in lost else [])
            else:
                living[change.clause] = clause
        order = _interleaved([change.clause for change in version.changes if change.clause in living], order)
        order = [name for name in order if name in living]
    heirs = {name: [each for each in order if name == each or name in living[each].origins] for name in lost}
    for name, found in heirs.items():
        living.update({each: living[each].with_past([lost[name]]) for each in found})
    shown = [living[name].shown(name, gone=False) for name in order]
    return shown + [clause.shown(name, gone=True) for name, clause in lost.items() if not heirs[name]]


def _changed(
    change: "_Change", place: tuple[int, int], before: Mapping[str, _Clause], lost: dict[str, _Clause]
) -> _Clause:
    """One version's change of a clause on top of what happened before to it and to those that it came from."""
    merged = "merged" in change.kinds and (len(change.was) < 2 or change.clause in before)
    own = "added" not in change.kinds and (not change.was or merged)
    names = dict.fromkeys((change.clause, *change.was) if own else change.was)
    past = [before.get(name) or _Clause("", frozenset(), _EDITORIAL, (), (name,)) for name in names]
    if change.clause in lost and "removed" not in change.kinds:
        past.append(lost.pop(change.clause))
    notes = ((*place, change.note),) if change.note else ()
    return _Clause(change.title, frozenset(change.kinds), change.severity, notes, ()).with_past(past)


def _interleaved(newer: list[str], older: Iterable[str]) -> list[str]:
    """The newer order, with each name that only the older has behind the one that it stood behind."""
    order, place = list(newer), 0
    for name in older:
        if name in order:
            place = order.index(name) + 1
        else:
            order.insert(place, name)
            place += 1
    return order


def _redline(policy: Document, base: Version, current: Version) -> tuple[str, ...]:
    """The page that shows a pair of versions, or else the one of all that changed since the older.

    Where a manifest tells of no such page: the fewest that lead there, the longest first; none without a way.
    """
    if policy.since_template and not policy.has_redline(base.sequence, current.sequence):
        return (policy.since_template.replace("{from}", base.number),)
    steps, here = [], base
    while here is not current:
        ahead = [version for version in policy.versions if here.sequence < version.sequence <= current.sequence]
        near = [version for version in ahead if policy.has_redline(here.sequence, version.sequence)]
        if not near:
            return ()
        there = next((version for version in reversed(near) if not version.withdrawn), near[-1])
        steps.append(policy.template.replace("{from}", here.number).replace("{to}", there.number))
        here = there
    return tuple(steps)


# Reading what may hold anything: what lacks a field, or has one of another type, raises _UNREADABLE

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


class _Change(NamedTuple):
    clause: str
    title: str
    kinds: tuple[str, ...]
    severity: int
    note: str
    was: tuple[str, ...]


def _document(entry: Mapping[str, Any]) -> Document:
    pages, retired = entry["redline"], entry.get("retired_at")
    versions = tuple(sorted(map(_version, _list(entry["versions"])), key=lambda version: version.sequence))
    for each in ({version.number for version in versions}, {version.sequence for version in versions}):
        if not versions or len(each) < len(versions):
            raise ValueError("no version, or two of one number or place")
    return Document(
        versions=versions,
        retired=None if retired is None else _instant(retired),
        template=_matching(_ADDRESS, pages["url"]),
        since_template=_matching(_ADDRESS, "" if pages.get("since") is None else pages["since"]),
        all_up_to=_number(pages["all_up_to"]),
        window=_number(pages["window"]),
        head=None if entry.get("head") is None else _text(entry["head"]),
        events=_texts(entry.get("events", [])),
    )


def _version(row: Mapping[str, Any]) -> Version:
    translations = {name: _text(text["digest"]) for name, text in row.get("translations", {}).items()}
    requires = _text(row["requires"])
    return Version(
        number=_matching(_NUMBER, row["version"]),
        sequence=_number(row["sequence"]),
        digests=(_text(row["digest"]), *translations.values()),
        text_digest=_text(row.get("text_digest", row["digest"])),
        announced=_instant(row["announced_at"]),
        effective=_instant(row["effective_at"]),
        withdrawn=row.get("withdrawn_at") is not None,
        severity=_severity(row.get("severity")),
        requires=requires if requires in _REQUIRED else "accept",
        language=_text(row.get("language", "")),
        summary=_text(row.get("summary", "")),
        amends=_text(row.get("amends", "")),
        translations=translations,
        accept_by=None if row.get("accept_by") is None else _instant(row["accept_by"]),
        reconfirm=None if row.get("reconfirm_every") is None else _period(row["reconfirm_every"]),
        changes=_changes(_list(row["changes"])),
    )


def _changes(rows: list[Any]) -> tuple[_Change, ...]:
    found = tuple(map(_change, rows))
    if len({each.clause for each in found}) < len(found):
        raise ValueError("two changes of one clause")
    return found


def _change(row: Mapping[str, Any]) -> _Change:
    kinds, was = (_texts(row.get(key, [])) for key in ("kinds", "was"))
    severity, note = _severity(row.get("severity")), _text(row.get("note", ""))
    return _Change(_text(row["clause"]), _text(row["title"]), kinds, severity, note, was)


def _read(records: Iterable[Any], document: str) -> tuple[list[_Record], bool]:
    """The records of one document, the oldest first, and whether any had to be left out as unreadable."""
    found, unreadable = [], False
    for record in records:
        try:
            if record["document"] == document:
                found.append(_record(record))
            elif not isinstance(record["document"], str):
                unreadable = True
        except _UNREADABLE:
            unreadable = True
    return sorted(found), unreadable


def _record(given: Mapping[str, Any]) -> _Record:
    stamped, action, until = _instant(given["at"]), given["action"], given.get("until")
    sent, received = (None if given.get(key) is None else _instant(given[key]) for key in ("sent_at", "received_at"))
    at = _righted(stamped, sent, received)
    name = _text(given["id"]).encode("utf-16-be", "surrogatepass")  # as JavaScript orders strings
    serial = given.get("manifest_serial")
    if action not in _GIVEN:
        raise ValueError(action)
    end = min(_instant(until) + at - stamped, at + _LONGEST_SNOOZE) if until is not None else 0
    ahead = _number(serial) if serial is not None else 0
    return _Record(at, name, action, _text(given["version"]), _text(given["digest"]), ahead, end)


def _righted(stamped: int, sent: int | None, received: int | None) -> int:
    """When an answer was given, by the server's clock as far as it can be known.

    Where the device said what time it had when it sent the record, what its clock was off by is known. Nothing was
    answered after it was received.
    """
    if received is None:
        return stamped
    off = received - sent if sent is not None else 0
    return min(stamped + off if abs(off) > _CLOCK_TOLERANCE else stamped, received)


def _instant(written: str) -> int:
    """Milliseconds from 1970 to an instant, finer digits cut off."""
    return (instant(written) - _EPOCH) // _MILLISECOND


def _written(instant: int) -> str:
    """An instant in UTC, rounded up to the second."""
    seconds = -(-min(instant, _LAST_INSTANT) // 1000)
    return f"{(_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()}Z"


def _period(written: str) -> _Period:
    """How long ``P1Y6M`` or ``P90D`` is. Raises ValueError for anything else, and for no time at all."""
    if not (found := _PERIOD.fullmatch(written)):
        raise ValueError(written)
    years, months, weeks, days = (int(each or 0) for each in found.groups())
    return _Period(12 * years + months, 7 * weeks + days)


def _severity(word: object) -> int:
    return _SEVERITIES.index(word) if word in _SEVERITIES else _MATERIAL


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError(value)
    return _text(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _number(value: Any) -> int:
    """A whole number as every language can hold it; JavaScript does not know 1.0 from 1."""
    if type(value) not in (int, float) or value % 1 or abs(value) > _LARGEST:
        raise TypeError(value)
    return int(value)
