"""Rules over policies and ledgers -> problems. Pure: what is published and what day it is come in as arguments.

Reading has its own findings (encoding, form, listing); these are about what the parts mean together.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from html import unescape

from inforce.changes import clauses as amendments
from inforce.draft import files as drafts
from inforce.errors import InForceError, Level, Problem, meant
from inforce.ledger.files import line_of, moment
from inforce.model import Draft, Event, Ledger, Policy, Severity, Version
from inforce.release import proposal
from inforce.text import html as rendering
from inforce.text import normal as texts
from inforce.text import unsafe
from inforce.text import yaml as frontmatter

GITATTRIBUTES = ("versions/** -text -filter -ident", "policy/** text eol=lf")
"""The lines without which a checkout on Windows changes digests."""

_ANCHOR = re.compile(r' href="#([^"]+)"')
_STALE_HOURS = 24  # a release is announced when it is made: its file reaches readers within a day, or is dated anew


def draft_problems(draft: Draft, files: Mapping[str, bytes], ledger: Ledger) -> Iterator[Problem]:
    """What is wrong in a draft's words and notes. ``files`` are the document's own below ``policy/``."""
    base = drafts.folder(draft.document)
    yield from drafts.encoding_warnings(files)
    for clause in draft.clauses:
        path = f"{base}{clause.id}.md"
        yield from unsafe.find(clause.id, files[path], path)
    yield from _references(draft, files)
    yield from _anchors(draft, files)
    if ledger.standing:
        yield from _idle_notes(draft, ledger, files)


def _references(draft: Draft, files: Mapping[str, bytes]) -> Iterator[Problem]:
    base = drafts.folder(draft.document)
    sources, before = [], {}
    for clause in draft.clauses:
        path = f"{base}{clause.id}.md"
        _, body, before[clause.id] = frontmatter.split(texts.decode(files[path], path), path)
        sources.append((clause.id, body))
    for name, line, written, definer in rendering.undefined_references(sources):
        what = f"{written} is not defined in this clause"
        cure = (
            "Define it here; each clause is read on its own"
            if definer
            else "Define it, or write \\[ for a plain bracket"
        )
        if definer:
            what = f"{what}, but in {definer}.md"
        yield Problem(f"{base}{name}.md", line + before[name], "reference", what, cure)


def _anchors(draft: Draft, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Links to a place that no clause has. The page's own ids besides those, such as a table's, are no promise."""
    base = drafts.folder(draft.document)
    shown = {clause.id: rendering.render(clause) for clause in draft.clauses}
    known = {"top", *draft.settings.clauses, *(name for html in shown.values() for name in html.ids)}
    for clause, html in shown.items():
        path, own = f"{base}{clause}.md", {name.removeprefix(f"{clause}--") for name in html.ids}
        for anchor in dict.fromkeys(unescape(found) for found in _ANCHOR.findall(html.body)):
            if anchor not in known:
                what = f"`#{anchor}` leads nowhere: it is neither a clause of this policy nor an id in this clause"
                cure = meant(anchor, (*draft.settings.clauses, *own), "Write a clause's id, as policy.yml lists it")
                yield Problem(path, _line_of_anchor(anchor, files[path], path), "anchor", what, cure)


def _line_of_anchor(anchor: str, data: bytes, path: str) -> int:
    """The first line of a clause's file that links to ``anchor``; 0 where it is written in some other way."""
    _, body, before = frontmatter.split(texts.decode(data, path), path)
    found = re.search(rf"#{re.escape(anchor)}(?![\w-])", texts.without_code(body))
    return body.count("\n", 0, found.start()) + before + 1 if found else 0


def _idle_notes(draft: Draft, ledger: Ledger, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Notes on clauses that do not differ from the last standing version, a ``next.yml`` with nothing to announce."""
    base = drafts.folder(draft.document)
    last = ledger.standing[-1]
    pending = proposal.pending_changes(draft, ledger)
    changed = {change.clause for change in pending}
    for name in draft.notes:
        place = drafts.place_of_note(draft.document, name, files)
        if name not in changed:
            what = f"`{name}` has a note, but does not differ from {last.number}"
            cure = "Take severity, note and was out; they count for nothing"
            if name not in (*last.by_id, *draft.settings.clauses):
                what = f"There is no clause `{name}`, neither in {last.number} nor in the draft"
                cure = meant(name, set(last.by_id) - set(draft.settings.clauses) or last.by_id, cure)
            yield Problem(*place, "idle-note", what, cure, Level.WARNING)
            continue
        for former in draft.notes[name].was:
            if former not in last.by_id:
                what = f"`was` names `{former}`, which {last.number} does not have"
                cure = meant(former, last.by_id, "Name the clause's id there, or take it out")
                yield Problem(*place, "lineage", what, cure, Level.WARNING)
    if f"{base}next.yml" in files and not pending and not proposal.settings_changed(draft, last):
        what = f"Nothing differs from {last.number}, so this announces nothing"
        yield Problem(f"{base}next.yml", 0, "idle-note", what, "Delete the file", Level.WARNING)


def ledger_problems(ledger: Ledger) -> Iterator[Problem]:
    """Whether each version is what a release could have made of the chain before it."""
    for position, entry in enumerate(ledger.entries):
        if isinstance(entry, Version):
            yield from _version_problems(Ledger(ledger.document, ledger.entries[:position]), entry)
        if position and moment(entry) < moment(ledger.entries[position - 1]):
            what = f"It is dated before {ledger.entries[position - 1].path}, which it follows"
            cure = _remake(entry) if isinstance(entry, Version) else "Delete it, and give its command again"
            yield Problem(entry.path, _date_line(entry), "dates", what, cure)


def _remake(version: Version) -> str:
    return f"Make it again while it is unpublished: inforce release {version.document} --again {version.number}"


def _date_line(entry: Version | Event) -> int:
    return line_of(entry, "announced") if isinstance(entry, Version) else 2


def _version_problems(before: Ledger, version: Version) -> Iterator[Problem]:
    def problem(key: str, rule: str, what: str, cure: str = "") -> Problem:
        return Problem(version.path, line_of(version, key), rule, what, cure or _remake(version))

    amended = before.standing[-1] if before.standing else None
    if before.retirement:
        cure = "Delete it, if it is unpublished"
        yield problem("announced", "retired", "It was released after the policy was retired", cure)
    if version.amends != (amended.number if amended else None):
        expected = amended.number if amended else "nothing"
        what = f"It amends {version.amends or 'nothing'}, the last standing version before it is {expected}"
        yield problem("amends", "amends", what)
    if version.effective < version.announced:
        yield problem("effective", "dates", "It takes effect before it is announced")
    if amended and version.effective < amended.effective:
        yield problem("effective", "dates", f"It takes effect before {amended.number}, which stands before it")
    if (due := proposal.next_number(before, version.severity)) != version.number:
        what = f"Its number disagrees with its severity: with severity {version.severity} it is {due}"
        yield problem("version", "number", what)
    severities = [change.severity for change in version.changes]
    if version.severity is not (Severity.highest(severities) if amended else Severity.MATERIAL):
        yield problem("severity", "severity", "Its severity is not the highest of its changes")
    if Severity.UNCLASSIFIED in (*severities, version.severity) and not version.imported_from:
        yield problem("severity", "severity", "Only an imported version may be unclassified")
    yield from _silences(amended, version)
    if amended:
        yield from _change_problems(amended, version)


def _silences(amended: Version | None, version: Version) -> Iterator[Problem]:
    """What customers would have been told and were not."""
    remake = _remake(version)
    if not version.summary.strip():
        yield Problem(version.path, line_of(version, "summary"), "summary-missing", "It has no summary", remake)
    silent = [c.clause for c in version.changes if c.severity is Severity.MATERIAL and not c.note.strip()]
    if silent:
        what = f"Material changes have no note ({', '.join(silent)})"
        yield Problem(version.path, line_of(version, "changes"), "note-missing", what, remake)
    if amended and not version.changes and proposal.asks_the_same(version, amended):
        what, cure = f"It changes nothing against {amended.number}", "Delete it, if it is unpublished"
        yield Problem(version.path, line_of(version, "version"), "unchanged", what, cure)


def _change_problems(amended: Version, version: Version) -> Iterator[Problem]:
    told = {change.clause: change.kinds for change in version.changes}
    was = {change.clause: change.was for change in version.changes}
    if names := amendments.agree(amended.clauses, version.clauses, told, was):
        yield _untold(amended, version, names)


def _untold(amended: Version, version: Version, names: Sequence[str]) -> Problem:
    what = f"Its `changes` do not say what changed against {amended.number} ({', '.join(names)})"
    return Problem(version.path, line_of(version, "changes"), "changes", what, _remake(version))


def _kind_problems(amended: Version | None, version: Version) -> Iterator[Problem]:
    """Whether the kinds of change told by a version are what its words say, too: asked while it is unpublished."""
    if amended is None:
        return
    told = {change.clause: change.kinds for change in version.changes}
    was = {change.clause: change.was for change in version.changes}
    found = {change.clause: change.kinds for change in amendments.compare(amended.clauses, version.clauses, was)}
    if found != told:
        yield _untold(amended, version, sorted(name for name in found if found[name] != told.get(name)))


def coming_problems(policy: Policy, published: Collection[str], now: datetime) -> Iterator[Problem]:
    """What keeps the unpublished part of a ledger from being published at ``now``.

    ``published`` are the ledger paths that readers already have. A version made more than a day ago must be dated anew;
    the notice that it gives counts from today.
    """
    stale = ""  # the first of a run: made again, it takes along those behind it
    for entry in policy.ledger.entries:
        if entry.path in published:
            continue
        if isinstance(entry, Event):
            stale = ""
            yield from _late_event(policy.ledger, entry, now)
            continue
        again = f"inforce release {policy.document} --again {entry.number}"
        amended = policy.ledger.by_number.get(entry.amends or "")
        yield from _kind_problems(amended, entry)
        if entry.imported_from or entry.number in policy.ledger.withdrawals:
            continue
        hours = (now - entry.announced).total_seconds() / 3600
        if hours < 0:
            what, cure = "It is announced in the future", f"Make it again: {again}"
            yield Problem(entry.path, 0, "announced", what, cure)
        elif hours > _STALE_HOURS:
            what = f"It was made on {entry.announced.date()} and is not published yet"
            stale = stale or entry.number
            which = "it anew" if stale == entry.number else f"{stale} anew, and this one with it"
            cure = f"Date {which}: inforce release {policy.document} --again {stale}"
            yield Problem(entry.path, 0, "stale", what, cure)
        elif policy.draft and (short := proposal.notice_missing(policy.draft, amended, entry, now)):
            cure = f"Make it again, with a later day: {again} --effective …"
            yield Problem(entry.path, 0, "notice", short[0], cure)


def _late_event(ledger: Ledger, event: Event, now: datetime) -> Iterator[Problem]:
    if event.at > now:
        what, cure = "An event is never dated ahead", "Delete the event and make it again, with the right clock"
        yield Problem(event.path, 0, "event", what, cure)
    version = ledger.by_number.get(event.version)
    if event.kind == "withdraw" and version and version.effective <= now:
        what = f"{version.number} took effect before this withdrawal was published"
        yield Problem(
            event.path, 0, "event", what, "Delete the event, and release a version that restores the older text"
        )


def attributes_problems(gitattributes: bytes | None) -> Iterator[Problem]:
    """Whether ``.gitattributes`` keeps the ledger's bytes as they are."""
    told = {" ".join(line.split()) for line in (gitattributes or b"").decode("utf-8", "replace").splitlines()}
    for line in GITATTRIBUTES:
        if line not in told:
            what = f"The line `{line}` is missing"
            yield Problem(
                ".gitattributes", 0, "gitattributes", what, "Add it: without it a checkout can change digests"
            )


def policy_problems(policy: Policy, files: Mapping[str, bytes]) -> Sequence[Problem]:
    """Everything about one document that needs neither git nor a clock. ``files`` are all of the project's."""
    own = {path: data for path, data in files.items() if path.startswith(drafts.folder(policy.document))}
    problems = list(ledger_problems(policy.ledger))
    if policy.draft:
        try:
            problems.extend(draft_problems(policy.draft, own, policy.ledger))
        except InForceError as error:
            problems.extend(error.problems)
    return problems
