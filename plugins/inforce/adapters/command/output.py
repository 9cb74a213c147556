"""How a command speaks: a line a problem, dates as people read them, JSON for programs, colour on terminals only."""

import io
import json
import os
import sys
import traceback
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

import click

from inforce.errors import InForceError, Level, Problem
from inforce.model import Policy
from inforce.publish import manifest

format_option = click.option(
    *("--format", "form"),
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or programs.",
)


def colour() -> bool | None:
    """False where colours are unwanted (https://no-color.org, a dumb terminal); None lets the stream decide."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def coloured() -> bool:
    """Whether what goes to standard output may carry colours."""
    return colour() is None and sys.stdout.isatty()


def emit(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def line(problem: Problem) -> str:
    """A problem as one line: the place, how much it weighs, what is wrong, what to do."""
    shade = "red" if problem.level is Level.ERROR else "yellow"
    return f"{click.style(problem.place, bold=True)}: {click.style(problem.level, fg=shade)}: {said(problem)}"


def said(problem: Problem) -> str:
    """What is wrong and what to do, without the place, on one line."""
    return " ".join(str(problem).removeprefix(f"{problem.place}: ").split())


def complain(problems: Iterable[Problem]) -> None:
    """Problems on standard error, a line each."""
    for problem in problems:
        click.echo(line(problem), err=True)


def remark(word: str, text: str) -> None:
    """A line beside the result, on standard error: ``word`` is note or warning."""
    click.echo(f"{click.style(word, fg='yellow')}: {text}", err=True)


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem for programs."""
    return {
        "path": problem.path,
        "line": problem.line,
        "level": str(problem.level),
        "rule": problem.rule,
        "what": problem.what,
        "cure": problem.cure,
    }


def instant(moment: datetime | None) -> str | None:
    """An instant for programs: RFC 3339 in UTC."""
    return manifest.utc(moment) if moment else None


def when(moment: datetime, policy: Policy) -> str:
    """An instant for people, in the policy's time zone: the day, and the time of day unless the day begins then."""
    local = moment.astimezone(policy.zone)
    return local.strftime("%Y-%m-%d" if local.time() == time() else "%Y-%m-%d %H:%M")


def zone(policy: Policy) -> str:
    """What the policy's time zone is called."""
    return policy.draft.settings.timezone if policy.draft else policy.zone.tzname(None) or "UTC"


def count(number: int, word: str) -> str:
    """``1 clause``, ``2 clauses``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


class Lines(click.Group):
    """A group whose commands end with a line for each problem, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and turn what it raises into lines on standard error and exit status 1."""
        try:
            return super().invoke(ctx)
        except InForceError as error:
            complain(error.problems)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:
            what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            click.echo(f"{what}. Nothing else was done.", err=True)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}".split("\n")[0]
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
            click.echo(f"This is a fault of inforce itself ({fault}, in {where}). Please report it.", err=True)
        raise click.exceptions.Exit(1)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line; text that the terminal's encoding lacks is written as escapes."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **{"prog_name": "inforce", **kwargs})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order in which an editor needs them."""
        return list(self.commands)
