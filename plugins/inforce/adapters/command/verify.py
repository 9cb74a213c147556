"""``inforce verify``: is the ledger what was published? The chain, every digest, and git's memory of each file.

Standard output has a line for each file as ``sha256sum`` prints and checks it; all else goes to standard error. With
``--against`` the ledger is held against a manifest that was public, too. With
``--receipt`` the question is another one: which text of which version a customer's record names. Standard output then
has what was done, as lines of Markdown quoted with ``>``, and each text once. Judging a record is the core's business.
"""

import hashlib
import sys
from datetime import datetime
from typing import Any

import click

from inforce.adapters import files
from inforce.adapters.command import terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.adapters.git.guard import PUBLISHED, Published, Unguarded, once, violations
from inforce.check import receipts
from inforce.check.receipts import Finding
from inforce.errors import Problem, errors, fail, sentences
from inforce.model import Policy, Version, ledger_folder
from inforce.publish.manifest import disagreements
from inforce.text import clauses
from inforce.text.normal import count_of
from inforce_client import copies


@click.command(
    epilog=examples(
        "verify | sha256sum --check",
        "verify privacy --base origin/main",
        "verify --against https://policies.example/policy-manifest.json",
        "verify --receipt record.json",
    )
)
@terminal.any_document_argument
@click.option("--base", metavar="REF", help="The branch to compare with, where there is none named published.")
@click.option("--against", metavar="FILE|URL", help="Hold it against this manifest, which was public, too.")
@click.option("--receipt", "record", metavar="FILE", help="Say which text this customer's record names; - reads it.")
@terminal.text_or_json
@click.pass_obj
def verify(
    session: Session, document: str, base: str | None, against: str | None, record: str | None, form: str
) -> None:
    """Verify the chain, the digests, and what git knows of them.

    Ends with 1 where anything is wrong. Where git cannot tell what is published, that is a warning, unless --base is
    given. Without DOC: of every policy. With --receipt, verify a record, or a list of them, in JSON: which text of
    which version was agreed to.
    """
    if record is not None:
        if other := [name for name, given in (("--base", base), ("--against", against), ("DOC", document)) if given]:
            raise click.UsageError(f"Give {other[0]} or --receipt, not both.")
        _verify_receipt(session, record, form)
        return
    project = session.project()
    folder = ledger_folder(project.policy(document).document) if document else f"{files.LEDGER}/"
    repository, published = project.published(base)
    if base and isinstance(published, Unguarded):
        raise fail(f"--base {base}", 0, "base", f"What is published cannot be told: {published.reason}", published.cure)
    touched = violations(repository, published)
    touched = tuple(problem for problem in touched if problem.path.startswith((folder, PUBLISHED)))
    problems = once(touched, project.below(folder))
    if against is not None:
        problems += _against(session, project, against, document)
    if isinstance(published, Published) and published.unused:
        terminal.remark("note", f"--base {published.unused} was not needed: {published.ref} says what is published.")
    digests = {path: digest for path, digest in _digests(project).items() if path.startswith(folder)}
    if form == "json":
        terminal.emit(_json(digests, problems, published))
    else:
        for path, digest in digests.items():
            click.echo(f"{digest}  {path}")
        terminal.complain(problems)
        _tell(digests, problems, published, folder)
        if against is not None and not errors(problems):
            click.echo(f"Nothing says otherwise than {against}.", err=True)
    if errors(problems):
        raise click.exceptions.Exit(1)


def _against(session: Session, project: OpenProject, name: str, document: str) -> tuple[Problem, ...]:
    """What the manifest at ``name``, an address or a file, says otherwise; nothing while the ledger has errors."""
    if errors(project.below(f"{files.LEDGER}/")):
        return ()
    try:
        public = copies.read(name, _manifest(session, name)).manifest
    except copies.UnusableError as error:
        raise fail(name, 0, "against", error.what, error.cure) from None
    return tuple(disagreements(project.policies, public, name, document))


def _manifest(session: Session, name: str) -> bytes:
    if "://" not in name:
        return files.given(session.directory / name, name, "Name a manifest that was kept, or its address")
    from inforce_client import fetching  # loads a network's libraries, which no other command needs

    if wrong := fetching.refused(name):
        raise fail(name, 0, "against", wrong.split(". ")[0], "Give its address with https, or a file with what it had")
    try:
        answer = fetching.fetch(name, {}, fetching.Limits())
    except copies.UnusableError:
        raise
    except Exception as error:  # whatever a network or its library does
        what = f"No answer ({type(error).__name__}: {error})"
        raise fail(name, 0, "against", " ".join(what.split()), "See whether the site is up") from None
    if answer.status != 200:
        raise fail(name, 0, "against", f"The answer is {answer.status}, not 200", "See whether the address is right")
    return answer.body


def _digests(project: OpenProject) -> dict[str, str]:
    """Path -> SHA-256 in hexadecimal: each document's files in the order of its chain, then those outside of it."""
    chained = [entry.path for policy in project.policies for entry in policy.ledger.entries]
    rest = [path for path in project.files if path.startswith(f"{files.LEDGER}/")]
    return {path: hashlib.sha256(project.files[path]).hexdigest() for path in dict.fromkeys((*chained, *rest))}


def _tell(
    digests: dict[str, str], problems: tuple[Problem, ...], published: Published | Unguarded, folder: str
) -> None:
    if not digests and not problems:
        click.echo("Nothing was released yet, so there is nothing to verify.", err=True)
        return
    if not errors(problems):
        files = count_of(len(digests), "file")
        click.echo(f"The chain holds: {files}, each as the next one names it.", err=True)
    if isinstance(published, Unguarded):
        what = "Whether anything published was changed is not known"
        terminal.remark("warning", f"{what}: {sentences(published.reason, published.cure)}")
    elif not errors(problems):
        place = f"{published.ref} ({published.sha[:12]})"
        files = count_of(sum(path.startswith(folder) for path in published.files), "published file")
        click.echo(f"Nothing published was touched: {files} as in {place}.", err=True)


def _json(digests: dict[str, str], problems: tuple[Problem, ...], published: Published | Unguarded) -> dict[str, Any]:
    return {
        "files": [{"path": path, "sha256": digest} for path, digest in digests.items()],
        "problems": [terminal.problem_json(problem) for problem in problems],
        "published": {"ref": published.ref, "commit": published.sha} if isinstance(published, Published) else None,
        "unguarded": sentences(published.reason, published.cure) if isinstance(published, Unguarded) else "",
    }


_DONE = {
    "accepted": "Accepted",
    "acknowledged": "Acknowledged",
    "declined": "Declined",
    "dismissed": "Put off, not agreed to",
}


def _verify_receipt(session: Session, name: str, form: str) -> None:
    """Say what the receipts in the file ``name`` mean, ``-`` being standard input.

    Raises InForceError for a file that holds no receipt and for a ledger with errors; ends with exit status 1 where a
    receipt names what the ledger does not have.
    """
    data, place = _read(session, name)
    found = receipts.read(data, place)
    project = session.project()
    project.sound(f"{files.LEDGER}/")
    findings = [receipts.check(project.policies, receipt) for receipt in found]
    if form == "json":
        texts = {version.path: clauses.compose(version.title, version.clauses) for version in _texts(findings)}
        terminal.emit({"receipts": [_finding(finding) for finding in findings], "texts": texts})
    else:
        for finding in findings:
            for line in _lines(finding):
                click.echo(f"> {line}".rstrip())
            terminal.complain(finding.problems)
        for version in _texts(findings):
            click.echo(f"\n{clauses.compose(version.title, version.clauses).strip()}")
    if errors(problem for finding in findings for problem in finding.problems):
        raise click.exceptions.Exit(1)


def _read(session: Session, name: str) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(), "standard input"
    return files.given(session.directory / name, name, "Name the exported record"), name


def _texts(findings: list[Finding]) -> list[Version]:
    """The versions found, each once, in the order of the receipts."""
    return list(dict.fromkeys(finding.version for finding in findings if finding.version))


def _lines(finding: Finding) -> list[str]:
    receipt, policy, version = finding.receipt, finding.policy, finding.version
    done = f"{_DONE[receipt.action]} on {_moment(receipt.at, policy)}"
    if policy is None or version is None:
        return [f"{receipt.document} {receipt.version}: text not known", "", f"- {done}", f"- Record {receipt.id}", ""]
    until = f", until {_moment(receipt.until, policy)}" if receipt.until else ""
    lines = [
        f"{version.title}, version {version.number}",
        "",
        f"- {done}{until}" + (f", in {receipt.surface}" if receipt.surface else ""),
        f"- Record {receipt.id}",
        f"- Announced on {_moment(version.announced, policy)}",
        f"- Effective from {_moment(version.effective, policy)}",
    ]
    if withdrawal := policy.ledger.withdrawals.get(version.number):
        lines.append(f"- Withdrawn on {_moment(withdrawal.at, policy)}, never in force: {withdrawal.reason}")
    same = "The digest is that of" if version.digest == receipt.digest else "The digest is not that of"
    return [*lines, f"- {same} {version.path}, {version.digest}", ""]


def _moment(moment: datetime, policy: Policy | None) -> str:
    """An instant in UTC, and in the policy's time zone where that is known and another one."""
    utc = terminal.utc(moment)
    if policy is None or str(policy.zone) == "UTC":
        return str(utc)
    try:
        return f"{utc} ({terminal.when(moment, policy)} in {policy.zone})"
    except OverflowError:  # the last hours that can be written in UTC are beyond them elsewhere
        return str(utc)


def _finding(finding: Finding) -> dict[str, Any]:
    receipt, version = finding.receipt, finding.version
    return {
        "id": receipt.id,
        "action": str(receipt.action),
        "at": terminal.utc(receipt.at),
        "text": {
            "document": version.document,
            "version": version.number,
            "title": version.title,
            "path": version.path,
            "digest": version.digest,
        }
        if version
        else None,
        "sound": not errors(finding.problems),
        "problems": [terminal.problem_json(problem) for problem in finding.problems],
    }
