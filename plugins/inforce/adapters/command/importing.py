"""``inforce import``: an existing policy, with all its history, into the ledger and a draft.

What it still has to be told is asked by ``import_interview``, and what it found is shown by ``import_report``.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from inforce.adapters.command import import_report, import_request, terminal
from inforce.adapters.command.import_interview import Interview
from inforce.adapters.command.import_report import Findings
from inforce.adapters.command.import_request import SETTINGS, Request, SourceTexts, answered, terms_of
from inforce.adapters.command.new import write
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Problem
from inforce.importing import accounts, histories, identity
from inforce.importing.accounts import Doubtful
from inforce.importing.histories import Candidate, ImportedVersion, Snapshot
from inforce.importing.identity import Doubt, Named
from inforce.model import ledger_folder
from inforce.text.normal import count_of


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
    a clone; save a Word document as one of them first. Each text becomes a version; its lines of dates become dates.
    Texts of one day, or with no word changed, are folded into one. Clauses keep their ids through renaming, moving,
    splitting and merging; where that is uncertain, it is asked. Changes stay unclassified until an editor grades them.
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
            what = count_of(len(found.made), "version")
            terminal.put(session.directory, report, import_report.as_json(found), what)
        if interview.ask and not dry_run:
            click.confirm(f"\nWrite {count_of(len(found.made), 'version')}?", abort=True)
    except (click.Abort, KeyboardInterrupt, InForceError):
        if interview.ask:
            terminal.nothing_written(interview.request.command())
        raise
    if dry_run:
        terminal.nothing_written(interview.request.command(), terminal.DRY_RUN)
        return
    _write(project, interview.request, found.made)


def _found(session: Session, project: OpenProject, interview: Interview) -> Findings:
    """The versions, and all that an editor should know of them."""
    interview.zone()
    found = import_request.find(session.directory, interview.request)
    while found.beginnings and interview.ask:
        interview.began(found.beginnings)
        found = import_request.find(session.directory, interview.request)
    texts = _read(interview, found)
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


def _read(interview: Interview, found: SourceTexts) -> list[Snapshot | Problem]:
    """Each text, read, or what is wrong with it; how one is written that nobody can have written so is asked."""
    while True:
        try:
            texts = list(terminal.progress(import_request.read(found, interview.request), len(found.texts), "Reading"))
            wrong = next((each for each in texts if isinstance(each, Problem) and each.rule == "encoding"), None)
        except InForceError as error:
            wrong = next((each for each in error.problems if each.rule == "encoding"), None)
            if wrong is None or not interview.written(wrong):
                raise
            continue
        if wrong is None or not interview.written(wrong):
            return texts


def _dated(
    interview: Interview, snapshots: Sequence[Snapshot], today: date
) -> tuple[tuple[Candidate, ...], Sequence[Doubtful]]:
    """The versions to make, each with a day of effect; and those that may never have been in force."""
    while True:
        texts = interview.kept(snapshots)
        found = histories.candidates(texts, interview.request.folding, today, interview.known(texts))
        never = list(accounts.doubtful(found, interview.request.keep))
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


def _write(project: OpenProject, request: Request, made: Sequence[ImportedVersion]) -> None:
    """Put both folders in place, and the lines that keep their bytes; all of it or nothing."""
    document = request.document
    written = histories.files(made, terms_of(request, [each.candidate.snapshot for each in made]).settings)
    project.changed(written)
    folders = [name(document).rstrip("/") for name in (ledger_folder, draft_folder)]
    beside = write(project.root, written, folders)
    first, last = made[0].version, made[-1].version
    numbers = first.number if len(made) == 1 else f"{first.number} to {last.number}"
    click.echo(f"Imported {document} {numbers} into {ledger_folder(document)} and {draft_folder(document)}.")
    click.echo("Next: look at it with inforce check, and at its pages with inforce build; then commit, for example:")
    added = " ".join((*reversed(folders), *beside))
    click.echo(f'  git add {added} && git commit -m "Import {document}"')
