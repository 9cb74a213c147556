"""How a command speaks and is spoken to: options and what can stand after them, questions, problems, dates, JSON.

A line a problem, dates as people read them, colour on terminals only; and the only place that asks a question again.
What a command does, and how it ends, is not told here.
"""

import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import click

from inforce.adapters import files
from inforce.draft.settings import RULES
from inforce.errors import InForceError, Level, Problem, gathered, refuse
from inforce.ledger.entries import NUMBER, instant
from inforce.model import Policy, Severity, Version
from inforce.publish import manifest
from inforce.text import normal
from inforce.text.clauses import GRADES

Answer = TypeVar("Answer")
Step = TypeVar("Step")

TODAY = "today"
DRY_RUN = "this was a dry run"


def dated(said: date | str | None, today: date) -> date | None:
    """Return a day as an option gives it, the word ``today`` being the policy's ``today``."""
    return today if said == TODAY else said  # type: ignore[return-value]


def written(day: date | None, today: date) -> str:
    """Return a day as an option takes it, and :func:`dated` reads it; empty for none."""
    return "" if day is None else TODAY if day == today else day.isoformat()


def examples(*commands: str) -> str:
    """Return what a command's help ends with: calls of it, given without their first word."""
    return "\n".join(("\b", f"Example{'s' if len(commands) > 1 else ''}:", *(f"  inforce {each}" for each in commands)))


def format_option(*forms: str, told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--format``, passed on as ``form``: one of ``forms``, by itself the first."""
    kinds = click.Choice(forms)
    return click.option("--format", "form", type=kinds, default=forms[0], show_default=True, help=told)


text_or_json = format_option("text", "json", told="For people or programs.")
target_option = click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Write to this file instead."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask whether to go ahead.")
waive_option = click.option(
    "--waive-notice", "waived", default="", metavar="REASON", help="Why the notice period is not kept."
)
document_argument = click.argument("document", metavar="DOC")
any_document_argument = click.argument("document", metavar="[DOC]", default="")


class Value(click.ParamType):
    """What can stand after an option, called ``name`` in the help: ``read`` makes a value of text and option."""

    def __init__(self, name: str, read: Callable[[str, str], Any]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Return the value; one that was made already stays as it is."""
        option = param.name if param and param.name else self.name
        return self._read(value, option) if isinstance(value, str) else value


def _day(said: str, option: str) -> date | str:
    day = said.partition("T")[0]
    if said == TODAY:
        return said
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
        raise click.BadParameter(f"{said!r} is not a day. Write it as 2027-01-15, today, or 2027-01-15T00:00:00+08:00.")
    try:
        found = date.fromisoformat(day)
        moment = instant(said if day != said else f"{day}T00:00:00Z", "", 0, option)
    except ValueError:
        raise click.BadParameter(f"{said!r} is no day of the calendar.") from None
    except InForceError as error:
        raise click.BadParameter(error.problems[0].said) from None
    return found if day == said else moment


def _dated(said: str, option: str) -> tuple[str, date | str]:
    name, equals, day = said.rpartition("=")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day) or (equals and not name):
        raise click.BadParameter(f"{said!r} is not a day. Write it as 2018-05-25, or COMMIT=2018-05-25.")
    return name, _day(day, option)


def _number(said: str, _option: str) -> str:
    if said and not NUMBER.match(said):
        raise click.BadParameter(f"{said!r} is not a version number such as 1.1. The policy's name stands before it.")
    return said


def _pair(form: str) -> Callable[[str, str], tuple[str, str]]:
    def read(said: str, _option: str) -> tuple[str, str]:
        one, _, other = map(normal.one_line, said.partition("="))
        if not (one and other):
            raise click.BadParameter(f"{said!r} is not of the form {form}.")
        return one, other

    return read


def _grade(said: str, option: str) -> tuple[str, Severity]:
    clause, severity = _pair("CLAUSE=LEVEL")(said, option)
    if severity not in GRADES:
        raise click.BadParameter(f"{severity!r} is not a severity. Write {', '.join(GRADES)}.")
    return clause, Severity(severity)


DAY = Value("date", _day)
"""A day of the policy's calendar, the word ``today``, or an instant with its offset: date, text or datetime."""
DATED = Value("[COMMIT=]DAY", _dated)
"""When a text took effect: (its short name or empty, the day)."""
NUMBERED = Value("number", _number)
"""A version's number, or an empty text where the option stands alone."""
NOTED = Value("CLAUSE=TEXT", _pair("CLAUSE=TEXT"))
"""A clause's id and what is said of it, on one line."""
GRADED = Value("CLAUSE=LEVEL", _grade)
"""A clause's id and how much its change means: one of ``clauses.GRADES``."""
ALIKE = Value("OLD=NEW", _pair("OLD=NEW"))
"""The ids of two clauses: the older one's, the newer one's."""


def all_fit(fit: Callable[[str, str], str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what ``fit`` makes of each option (name, text) that was given, empty for the others.

    Raises InForceError with all that is wrong in them.
    """
    found, problems = gathered(lambda row: (row[0], fit(*row) if row[1] else ""), given.items())
    refuse(problems)
    return dict(found)


def command_line(words: Sequence[str], options: Iterable[tuple[str, str | bool]]) -> str:
    """Return a call of inforce with those of ``options`` that say anything; one that is True stands alone."""
    told = (word for option, value in options if value for word in ((option,) if value is True else (option, value)))
    return shlex.join(["inforce", *words, *map(str, told)])


def until(question: str, accept: Callable[[Any], Answer | None], **prompt: Any) -> Answer:
    """Return what ``accept`` makes of the first answer that it takes.

    It refuses one by returning None, or by raising InForceError, whose problems are then shown. ``prompt`` is handed on
    to ``click.prompt``.
    """
    while True:
        try:
            if (answer := accept(click.prompt(question, **prompt))) is not None:
                return answer
        except InForceError as error:
            complain(error.problems)


def sentence(question: str) -> str:
    """Return an answer that is not blank, on one line."""
    return until(question, lambda said: normal.one_line(str(said)) or None)


def confirmed(question: str, command: str = "") -> bool:
    """Return True once somebody says yes; a no ends the command, and says which one goes on from there."""
    try:
        return click.confirm(question, abort=True)
    except click.Abort:
        nothing_written(command)
        raise


def nothing_written(command: str, why: str = "") -> None:
    """Say that nothing was written, ``why``, and which ``command``, if any, goes on from there."""
    told = "\nNothing was written" + (f": {why}." if why else ".")
    click.echo(told + (f" To go on from here:\n  {command}" if command else ""), err=True)


def colour() -> bool | None:
    """Return False where colours are unwanted (https://no-color.org, a dumb terminal); None lets the stream decide."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def coloured() -> bool:
    """Return whether what goes to standard output may carry colours."""
    return colour() is None and sys.stdout.isatty()


def emit(value: Any) -> None:
    """Print one JSON document on standard output."""
    document(as_json(value))


def as_json(value: Any) -> str:
    """Return one JSON document, for programs and for whoever looks into it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def document(text: str) -> None:
    """Print a document that says its encoding, or has to have this one: in UTF-8, whatever a terminal would take."""
    if sys.stdout.isatty():
        click.echo(text, nl=False)
    else:
        click.echo(click.unstyle(text).encode(), nl=False)


def put(directory: Path, target: Path | None, data: str | bytes, what: str) -> None:
    """Print ``data``, or write it without colours to the file ``target`` (from ``directory``), and say ``what``."""
    if target is None or str(target) == "-":
        if isinstance(data, str):
            document(data)
        else:
            click.echo(data, nl=False)
        return
    files.put(directory / target, data if isinstance(data, bytes) else click.unstyle(data).encode())
    click.echo(f"Wrote {target}: {what}.", err=True)


def wrote(changes: Mapping[str, bytes | None], indent: str = "") -> None:
    """Say what became of each file that was written or deleted."""
    for path, data in changes.items():
        click.echo(f"{indent}{'deleted' if data is None else 'wrote  '} {path}")


def line(problem: Problem) -> str:
    """Return a problem as one line: the place, how much it weighs, what is wrong, what to do.

    What a policy can turn off is told with the rule by which it does so.
    """
    shade = "red" if problem.level is Level.ERROR else "yellow"
    level = f"{problem.level} ({problem.rule})" if problem.rule in RULES else problem.level
    return f"{click.style(problem.place, bold=True)}: {click.style(level, fg=shade)}: {problem.said}"


def complain(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, a line each."""
    for problem in problems:
        click.echo(line(problem), err=True)


def remark(word: str, text: str) -> None:
    """Print a line beside the result, on standard error: ``word`` is note or warning."""
    click.echo(f"{click.style(word, fg='yellow')}: {text}", err=True)


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem for programs."""
    keys = ("path", "line", "level", "rule", "what", "cure")
    return {key: getattr(problem, key) for key in keys}


def utc(moment: datetime | None) -> str | None:
    """Return an instant for programs: RFC 3339 in UTC."""
    return manifest.utc(moment) if moment else None


def when(moment: datetime, policy: Policy) -> str:
    """Return an instant for people, in the policy's time zone: the day, and the time unless the day begins then."""
    local = moment.astimezone(policy.zone)
    return local.strftime("%Y-%m-%d" if local.time() == time() else "%Y-%m-%d %H:%M")


def due(version: Version, policy: Policy) -> str:
    """Return until when customers are asked to accept a version, behind a comma; empty where that is not said."""
    return f", to be accepted by {when(version.accept_by, policy)}" if version.accept_by else ""


def graded(severity: Severity | None) -> str | None:
    """Return how much a change means, for programs; None where nobody has said."""
    return None if severity in (None, Severity.UNCLASSIFIED) else str(severity)


_EVERY = 5
"""Seconds after which a log, which shows no bar, is told how far it is."""


def progress(steps: Iterator[Step], number: int, label: str) -> Iterator[Step]:
    """``steps`` with a bar on a terminal's standard error, or a line now and then on any other."""
    if sys.stderr.isatty():
        with click.progressbar(steps, length=number, label=label, file=sys.stderr) as bar:
            yield from bar
        return
    told = monotonic()
    for place, step in enumerate(steps, 1):
        yield step
        if monotonic() - told >= _EVERY:
            told = monotonic()
            click.echo(f"{label}: {place} of {number}", err=True)
