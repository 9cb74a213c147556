"""What is wrong in a draft beyond what reading finds: in words, notes and anchors; and what a policy owes its readers.

What is owed are rules that the policy may turn off (``draft.settings``); the laws and habits behind each stand in the
documentation ("Checks"). None of these stops a build: they stand against a pull request, and what makes a version wrong
is ``release.rules``. Where links lead is the business of ``links``. Pure: the instant is an argument.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from inforce.check import links
from inforce.draft import guesses, settings
from inforce.draft.definitions import OF_A_FOOTNOTE
from inforce.draft.folder import clause_path, next_path, place_of, settings_path
from inforce.errors import Level, Problem, meant
from inforce.ledger import timeline
from inforce.model import Draft, Ledger, Numbering, Policy, Severity, Version
from inforce.release import notice, proposal
from inforce.text import markdown, unsafe
from inforce.text.html import render

GITATTRIBUTES = ("versions/** -text -filter -ident", "policy/**/*.md text eol=lf", "policy/**/*.yml text eol=lf")
"""The lines without which a checkout on Windows changes digests. Of a draft they name its texts alone."""


def draft_problems(draft: Draft, ledger: Ledger) -> Iterator[Problem]:
    """What is wrong in a draft's words and notes."""
    for file in draft.files.values():
        yield from unsafe.find(file)
    yield from _references(draft)
    yield from _anchors(draft)
    if ledger.amended:
        yield from _idle_notes(draft, ledger, ledger.amended)


def _references(draft: Draft) -> Iterator[Problem]:
    sources = [(name, file.body) for name, file in draft.files.items()]
    for name, line, written, definer in unsafe.undefined(sources):
        what = f"{written} is not defined in this clause"
        cure = "Define it, or write \\[ for a plain bracket"
        if definer:
            what, cure = f"{what}, but in {definer}.md", "Define it here; each clause is read on its own"
        file = draft.files[name]
        yield Problem(file.path, line + file.before, "reference", what, cure)


def _anchors(draft: Draft) -> Iterator[Problem]:
    """Links to a place that no clause has. The page's own ids besides those, such as a table's, are no promise."""
    shown = {clause.id: render(clause) for clause in draft.clauses}
    known = {"top", *draft.settings.clauses, *(name for html in shown.values() for name in html.ids)}
    for clause, html in shown.items():
        own = {name.removeprefix(f"{clause}--") for name in html.ids}
        for anchor in (link[1:] for link in dict.fromkeys(html.links) if link[:1] == "#" and link != "#"):
            if anchor in known:
                continue
            path, line = links.place_of_link(draft, clause, f"#{anchor}")
            if not line and OF_A_FOOTNOTE.match(anchor):
                continue  # back from a note to one that nothing refers to, which is told by itself
            what = f"`#{anchor}` leads nowhere: it is neither a clause of this policy nor an id in this clause"
            cure = meant(anchor, (*draft.settings.clauses, *own), "Write a clause's id, as policy.yml lists it")
            yield Problem(path, line, "anchor", what, cure)


def _idle_notes(draft: Draft, ledger: Ledger, last: Version) -> Iterator[Problem]:
    """Notes on clauses that do not differ from the last standing version, a ``next.yml`` with nothing to announce."""
    changed = proposal.touched(draft, ledger)
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
    if draft.has_next and not changed and not proposal.settings_changed(draft, last):
        what = f"Nothing differs from {last.number}, so this announces nothing"
        yield Problem(next_path(draft.document), 0, "idle-note", what, "Delete the file", Level.WARNING)


def lacking(data: bytes, lines: Iterable[str]) -> list[str]:
    """Return those of ``lines`` that a file of patterns for git does not have, whether they begin with a slash or not.

    Each names a folder of the project, so that a slash before it means nothing.
    """
    told = {" ".join(line.split()).removeprefix("/") for line in data.decode("utf-8", "replace").splitlines()}
    return [line for line in lines if line not in told]


def attributes_problems(gitattributes: bytes) -> Iterator[Problem]:
    """Whether ``.gitattributes`` keeps the ledger's bytes as they are."""
    for line in lacking(gitattributes, GITATTRIBUTES):
        what, cure = f"The line `{line}` is missing", "Add it: without it a checkout can change digests"
        yield Problem(".gitattributes", 0, "gitattributes", what, cure)


Finding = tuple[str, int, str, str]
"""Path, line, what is wrong, the cure."""


def duties(policy: Policy, policies: Sequence[Policy], now: datetime) -> Iterator[Problem]:
    """Everything found in one policy, among all those of its project; nothing where it has no draft."""
    draft = policy.draft
    if draft is None or timeline.is_retired(policy.ledger, now):
        return
    yield from proposal.doubts(draft, policy.ledger)
    asked: dict[str, Callable[[], Iterator[Finding]]] = {
        "promised-notice": lambda: _promised_notice(draft),
        "dead-link": lambda: links.of_draft(policy, draft, policies),
        "clause-note": lambda: _silent_changes(policy, draft),
        "changes-told": lambda: _untold_changes(draft),
        "dated-text": lambda: _dated_text(draft),
        "numbered-twice": lambda: _numbered_twice(draft),
        "review-age": lambda: _review_age(policy, draft, now),
    }
    for rule, find in asked.items():
        if level := settings.level(draft.settings.checks, rule):
            yield from (Problem(path, line, rule, what, cure, level) for path, line, what, cure in find())
    if settings.level(draft.settings.checks, "dead-link"):
        yield from links.doubtful(policy, policies)


def _promised_notice(draft: Draft) -> Iterator[Finding]:
    """Days in ``policy.yml`` that are fewer than the text notice."""
    for severity, promise in notice.of_notice(draft.clauses, draft.settings.language).items():
        days = draft.settings.notice_days[severity]
        if days < promise.days:
            what = f"`notice_days` gives {days} days of a {severity} change; `{promise.clause}` promises {promise.days}"
            cure = f'Write {severity}: "{promise.days}"; a release keeps the stricter of the two'
            yield settings_path(draft.document), draft.settings.lines.get("notice_days", 0), what, cure


def _silent_changes(policy: Policy, draft: Draft) -> Iterator[Finding]:
    """Changes without a note in a coming version that asks customers to review it."""
    changes = proposal.graded_changes(draft, policy.ledger)
    if not any(change.severity is Severity.MATERIAL for change in changes):
        return
    for change in changes:
        # A material change without a note is refused by the release itself.
        if not change.note and change.severity in (Severity.EDITORIAL, Severity.NOTICE):
            path, line = place_of(draft, change.clause)
            what = f"The change of `{change.clause}` has no note, and customers are asked to review this version"
            yield path, line, what, 'Write note: "…", one plain sentence'


def _untold_changes(draft: Draft) -> Iterator[Finding]:
    language = draft.settings.language
    if notice.is_read(language) and not notice.says_how_changes_are_told(draft.clauses, language):
        what = "The text does not say how customers learn of changes"
        cure = "Write a clause on changes to this policy: how they are told, and how far ahead"
        yield settings_path(draft.document), 0, what, cure


def _dated_text(draft: Draft) -> Iterator[Finding]:
    for clause in draft.clauses:
        for line in notice.dates(clause, draft.settings.language):
            what = f"The text dates itself (“{line}”)"
            cure = "Take it out: each page says since when it is in force, and the two would part ways"
            yield clause_path(draft.document, clause.id), 0, what, cure


def _numbered_twice(draft: Draft) -> Iterator[Finding]:
    """Headings that are written with a number, and get one of ours."""
    if draft.settings.numbering is not Numbering.OURS:
        return
    for name, (place, _) in guesses.heading_numbers(draft.clauses).items():
        file = draft.files[name]
        heading = markdown.read(file.body).headings[0]
        what = f"The page shows “{place}. {heading.text}”: the heading bears a number, and gets another"
        cure = 'Write numbering: "text" in policy.yml, or take the number out of the heading'
        yield file.path, heading.first + file.before, what, cure


def _review_age(policy: Policy, draft: Draft, now: datetime) -> Iterator[Finding]:
    """A policy that nobody has released or reviewed for more than a year.

    California: a privacy policy is updated at least once every 12 months (CCPA section 1798.130(a)(5)).
    """
    zone = draft.settings.zone
    days = [timeline.day_of(version.announced, zone) for version in policy.ledger.standing]
    days += [draft.settings.reviewed] if draft.settings.reviewed else []
    today = timeline.day_of(now, zone)
    if days and _year_later(max(days)) < today:
        what = f"It was last reviewed on {max(days)}, more than 12 months ago"
        cure = f'Review it, then write reviewed: "{today}", or release what has to change'
        yield settings_path(draft.document), draft.settings.lines.get("reviewed", 0), what, cure


def _year_later(day: date) -> date:
    """The same day of the next year; 1 March where a 29 February is missing."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
