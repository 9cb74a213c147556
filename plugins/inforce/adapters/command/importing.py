"""``inforce import``: an existing policy, with all its history, into the ledger and a draft.

What it still has to be told is asked at a terminal; without one, taken where that is safe, or demanded. Every answer
goes into the request at once, so that whoever breaks off gets the answers back as options. What it found is shown by
``import_report``.
"""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from inforce.adapters.command import import_report, import_request, terminal
from inforce.adapters.command.import_report import Findings, question
from inforce.adapters.command.import_request import NO_BEGINNING, SETTINGS, Request, answered, named, terms_of
from inforce.adapters.command.new import write
from inforce.adapters.command.session import OpenProject, Session
from inforce.adapters.git.beginnings import Beginning
from inforce.errors import InForceError, Problem, fail
from inforce.importing import accounts, histories, identity, in_force, metadata
from inforce.importing.date_lines import Told
from inforce.importing.histories import Candidate, Made, Snapshot
from inforce.importing.identity import Doubt, Named
from inforce.importing.in_force import Doubtful
from inforce.model import KINDS, Requirement, draft_folder, ledger_folder
from inforce.text import clauses


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
@click.option("--keep", metavar="COMMIT", multiple=True, help="A doubtful commit or file that was in force.")
@click.option("--before", metavar="PATH", multiple=True, help="With --git: a file that SOURCE replaced; none: no such.")
@click.option("--all-commits", is_flag=True, help="With --git: those of side branches, too, not only their merges.")
@click.option("--report", metavar="FILE", type=click.Path(path_type=Path), help="Write what was found there, as JSON.")
@click.option("--dry-run", is_flag=True, help="Show the versions that it would make; write nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the safe choice, and list what was taken.")
@click.pass_obj
def import_(session: Session, /, dry_run: bool, yes: bool, report: Path | None, **options: Any) -> None:
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
        found = _found(session, project, interview)
        import_report.show(found)
        if report:
            what = terminal.count(len(found.made), "version")
            terminal.put(session.directory, report, import_report.as_json(found), what)
        if interview.ask and not dry_run:
            click.confirm(f"\nWrite {terminal.count(len(found.made), 'version')}?", abort=True)
    except (click.Abort, KeyboardInterrupt, InForceError):
        if interview.ask:
            click.echo(f"\nNothing was written. To go on from here:\n  {interview.request.command()}", err=True)
        raise
    if dry_run:
        command = interview.request.command()
        click.echo(f"\nNothing was written: this was a dry run. To write it:\n  {command}", err=True)
        return
    _write(project, interview.request, found.made)


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

    def kept(self, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
        """The texts without those that an editor leaves out. Raises InForceError where none is left."""
        names = [snapshot.origin.short for snapshot in snapshots]
        for name in self.request.keep:
            import_request.text_named(name, names, "--keep")
        out = [name for name in self.request.leave_out if name in names]  # others were left out before they were read
        found = [snapshot for snapshot in snapshots if snapshot.origin.short not in out]
        if not found:
            raise fail("--leave-out", 0, "text", "No text is left", "Leave fewer texts out")
        return found

    def known(self, snapshots: Sequence[Snapshot]) -> dict[str, date]:
        """The days of effect that were given, by text. Raises InForceError for one of a text that there is not."""
        names = [snapshot.origin.short for snapshot in snapshots]
        given = self.request.effective
        return {
            import_request.text_named(name, names, "--effective") if name else names[-1]: day for name, day in given
        }

    def began(self, beginnings: Sequence[Beginning]) -> None:
        """Whether the earlier texts in the first of ``beginnings`` are to be added."""
        first = beginnings[0]
        added = click.confirm(f"{import_report.began(first)}: add them?", default=True)
        self._put("before", (*self.request.before, first.name if added else NO_BEGINNING))

    def ever_in_force(self, doubts: Sequence[Doubtful]) -> None:
        """Whether the first of ``doubts`` was in force. Raises InForceError with all where nobody is there to ask."""
        if not self.ask:
            raise InForceError(*(_never(each) for each in doubts))
        first = doubts[0]
        if click.confirm(f"{first.short} {first.why}. {_asked(first)}", default=True):
            self._put("keep", (*self.request.keep, first.short))
        else:
            self._put("leave_out", (*self.request.leave_out, *first.leave))

    def dated(self, undated: Candidate, today: date) -> None:
        """The day of effect of a text of which nothing tells it. Raises InForceError where nobody is there to ask."""
        origin = undated.snapshot.origin
        if not self.ask:
            cure = "Give --effective, the day on which it took effect; --yes takes today"
            raise fail(origin.name, 0, "effective-missing", "Nothing tells its day of effect", cure)

        def day(said: object) -> date | None:
            return today if said == terminal.TODAY else said if type(said) is date else None

        self._dated(origin.short, terminal.until(f"{origin.short} took effect on", day, type=terminal.DAY))

    def meant(self, candidate: Candidate, told: Told) -> None:
        """Which of its meanings a date has. Raises InForceError where nobody is there to ask."""
        origin, days = candidate.snapshot.origin, [day.isoformat() for day in told.days]
        if not self.ask:
            cure = " or ".join(f"--effective {origin.short}={day}" for day in days)
            what = f"“{told.text}” may be {' or '.join(days)}"
            raise fail(origin.name, told.line, "date-unclear", what, f"Say which: {cure}")
        asked = f"{import_report.named(candidate.snapshot)} says “{told.text}”. Which day is that?"
        self._dated(origin.short, date.fromisoformat(click.prompt(asked, type=click.Choice(days))))

    def _dated(self, short: str, day: date) -> None:
        self._put("effective", (*self.request.effective, (short, day)))

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


def _asked(doubt: Doubtful) -> str:
    return "Was it in force?" if doubt.short in doubt.leave else "Was that in force?"


def _never(doubt: Doubtful) -> Problem:
    leave = " ".join(f"--leave-out {short}" for short in doubt.leave)
    cure = f"Give --keep {doubt.short} if it was, or {leave}; --yes keeps all such"
    return Problem(doubt.short, 0, "never-in-force", f"It {doubt.why}. {_asked(doubt)}", cure)


def _found(session: Session, project: OpenProject, interview: Interview) -> Findings:
    """The versions, and all that an editor should know of them."""
    interview.zone()
    found = import_request.find(session.directory, interview.request)
    while found.beginnings and interview.ask:
        interview.began(found.beginnings)
        found = import_request.find(session.directory, interview.request)
    texts = list(terminal.progress(import_request.read(found, interview.request), len(found.texts), "Reading"))
    snapshots = [each for each in texts if isinstance(each, Snapshot)]
    unread = [*found.left_out, *(each for each in texts if isinstance(each, Problem))]
    if not snapshots:
        raise InForceError(*unread)
    interview.settings(snapshots)
    today = project.now.astimezone(interview.request.zone).date()
    candidates, never = _dated(interview, snapshots, today)
    terms = terms_of(interview.request, [each.snapshot for each in candidates])
    names, doubts, suggested = _identified(interview, candidates)
    made = list(terminal.progress(histories.make(candidates, names, terms, project.now), len(candidates), "Writing"))
    return Findings(made, found, unread, never, doubts, suggested, interview.taken)


def _dated(
    interview: Interview, snapshots: Sequence[Snapshot], today: date
) -> tuple[tuple[Candidate, ...], Sequence[Doubtful]]:
    """The versions to make, each with a day of effect; and those that may never have been in force."""
    while True:
        texts = interview.kept(snapshots)
        found = histories.candidates(texts, interview.request.folding, today, interview.known(texts))
        never = list(in_force.doubtful(found, interview.request.keep))
        if never and not interview.trusting:
            interview.ever_in_force(never)
            continue
        undated = next((each for each in found if each.why == "today"), None)
        for before, each in zip((None, *found), found, strict=False):
            told = accounts.unclear(each, before)
            if told and (each.why == "today" or not interview.trusting):
                interview.meant(each, told[0])
                break
        else:
            if undated is None or interview.trusting:
                return found, never
            interview.dated(undated, today)


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
