"""``inforce redline``: what changed between two versions, what the draft would change, or how two files differ."""

from pathlib import Path

import click

from inforce.adapters.command import comparisons, file_pairs, output, word
from inforce.adapters.command.project import Project
from inforce.adapters.command.surroundings import Session
from inforce.changes import versions as comparison
from inforce.errors import InForceError, errors, fail
from inforce.ledger import events, timeline
from inforce.ledger.files import NUMBER
from inforce.model import Policy, Version
from inforce.release.proposal import DRAFT, draft_version

_EXAMPLES = """\b
Examples:
  inforce redline privacy 1.0 1.1
  inforce redline OLD.md NEW.md --html > redline.html
  inforce redline privacy --docx redline.docx"""

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=_EXAMPLES)
@click.argument("document", metavar="[DOC]", default="")
@click.argument("older", metavar="[FROM]", default="")
@click.argument("newer", metavar="[TO]", default="")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), help="text unless told otherwise.")
@click.option("--text", "as_text", is_flag=True, help="The same as --format text.")
@click.option("--html", "as_html", is_flag=True, help="A page that stands alone, for a browser or a printer.")
@click.option("--docx", type=_FILE, metavar="FILE", help="Write a Word document with tracked changes instead.")
@click.pass_obj
def redline(
    session: Session,
    document: str,
    older: str,
    newer: str,
    form: str | None,
    as_text: bool,
    as_html: bool,
    docx: Path | None,
) -> None:
    """Show what changed, clause by clause.

    FROM and TO are version numbers; TO may be the word draft. Without them: the draft against the version in force, or,
    where the draft changes nothing, the last two versions. DOC can be left out where there is one policy.

    OLD.md and NEW.md, two Markdown files from anywhere, are compared as they are, in a project or not.

    In Word a clause's change is by the author of the last commit that changed it, at that time; what is not committed
    yet, by git's user.name, without a time; where git tells nothing, by In Force, when the version was announced.
    """  # fmt: skip
    chosen = {form or "", "text" if as_text else "", "html" if as_html else "", "docx" if docx else ""} - {""}
    if len(chosen) > 1:
        raise click.UsageError(f"One form at a time, not {' and '.join(sorted(chosen))}.")
    (form,) = chosen or {"text"}
    docx = docx and session.directory / docx
    if file_pairs.named(document, older, newer):
        file_pairs.show(session.directory, document, older, form, docx)
    else:
        _show_versions(session, document, older, newer, form, docx)


def _show_versions(session: Session, document: str, older: str, newer: str, form: str, docx: Path | None) -> None:
    project = session.project()
    if document == DRAFT or NUMBER.match(document):
        if newer:
            raise click.UsageError("The policy's name comes first: inforce redline DOC FROM TO.")
        document, older, newer = "", document, older
    policy = project.policy(document) if document else project.only()
    found = comparison.compare(policy.ledger, *_pair(project, policy, older, newer))
    if form == "json":
        output.emit(comparisons.as_json(found))
        return
    if docx:
        word.show_versions(docx, project, policy, found)
    elif form == "html":
        click.echo(comparisons.as_html(found))
    else:
        for line in comparisons.lines(found):
            click.echo(line)
    if found.newer.number == DRAFT and (hint := comparisons.lineage_hint(found.changed)):
        output.remark("note", hint)
    if wrong := errors(project.problems(f"policy/{policy.document}/", f"versions/{policy.document}/")):
        stand = f"{output.count(len(wrong), 'error')} {'stands' if len(wrong) == 1 else 'stand'}"
        output.remark("note", f"{stand} against a release; see inforce check.")


def _pair(project: Project, policy: Policy, older: str, newer: str) -> tuple[Version, Version]:
    """The versions to compare, the older first. Raises InForceError where there are not two."""
    ledger = policy.ledger
    if older == DRAFT and not newer:
        older, newer = "", DRAFT
    if older == DRAFT:
        raise _nothing(policy, "The draft comes after every version", f"Write {newer} {DRAFT}")
    if not ledger.standing:
        project.sound(f"versions/{policy.document}/")
        cure = f"Release a first version: inforce release {policy.document}"
        raise _nothing(policy, "Nothing was released yet, so there is nothing to compare with", cure)
    last = events.version_of(policy, newer) if newer not in ("", DRAFT) else _last(project, policy, newer)
    first = events.version_of(policy, older) if older else _before(project, policy, last)
    place = {**ledger.sequence, DRAFT: len(ledger.versions) + 1}
    if place[first.number] >= place[last.number]:
        raise _nothing(policy, f"{last.number} does not come after {first.number}", "Name the older one first")
    return first, last


def _last(project: Project, policy: Policy, newer: str) -> Version:
    """The draft, or, where it changes nothing and nobody asked for it by name, the last version that stands."""
    standing = policy.ledger.standing[-1]
    if policy.draft is None and not newer and not project.problems(f"policy/{policy.document}/"):
        return standing
    draft = draft_version(project.draft(policy), policy, project.now)
    if draft is None and newer == DRAFT:
        raise _nothing(policy, f"The draft does not differ from {standing.number}", "Change a clause first")
    return draft or standing


def _before(project: Project, policy: Policy, last: Version) -> Version:
    """What ``last`` is compared with by itself: a draft with what is in force, a version with what it amends."""
    if last.number == DRAFT:
        return timeline.in_force(policy.ledger, project.now) or policy.ledger.standing[-1]
    if last.amends:
        return policy.ledger.by_number[last.amends]
    raise _nothing(policy, f"{last.number} is the first version, and the draft is the same", "Change a clause first")


def _nothing(policy: Policy, what: str, cure: str) -> InForceError:
    return fail(f"policy/{policy.document}/", 0, "redline", what, cure)
