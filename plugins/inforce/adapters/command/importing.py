"""``inforce import``: an existing policy, with all its history, into the ledger and a draft.

What it still has to be told is asked at a terminal; without one, taken where that is safe, or demanded. Every answer
goes into the request at once, so that whoever breaks off gets the answers back as options. Then it shows, for people,
what it found: the table of versions, doubts, what left the text, what to look at.
"""

import shlex
import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import click

from inforce.adapters.command import import_request, terminal
from inforce.adapters.command.import_request import SETTINGS, Request, answered, named, terms_of
from inforce.adapters.command.new import write
from inforce.adapters.command.session import OpenProject, Session
from inforce.errors import InForceError, Problem, fail
from inforce.importing import histories, identity, metadata
from inforce.importing.histories import Candidate, Made, Snapshot
from inforce.importing.identity import Doubt, Named
from inforce.model import KINDS, Requirement, Version, draft_folder, ledger_folder
from inforce.text import clauses
from inforce.text.html import words


@click.command(
    name="import",
    epilog=terminal.examples(
        "import old/privacy.md --as privacy --contact privacy@example.com",
        "import --git ../website content/privacy.md --as privacy --dry-run",
    ),
)
@click.argument("source")
@click.option("--git", metavar="REPO", default="", help="Take SOURCE, a path in this clone, with all its history.")
@click.option("--as", "document", metavar="DOC", default="", help="The new policy's id, part of its address.")
@click.option("--title", default="", help="The title of every version; otherwise what each text says.")
@click.option("--kind", default="", help="privacy-policy, terms-of-service or policy.")
@click.option("--requires", default="", help="accept, acknowledge or inform.")
@click.option("--language", metavar="TAG", default="", help="BCP 47, such as en.")
@click.option("--timezone", metavar="ZONE", default="", help="What a day means, such as Europe/Berlin.")
@click.option("--contact", metavar="ADDRESS", default="", help="Where readers write to: a mail or web address.")
@click.option("--notice-days", metavar="N,N,N", default="", help="Of material, notice and editorial changes.")
@click.option("--effective", type=terminal.DATED, multiple=True, help="When the text, or one commit's, took effect.")
@click.option("--origin", metavar="TEXT", default="", help="What readers are told of where this comes from.")
@click.option("--base", metavar="URL", default="", help="The address that the source had, for its relative links.")
@click.option("--encoding", metavar="NAME", default="", help="How texts are written that are not UTF-8.")
@click.option("--summary", metavar="TEXT", default="", help="Every version's summary; otherwise what changed.")
@click.option("--same", type=terminal.ALIKE, multiple=True, help="Two ids are one clause; may be repeated.")
@click.option("--id", type=terminal.ALIKE, multiple=True, help="A suggested id, and what it shall be; may be repeated.")
@click.option("--apart", type=terminal.ALIKE, multiple=True, help="Two ids are two clauses; may be repeated.")
@click.option(
    "--fold", type=click.Choice(import_request.FOLDS), default="all", help="Fold texts of one day, of the same words."
)
@click.option("--leave-out", metavar="COMMIT", multiple=True, help="A commit or file to leave out; may be repeated.")
@click.option("--first-parent", is_flag=True, help="With --git: what merges made of the branch, not what they brought.")
@click.option("--dry-run", is_flag=True, help="Show the versions that it would make; write nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the safe choice, and list what was taken.")
@click.pass_obj
def import_(session: Session, /, dry_run: bool, yes: bool, **options: Any) -> None:
    """Bring an existing policy in, with all its history.

    SOURCE is a Markdown or HTML file, a folder of files with a day in their names, or with --git the path of a file in
    a clone. Each text becomes a version; its lines of dates become dates. Texts of one day, or with no word changed,
    are folded into one. Clauses keep their ids through renaming, moving, splitting and merging; where that is
    uncertain, it is asked. Changes stay unclassified until an editor grades them.
    """
    project = session.project(begun=False)
    ask, here = session.terminal and not yes, session.environment.timezone
    interview = Interview(Request(**options), ask, trusting=yes or dry_run, here=here)
    terminal.all_fit(answered, {option: options[option] for option in SETTINGS})
    try:
        interview.name([policy.document for policy in project.policies])
        made = _made(session, project, interview)
        if interview.ask and not dry_run:
            click.confirm(f"\nWrite {terminal.count(len(made), 'version')}?", abort=True)
    except click.Abort:
        click.echo(f"\nNothing was written. To go on from here:\n  {interview.request.command()}", err=True)
        raise
    if dry_run:
        command = interview.request.command()
        click.echo(f"\nNothing was written: this was a dry run. To write it:\n  {command}", err=True)
        return
    _write(project, interview.request, made)


@dataclass
class Interview:
    """``request`` as it is by now.

    ``ask``: somebody is there to answer; ``trusting``: the safe choice will do; ``here``: the machine's time zone.
    """

    request: Request
    ask: bool
    trusting: bool
    here: str
    taken: list[str] = field(default_factory=list)

    def name(self, existing: Collection[str]) -> None:
        """The new policy's id, none of ``existing``. Raises InForceError where nobody gives one."""

        def free(said: str) -> str:
            named(said, existing)
            return said

        if self.request.document:
            free(self.request.document)
        elif self.ask:
            self._put("document", terminal.until("The policy's id, part of every address (privacy, terms …)", free))
        else:
            cure = "Give --as, an id such as privacy or terms: it becomes part of every address"
            raise fail("--as", 0, "document-id", "The new policy has no name", cure)

    def zone(self) -> None:
        """The time zone, which says on which day a commit was made."""
        self._settle("timezone", "Time zone of its dates", self.here if self.ask else "UTC")

    def settings(self, snapshots: Sequence[Snapshot]) -> None:
        """Everything else that policy.yml holds, with what the last text tells of it as the answer on offer."""
        last = snapshots[-1].reading
        text = "\n".join(f"{section.heading}\n{section.body}" for section in last.sections)
        title = import_request.title_of(self.request, snapshots)
        title = title or self._settle("title", "Title", self.request.document.replace("-", " ").capitalize())
        kind = self._settle("kind", "Kind", metadata.kind(title), KINDS)
        self._settle("requires", "Customers are asked to", str(metadata.requires(kind)), tuple(Requirement))
        self._settle("language", "Language (BCP 47)", last.front.get("lang", "") or metadata.language(text) or "en")
        self._settle("notice_days", "Days of notice (material,notice,editorial)", import_request.DAYS)
        self._settle("contact", "Where readers write to", metadata.contact(text))

    def _settle(self, option: str, question: str, offered: str, words: Collection[str] = ()) -> str:
        given = str(getattr(self.request, option))
        if not given and self.ask:
            choice = click.Choice([str(word) for word in words]) if words else None
            accept = partial(answered, option)
            given = terminal.until(question, accept, default=offered or None, type=choice)
        elif not given and offered:
            given = offered
            self.taken.append(f"--{option.replace('_', '-')} {shlex.quote(given)}")
        self._put(option, given)
        return given

    def _put(self, option: str, value: Any) -> None:
        self.request = replace(self.request, **{option: value})

    def known(self, snapshots: Sequence[Snapshot]) -> dict[str, date]:
        """The days of effect that were given, by text. Raises InForceError for one of a text that there is not."""
        names = [snapshot.origin.short for snapshot in snapshots]
        given = self.request.effective
        return {
            import_request.text_named(name, names, "--effective") if name else names[-1]: day for name, day in given
        }

    def dated(self, undated: Candidate, today: date) -> None:
        """The day of effect of a text of which nothing tells it. Raises InForceError where nobody is there to ask."""
        origin = undated.snapshot.origin
        if not self.ask:
            cure = "Give --effective, the day on which it took effect; --yes takes today"
            raise fail(origin.name, 0, "effective-missing", "Nothing tells its day of effect", cure)
        said = click.prompt(f"{origin.short} took effect on", type=terminal.DAY)
        day = today if said == terminal.TODAY else said
        self.request = replace(self.request, effective=(*self.request.effective, (origin.short, day)))

    def resolved(self, doubts: Sequence[Doubt], candidates: Sequence[Candidate]) -> None:
        """The first of ``doubts``. Raises InForceError with all of them where nobody is there to ask."""
        if not self.ask:
            raise InForceError(*(_open(doubt, candidates) for doubt in doubts))
        doubt = doubts[0]
        origin = candidates[doubt.snapshot].snapshot.origin
        asked = f"{origin.short}: {question(doubt)}. Is it one clause?"
        option = "same" if click.confirm(asked, default=False) else "apart"
        self._put(option, (*getattr(self.request, option), (doubt.old, doubt.new)))

    def named(self, suggested: Sequence[tuple[str, str]]) -> None:
        """The first of the ids that are only ``suggested``. Raises InForceError where nobody is there to ask."""
        if not self.ask:
            cure = "Give --id {0}=NAME, or --id {0}={0}; --yes takes all such as they are"
            what = "“{}” is in no Latin letters, and `{}` is only how it is read"
            raise InForceError(
                *(
                    Problem("--id", 0, "clause-id", what.format(title, name), cure.format(name))
                    for name, title in suggested
                )
            )

        def usable(said: str) -> str:
            if wrong := clauses.id_problem(said):
                raise fail("--id", 0, "clause-id", f"`{said}` {wrong}", "Choose an id such as your-rights")
            return said

        name, title = suggested[0]
        said = terminal.until(f"The id of “{title}”, part of its address for ever", usable, default=name)
        self._put("id", (*self.request.id, (name, said)))


def _open(doubt: Doubt, candidates: Sequence[Candidate]) -> Problem:
    what = f"{question(doubt)} may be one clause or two"
    pair = f"{doubt.old}={doubt.new}"
    cure = f"Give --same {pair} or --apart {pair}; --yes takes all such for two"
    return Problem(candidates[doubt.snapshot].snapshot.origin.name, 0, "doubt", what, cure)


def question(doubt: Doubt) -> str:
    """Whether two clauses are one, in a line."""
    return f"“{doubt.old_title}” and “{doubt.new_title}” (alike to {doubt.likeness:.0%})"


def _made(session: Session, project: OpenProject, interview: Interview) -> list[Made]:
    """The versions, shown with all that an editor should know of them."""
    interview.zone()
    found = import_request.find(session.directory, interview.request)
    texts = list(terminal.progress(import_request.read(found, interview.request.encoding), len(found.texts), "Reading"))
    snapshots = [each for each in texts if isinstance(each, Snapshot)]
    unread = [*found.left_out, *(each for each in texts if isinstance(each, Problem))]
    if not snapshots:
        raise InForceError(*unread)
    interview.settings(snapshots)
    terms = terms_of(interview.request, snapshots)
    candidates = _dated(interview, snapshots, project.now.astimezone(interview.request.zone).date())
    names, doubts, suggested = _identified(interview, candidates)
    made = list(terminal.progress(histories.make(candidates, names, terms, project.now), len(candidates), "Writing"))
    _show(made, snapshots, unread, doubts, [*_readings(suggested), *(f"  {each}" for each in interview.taken)])
    return made


def _dated(interview: Interview, snapshots: Sequence[Snapshot], today: date) -> tuple[Candidate, ...]:
    """The versions to make, each with a day of effect."""
    while True:
        told = interview.known(snapshots)
        found = histories.candidates(snapshots, interview.request.folding, today, told)
        undated = [each for each in found if each.why == "today"]
        if not undated or interview.trusting:
            return found
        interview.dated(undated[0], today)


def _identified(
    interview: Interview, candidates: Sequence[Candidate]
) -> tuple[Sequence[Named], Sequence[Doubt], Sequence[tuple[str, str]]]:
    """The clauses' ids, the doubts that were left open, and the ids that nobody confirmed, with their headings."""
    texts = [each.snapshot.reading.sections for each in candidates]
    while True:
        names, doubts = identity.follow(texts, interview.request.answers, interview.request.language)
        suggested = identity.suggested(texts, names, interview.request.answers)
        if interview.trusting or not (doubts or suggested):
            return names, doubts, suggested
        if doubts:
            interview.resolved(doubts, candidates)
        else:
            interview.named(suggested)


def _write(project: OpenProject, request: Request, made: Sequence[Made]) -> None:
    """Put both folders in place, and the lines that keep their bytes; all of it or nothing."""
    document = request.document
    written = histories.files(made, terms_of(request, [each.candidate.snapshot for each in made]).settings)
    project.changed(written)
    folders = [name(document).rstrip("/") for name in (ledger_folder, draft_folder)]
    beside = write(project.root, written, folders)
    first, last = made[0].version, made[-1].version
    numbers = first.number if len(made) == 1 else f"{first.number} to {last.number}"
    click.echo(f"Imported {document} {numbers} into {ledger_folder(document)} and {draft_folder(document)}.")
    click.echo("Next: look at it with inforce check and the preview, then commit, for example:")
    added = " ".join((*reversed(folders), *beside))
    click.echo(f'  git add {added} && git commit -m "Import {document}"')


_WHY = {"text": "the text's own date", "origin": "", "option": "as given", "order": "its predecessor's date"}
_MOST = 8
"""Lines of one sort before the rest is only counted."""


def _show(
    made: Sequence[Made],
    snapshots: Sequence[Snapshot],
    unread: Sequence[Problem],
    doubts: Sequence[Doubt],
    taken: Sequence[str],
) -> None:
    """The table on standard output; what to know and to look at beside it, on standard error."""
    for row in _table(made):
        click.echo(row)
    for heading, lines in (
        ("In no clause, because it is none of the policy's text", _left(snapshots)),
        ("To look at", _notes(made)),
        ("Taken for two clauses, though they may be one", _open_doubts(doubts)),
        ("Taken without being asked", taken),
        ("Texts left out", (f"  {terminal.line(problem)}" for problem in unread)),
    ):
        if shown := list(lines):
            click.echo(f"\n{click.style(heading, bold=True)}:", err=True)
            for each in shown:
                click.echo(each, err=True)


def _table(made: Sequence[Made]) -> Iterator[str]:
    """A line for each version: number, day of effect, where it comes from, words changed; then what is folded in it."""
    yield click.style(f"{'version':<8} {'effective':<10} {'words':>12}  from", bold=True)
    before: Version | None = None
    for each in made:
        version = each.version
        more, less = _changed(before, version)
        count = f"+{more} -{less}" if before else f"{more} words"
        why = _WHY.get(each.candidate.why, "nothing tells its day: taken for today")
        note = f" [{why}]" if why else ""
        day = version.effective.date().isoformat()
        yield f"{version.number:<8} {day:<10} {count:>12}  {_named(each.candidate.snapshot)}{note}"
        for folded in each.candidate.folded:
            yield f"{'':<8} {'':<10} {'folded':>12}  {_named(folded)}"
        before = version


def _named(snapshot: Snapshot) -> str:
    origin = snapshot.origin
    day = f" {origin.day.isoformat()}" if origin.day and origin.subject else ""
    return " ".join(filter(None, (origin.short + day, textwrap.shorten(origin.subject, 60, placeholder=" …"))))


def _changed(before: Version | None, after: Version) -> tuple[int, int]:
    """How many words came and how many went, wherever they stand."""
    old, new = _words(before), _words(after)
    return sum((new - old).values()), sum((old - new).values())


def _words(version: Version | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for clause in version.clauses if version else ():
        for part in words(clause):
            found.update(word for word in part if word[0].isalnum())
    return found


def _left(snapshots: Iterable[Snapshot]) -> Iterator[str]:
    """What of the sources is in no clause, by reason, each text once."""
    found: dict[str, dict[str, None]] = {}
    for snapshot in snapshots:
        for each in (each for each in snapshot.reading.left if each.why != "title"):
            found.setdefault(each.why, {})[" ".join(each.text.split())] = None
    for why, shown in found.items():
        lines = [f"  {why}: {textwrap.shorten(text, 90, placeholder=' …')}" for text in reversed(shown)]
        yield from _capped(lines, why)


def _notes(made: Sequence[Made]) -> Iterator[str]:
    """What an editor should look at, each finding once, with the last text that has it."""
    found: dict[str, str] = {}
    for each in made:
        for line, what in each.notes:
            found.pop(what, None)
            found[what] = f"  {each.candidate.snapshot.origin.short}:{line}: {what}"
    yield from _capped(list(reversed(found.values())), "such finding")
    if addresses := list(dict.fromkeys(made[-1].relative)):
        shown = ", ".join(addresses[:3]) + (" …" if len(addresses) > 3 else "")
        links = terminal.count(len(addresses), "link")
        yield f"  {links} of the last text lead beside the source ({shown}): give --base, the address that it had"


def _capped(lines: list[str], sort: str) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"  {sort}: {len(lines) - _MOST} more in older texts"


def _readings(suggested: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Ids that nobody confirmed, with the option that says another."""
    for name, title in suggested:
        yield f"  --id {name}={name} for “{title}”, as it is read"


def _open_doubts(found: Sequence[Doubt]) -> Iterator[str]:
    """Clauses that may be one and were taken for two, with the options that say so."""
    for each in found:
        yield f"  {question(each)}: --same {each.old}={each.new}, or --apart {each.old}={each.new}"
