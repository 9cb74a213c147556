"""What is wrong in a draft beyond what reading finds: in its words, its notes, its links; and what it owes its readers.

What is owed are rules that the policy may turn off (``draft.settings``); the laws and habits behind each stand in the
documentation ("Checks"). None of these stops a build: they stand against a pull request, and what makes a version wrong
is ``release.rules``. Dead links are looked for in any text. A relative link counts from the policy's own address; what
is not below a policy's address belongs to the rest of the site, and is not looked at. Pure: the instant is an argument.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inforce.changes import lineage
from inforce.draft import guesses, settings
from inforce.draft.folder import clause_path, next_path, place_of, settings_path
from inforce.errors import Level, Problem, meant
from inforce.ledger import timeline
from inforce.ledger.addresses import Addresses
from inforce.model import Clause, ClauseFile, Draft, Ledger, Numbering, Policy, Severity, Version
from inforce.release import notice, proposal
from inforce.text import markdown, unsafe
from inforce.text.html import render
from inforce.text.normal import count_of

GITATTRIBUTES = ("versions/** -text -filter -ident", "policy/**/*.md text eol=lf", "policy/**/*.yml text eol=lf")
"""The lines without which a checkout on Windows changes digests. Of a draft they name its texts alone."""

_MAILBOX = re.compile(r"[^\s/@#?]+@[^\s/@#?]+\.[^\s/@#?]+\Z")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?P<last>[a-z]{2,})(?=[/?#:]|\Z)", re.IGNORECASE)
_FILES = frozenset(("md", "html", "htm", "xml", "txt", "pdf", "json", "png", "jpg", "svg", "doc", "docx"))
"""Endings of a file's name, not of a host's."""
_SHOWN = 8
"""A message names so many pages at the most."""
_PAGE_IDS = frozenset(("top", "page.about", "page.verify", "page.versions"))


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
            if anchor not in known:
                what = f"`#{anchor}` leads nowhere: it is neither a clause of this policy nor an id in this clause"
                cure = meant(anchor, (*draft.settings.clauses, *own), "Write a clause's id, as policy.yml lists it")
                file = draft.files.get(clause)
                path, line = (file.path, _line_of_link(f"#{anchor}", file)) if file else place_of(draft, clause)
                yield Problem(path, line, "anchor", what, cure)


def _line_of_link(address: str, file: ClauseFile) -> int:
    """The first line of a clause's file that holds an address; 0 where it is written in some other way."""
    links = (link for link in markdown.read(file.body).links if link.kind != "reference")
    return next((link.line + file.before for link in links if link.address == address), 0)


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


@dataclass(frozen=True)
class DeadLink:
    """A link of a clause that leads nowhere: ``written`` as in the text, what is wrong, what to do."""

    clause: str
    written: str
    what: str
    cure: str


def dead_links(policy: Policy, clauses: Sequence[Clause], policies: Sequence[Policy]) -> Iterator[DeadLink]:
    """The dead links of a text of ``policy``, its draft's or a version's, as it stands among today's pages."""
    known = {each.document: each for each in policies}
    for clause in clauses:
        for written in dict.fromkeys(render(clause).links):
            if not written or written.startswith("#") or ":" in written:
                continue
            path, _, anchor = written.partition("#")
            name, _, rest = posixpath.normpath(f"{policy.document}/{path.partition('?')[0]}").partition("/")
            if path.startswith("/") or name not in known:
                continue
            if whole := _schemeless(written):
                what = "it has no scheme, so it counts as a page of this policy"
                yield DeadLink(clause.id, written, what, f"Write {whole}")
                continue
            rest += "/" if rest and path.endswith("/") else ""
            if wrong := _wrong(known[name], rest.removesuffix("index.md"), anchor):
                yield DeadLink(clause.id, written, *wrong)


def _schemeless(written: str) -> str:
    """The whole address of a host or a mailbox that is written without its scheme; empty where it is neither."""
    if _MAILBOX.match(written):
        return f"mailto:{written}"
    host = _HOST.match(written)
    return f"https://{written}" if host and host["last"].lower() not in _FILES else ""


def _wrong(policy: Policy, rest: str, anchor: str) -> tuple[str, str] | None:
    """What is wrong with a link to ``rest`` below a policy's address, and the cure; None where it leads somewhere.

    A policy's own address counts as there before its first release: two policies that name each other could never be
    released otherwise.
    """
    page, ledger = rest.rstrip("/"), policy.ledger
    if page == "":
        return _unanchored(policy, anchor, None)
    if f"{policy.document}/{page}" in {address.rstrip("/") for address in Addresses(policy.document).published(ledger)}:
        return _unanchored(policy, anchor, ledger.by_number[page]) if page in ledger.by_number else None
    named = page if page.rpartition(".")[2].lower() in _FILES else f"{page}/"
    if not ledger.versions:
        what = f"{policy.document} was never released, so it has no page {named}"
        return what, f"Link to ../{policy.document}/, or release it first"
    pages = ("versions/", *(f"{each}/" for each in ledger.by_number))
    what = f"{policy.document} has no page {named}"
    shown = pages if len(pages) <= _SHOWN else (*pages[:2], "…", pages[-1])
    return what, meant(named, pages, f"Its pages are: {', '.join(shown)}")


def _unanchored(policy: Policy, anchor: str, version: Version | None) -> tuple[str, str] | None:
    """What is wrong with an anchor on a version's page, or on the policy's own, which shows what is to come, too."""
    if not anchor or anchor in _PAGE_IDS:
        return None
    shown = version or policy.draft or policy.ledger.latest
    if shown is None:
        return None
    ids = {name for clause in shown.clauses for name in (clause.id, *render(clause).ids)}
    if anchor in ids:
        return None
    what = f"{policy.document} has no clause `{anchor}`"
    gone = next((each for each in reversed(policy.ledger.standing) if anchor in each.by_id), None)
    if gone and version is None:
        what += f" any more; {gone.number} was the last to have it"
        if heir := _heir(policy, gone, anchor):
            return what, f"Link to `{heir}`, which it became"
        return what, f"Link to {policy.document}/{gone.number}/#{anchor}, or take it out"
    return what, meant(anchor, ids, "Write the id of one of its clauses")


def _heir(policy: Policy, last: Version, clause: str) -> str:
    """The clause that one of the version ``last`` has become by now, in the draft if there is one; empty if none."""
    drafted = policy.draft and proposal.draft_version(policy.draft, policy, last.announced)
    newest = drafted or policy.ledger.latest
    assert newest
    return lineage.heirs(lineage.between(policy.ledger, last, newest)).get(clause, "")


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
        file = draft.files.get(link.clause)
        path, line = clause_path(draft.document, link.clause), _line_of_link(link.written, file) if file else 0
        yield path, line, f"The link `{link.written}` leads nowhere: {link.what}", link.cure


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
