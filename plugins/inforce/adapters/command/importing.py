"""``inforce import``: an existing policy, with all its history, into the ledger and a draft."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

import click

from inforce import project as sources
from inforce.adapters import files, origins
from inforce.adapters.command import import_report, output
from inforce.adapters.command.import_interview import Interview
from inforce.adapters.command.import_request import FOLDS, Request, named, terms_of
from inforce.adapters.command.parameters import Dated, Same
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.check import form as checks
from inforce.errors import InForceError, Problem, errors, fail
from inforce.importing import histories, identity, versions
from inforce.importing.histories import Candidate, Snapshot
from inforce.importing.identity import Doubt, Named
from inforce.importing.versions import Made

Step = TypeVar("Step")

_EPILOG = """\b
Examples:
  inforce import old/privacy.md --as privacy --contact privacy@example.com
  inforce import --git ../website content/privacy.md --as privacy --dry-run
"""


@click.command(name="import", epilog=_EPILOG)
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
@click.option("--effective", type=Dated(), multiple=True, help="When the text, or one commit's, took effect.")
@click.option("--origin", metavar="TEXT", default="", help="What readers are told of where this comes from.")
@click.option("--base", metavar="URL", default="", help="The address that the source had, for its relative links.")
@click.option("--summary", metavar="TEXT", default="", help="Every version's summary; otherwise what changed.")
@click.option("--same", type=Same(), multiple=True, help="Two ids are one clause; may be repeated.")
@click.option("--apart", type=Same(), multiple=True, help="Two ids are two clauses; may be repeated.")
@click.option("--fold", type=click.Choice(FOLDS), default="all", help="Fold texts of one day, of the same words.")
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
    project = _project(session)
    interview = Interview(Request(**options), ask=session.terminal and not yes, trusting=yes or dry_run)
    try:
        named(interview.name(), [policy.document for policy in project.sources.policies])
        made = _made(session, project, interview)
        if interview.ask and not dry_run:
            click.confirm(f"\nWrite {output.count(len(made), 'version')}?", abort=True)
    except click.Abort:
        click.echo(f"\nNothing was written. To go on from here:\n  {interview.request.command()}", err=True)
        raise
    if dry_run:
        command = interview.request.command()
        click.echo(f"\nNothing was written: this was a dry run. To write it:\n  {command}", err=True)
        return
    _write(project, interview.request, made)


def _project(session: Session) -> Project:
    """The project, or the folder itself where there is none yet: an import may be a project's first policy."""
    try:
        return session.project()
    except InForceError as error:
        if error.problems[0].rule != "no-project":
            raise
        return Project(session.directory.resolve(), {}, sources.read({}), session.surroundings.now())


def _found(session: Session, request: Request) -> origins.Found:
    """The texts, as they lie there."""
    if request.git:
        repository = session.directory / request.git
        if not repository.is_dir():
            raise fail(request.git, 0, "git", "There is no such folder", "Give a clone: git clone URL")
        found = origins.of_git(repository, request.source, request.zone, first_parent=request.first_parent)
    elif (path := session.directory / request.source).is_dir():
        found = origins.of_folder(path, request.source)
    else:
        found = origins.of_file(path, request.source)
    return origins.choose(found, request.leave_out)


def _made(session: Session, project: Project, interview: Interview) -> list[Made]:
    """The versions, shown with all that an editor should know of them."""
    interview.zone()
    found = _found(session, interview.request)
    read = list(_progress(origins.read(found), len(found.sources), "Reading"))
    snapshots = [each for each in read if isinstance(each, Snapshot)]
    unread = [*found.left_out, *(each for each in read if isinstance(each, Problem))]
    if not snapshots:
        raise InForceError(*unread)
    interview.settings(snapshots)
    terms = terms_of(interview.request, snapshots)
    candidates = _dated(interview, snapshots, project.now.astimezone(interview.request.zone).date())
    names, doubts = _identified(interview, candidates)
    made = list(_progress(versions.make(candidates, names, terms, project.now), len(candidates), "Writing"))
    import_report.show(made, snapshots, unread, doubts, interview.taken)
    return made


def _progress(steps: Iterator[Step], number: int, label: str) -> Iterator[Step]:
    """``steps`` with a bar on a terminal's standard error."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(steps, length=number, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield from bar


def _dated(interview: Interview, snapshots: Sequence[Snapshot], today: date) -> tuple[Candidate, ...]:
    """The versions to make, each with a day of effect."""
    while True:
        told = interview.known(snapshots)
        found = histories.candidates(snapshots, interview.request.folding, today, told)
        undated = [each for each in found if each.why == "today"]
        if not undated or interview.trusting:
            return found
        interview.dated(undated[0], today)


def _identified(interview: Interview, candidates: Sequence[Candidate]) -> tuple[Sequence[Named], Sequence[Doubt]]:
    """The clauses' ids, and the doubts that were left open."""
    texts = [each.snapshot.reading.sections for each in candidates]
    while True:
        names, doubts = identity.follow(texts, interview.request.answers, interview.request.language)
        if not doubts or interview.trusting:
            return names, doubts
        interview.resolved(doubts, candidates)


def _write(project: Project, request: Request, made: Sequence[Made]) -> None:
    """Put both folders in place, and the lines that keep their bytes; all of it or nothing."""
    written = versions.files(made, terms_of(request, [each.candidate.snapshot for each in made]).settings)
    found = errors(sources.read({**project.files, **written}).problems)
    if worse := [problem for problem in found if problem not in project.sources.errors]:
        raise InForceError(*worse)
    files.place(project.root, (f"versions/{request.document}", f"policy/{request.document}"), written)
    attributes = files.with_lines(project.root / ".gitattributes", checks.GITATTRIBUTES)
    if attributes:
        files.write(project.root, {".gitattributes": attributes})
        click.echo("Added to .gitattributes what keeps the ledger's bytes.")
    first, last = made[0].version, made[-1].version
    numbers = first.number if len(made) == 1 else f"{first.number} to {last.number}"
    click.echo(
        f"Imported {request.document} {numbers} into versions/{request.document}/ and policy/{request.document}/."
    )
    click.echo("Next: look at it with inforce check and the preview, then commit, for example:")
    folders = f"policy/{request.document} versions/{request.document}{' .gitattributes' if attributes else ''}"
    click.echo(f'  git add {folders} && git commit -m "Import {request.document}"')
