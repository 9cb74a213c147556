"""``inforce verify --receipt``: which text of which version a customer's record names, and that text from the ledger.

Standard output has what was done, as lines of Markdown quoted with ``>``, and then each text once. What is wrong goes
to standard error. Judging a record is the core's business.
"""

import sys
from datetime import datetime
from typing import Any

import click

from inforce.adapters.command import output
from inforce.adapters.command.surroundings import Session
from inforce.check import receipts
from inforce.check.receipts import Action, Finding
from inforce.errors import errors, fail
from inforce.model import Policy, Version
from inforce.text import clauses

_DONE = {
    Action.ACCEPTED: "Accepted",
    Action.ACKNOWLEDGED: "Acknowledged",
    Action.DECLINED: "Declined",
    Action.DISMISSED: "Put off, not agreed to",
}


def verify(session: Session, name: str, form: str) -> None:
    """Say what the receipts in the file ``name`` mean, ``-`` being standard input.

    Raises InForceError for a file that holds no receipt and for a ledger with errors; ends with exit status 1 where a
    receipt names what the ledger does not have.
    """
    data, place = _read(session, name)
    found = receipts.read(data, place)
    project = session.project()
    project.sound("versions/")
    findings = [receipts.check(project.sources.policies, receipt) for receipt in found]
    if form == "json":
        output.emit(_json(findings))
    else:
        for finding in findings:
            for line in _lines(finding):
                click.echo(f"> {line}".rstrip())
            output.complain(finding.problems)
        for version in _texts(findings):
            click.echo(f"\n{clauses.compose(version.title, version.clauses).strip()}")
    if errors(problem for finding in findings for problem in finding.problems):
        raise click.exceptions.Exit(1)


def _read(session: Session, name: str) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(), "standard input"
    try:
        return (session.directory / name).read_bytes(), name
    except OSError as error:
        raise fail(name, 0, "receipt", f"It cannot be read ({error.strerror})", "Name the exported record") from None


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
    utc = output.instant(moment)
    if policy is None or output.zone(policy) == "UTC":
        return str(utc)
    return f"{utc} ({output.when(moment, policy)} in {output.zone(policy)})"


def _json(findings: list[Finding]) -> dict[str, Any]:
    texts = {version.path: clauses.compose(version.title, version.clauses) for version in _texts(findings)}
    return {"receipts": [_finding(finding) for finding in findings], "texts": texts}


def _finding(finding: Finding) -> dict[str, Any]:
    receipt, version = finding.receipt, finding.version
    return {
        "id": receipt.id,
        "action": str(receipt.action),
        "at": output.instant(receipt.at),
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
        "problems": [output.problem_json(problem) for problem in finding.problems],
    }
