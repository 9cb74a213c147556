"""``inforce report``: who has agreed to what, by a shop's own records, and what a coming version will ask of how many.

What is to come are the versions that are announced, and the draft as a release would make it today.

Records are a file with one in a line, or a database that ``inforce_client.store`` fills. They may be more than memory
holds: a file is put in the order of its customers by a database on disk that goes with the command.
"""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from inforce.adapters import files
from inforce.adapters.command import terminal
from inforce.adapters.command.opened import OpenProject
from inforce.adapters.command.session import Session
from inforce.adapters.command.terminal import examples
from inforce.draft.folder import draft_folder
from inforce.errors import errors, fail
from inforce.ledger import timeline
from inforce.model import Policy
from inforce.publish import manifest as manifests
from inforce.publish import rehearsal
from inforce.release.proposal import AS_DRAFTED
from inforce.text.normal import count_of
from inforce_client.agreements import Report, columns, rows, values
from inforce_client.agreements import report as counted
from inforce_client.copies import TwiceError, loads

_ONE_A_LINE = 'Write one record a line, with the field "customer" in it: {"customer": "c-4711", "id": "…", …}'


@click.command(epilog=examples("report records.ndjson", "report postgresql+psycopg://shop@db/shop --format csv"))
@click.argument("records")
@terminal.any_document_argument
@terminal.format_option("text", "csv", "json", told="For people, a spreadsheet or programs.")
@terminal.target_option
@click.pass_obj
def report(session: Session, records: str, document: str, form: str, target: Path | None) -> None:
    """Count what customers have agreed to.

    RECORDS is a file with one record a line, each with its "customer", or the address of a database of inforce-client's
    store. Of each version, by language, it says how many customers agreed, were told, declined or put it off, and how
    many are asked now; then what each announced version, and the draft, will ask, and of how many.
    """
    project = session.project()
    project.sound(f"{files.LEDGER}/")
    documents = [policy.document for policy in project.chosen(document) if policy.ledger.versions]
    drafted = manifests.build([_with_draft(project, policy) for policy in project.policies])
    told = _in_database(records) if "://" in records else _in_file(session.directory / records, records)
    found = counted(manifests.build(project.policies), documents, told, project.now, drafted)
    written = {"text": _text, "csv": _csv, "json": _json}[form](found, project)
    terminal.put(session.directory, target, written.encode(), count_of(found.records, "record"))


def _with_draft(project: OpenProject, policy: Policy) -> Policy:
    """The policy with its draft released, where that can be read and says anything new."""
    draft, ledger = policy.draft, policy.ledger
    if draft is None or not ledger.versions or timeline.is_retired(ledger, project.now):
        return policy
    if errors(project.below(draft_folder(policy.document))):
        return policy
    rehearsed = rehearsal.of_draft(policy, draft, AS_DRAFTED, project.now)
    if rehearsed is None:
        return policy
    return replace(policy, ledger=replace(ledger, entries=(*ledger.entries, rehearsed.version)))


def _in_file(path: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each record with its customer, in the order of the customers."""
    with closing(sqlite3.connect("")) as sorter:  # on disk, and gone with the connection
        sorter.execute("CREATE TABLE records (customer TEXT, line TEXT)")
        with path.open(encoding="utf-8-sig") as lines:
            sorter.executemany("INSERT INTO records VALUES (?, ?)", _lines(lines, name))
        for customer, line in sorter.execute("SELECT customer, line FROM records ORDER BY customer, rowid"):
            yield customer, json.loads(line)


def _lines(lines: io.TextIOBase, name: str) -> Iterator[tuple[str, str]]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _customer(line, name, number), line
    except UnicodeDecodeError:
        raise fail(name, number + 1, "records", "This is not UTF-8", _ONE_A_LINE) from None


def _customer(line: str, name: str, number: int) -> str:
    try:
        record = loads(line)
    except TwiceError as error:
        raise fail(name, number, "records", str(error), _ONE_A_LINE) from None
    except (ValueError, RecursionError):
        raise fail(name, number, "records", "This is not JSON", _ONE_A_LINE) from None
    customer = record.get("customer") if isinstance(record, dict) else None
    if not isinstance(customer, str) or not files.encodable(customer):
        raise fail(name, number, "records", "The record does not say whose it is", _ONE_A_LINE)
    return customer


def _in_database(address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        from inforce_client.store import DatabaseError, SqlRecords
    except ImportError:
        raise click.UsageError('A database needs more: pip install "inforce-client[sql]", and its driver.') from None
    try:
        with SqlRecords(address) as records:
            yield from records.all()
    except (DatabaseError, ImportError) as error:
        what = str(error).partition("\n")[0]
        cure = "Install its driver" if isinstance(error, ImportError) else "Look at its address"
        raise fail("RECORDS", 0, "records", f"The database cannot be read ({what})", cure) from None


def _csv(found: Report, _: OpenProject) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([columns(), *rows(found)])
    return out.getvalue()


def _json(found: Report, _: OpenProject) -> str:
    return terminal.as_json(values(found))


def _text(found: Report, project: OpenProject) -> str:
    known = count_of(found.customers, "customer")
    lines = [f"{known}, {count_of(found.records, 'record')}, of which {found.ignored} count for nothing.", ""]
    table = [[str(cell) for cell in row] for row in (columns(), *rows(found))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[:3] = [cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True)]
        lines.append("  ".join(cells).rstrip())
    for (document, number), each in found.coming.items():
        day = terminal.when(each.effective, project.policy(document))
        draft = ", the draft, can take" if each.draft else " takes"
        who = f"{count_of(each.asked, 'customer')} asked, {each.told} told, {each.left} left alone"
        lines += ["", f"{document} {number}{draft} effect on {day}: {who}."]
    return "\n".join(lines) + "\n"
