"""What a policy has to do beyond form -> problems, each of a rule that the policy may turn off (``settings``).

The laws and habits behind each rule stand in the documentation ("Checks"). None of this stops a build: it stands
against a pull request, and what a release refuses is decided by ``release.rules``. Pure: the instant is an argument.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from inforce.check.form import dead_links
from inforce.draft import guesses, settings
from inforce.draft.folder import clause_path, place_of, settings_path
from inforce.errors import Level, Problem
from inforce.ledger import timeline
from inforce.model import Draft, Numbering, Policy, Severity, Version
from inforce.release import notice, proposal
from inforce.text import markdown
from inforce.text.normal import count_of

Finding = tuple[str, int, str, str]
"""Path, line, what is wrong, the cure."""


def problems(policy: Policy, policies: Sequence[Policy], now: datetime) -> Iterator[Problem]:
    """Everything found in one policy, among all those of its project; nothing where it has no draft."""
    draft = policy.draft
    if draft is None or timeline.is_retired(policy.ledger, now):
        return
    yield from proposal.doubts(draft, policy.ledger)
    asked: dict[str, Callable[[], Iterator[Finding]]] = {
        "promised-notice": lambda: _promised_notice(draft),
        "dead-link": lambda: _dead_links(policy, draft, policies),
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
        yield from _published_links(policy, policies)


def _promised_notice(draft: Draft) -> Iterator[Finding]:
    """Days in ``policy.yml`` that are fewer than the text notice."""
    for severity, promise in notice.of_notice(draft.clauses, draft.settings.language).items():
        days = draft.settings.notice_days[severity]
        if days < promise.days:
            what = f"`notice_days` gives {days} days of a {severity} change; `{promise.clause}` promises {promise.days}"
            cure = f'Write {severity}: "{promise.days}"; a release keeps the stricter of the two'
            yield settings_path(draft.document), 0, what, cure


def _dead_links(policy: Policy, draft: Draft, policies: Sequence[Policy]) -> Iterator[Finding]:
    for link in dead_links(policy, draft.clauses, policies):
        path = clause_path(draft.document, link.clause)
        yield path, 0, f"The link `{link.written}` leads nowhere: {link.what}", link.cure


def _published_links(policy: Policy, policies: Sequence[Policy]) -> Iterator[Problem]:
    """Links on the pages of published versions, which nobody can mend in the text: a warning at most.

    A link that many versions have is told once, at the last of them.
    """
    found: dict[tuple[str, str, str], list[Version]] = {}
    for version in policy.ledger.versions:
        for link in dead_links(policy, version.clauses, policies):
            found.setdefault((link.clause, link.written, link.what), []).append(version)
    for (clause, written, wrong), versions in found.items():
        last, earlier = versions[-1], len(versions) - 1
        too = f" (in {count_of(earlier, 'earlier version')}, too)" if earlier else ""
        what = f"In `{clause}`, the link `{written}` leads nowhere by now{too}: {wrong}"
        cure = f"A published text stays; say so beside it: inforce erratum {policy.document} {last.number}"
        yield Problem(last.path, 0, "dead-link", what, cure, Level.WARNING)


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
        yield settings_path(draft.document), 0, what, cure


def _year_later(day: date) -> date:
    """The same day of the next year; 1 March where a 29 February is missing."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
