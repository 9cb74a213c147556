"""The command line ``inforce``.

Commands read the project, ask the core, and print. No rule of the ledger is here, and the clock is read in one place
(``session``). Input that cannot be used ends with exit status 1 and a line a problem; wrong usage with 2.
"""

import contextlib
import io
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import click

from inforce.adapters.command import terminal
from inforce.adapters.command.check import check
from inforce.adapters.command.draft import clause, draft
from inforce.adapters.command.importing import import_
from inforce.adapters.command.new import new, workflows
from inforce.adapters.command.redline import redline
from inforce.adapters.command.rehearse import rehearse
from inforce.adapters.command.release import erratum, release, retire, withdraw
from inforce.adapters.command.report import report
from inforce.adapters.command.session import Environment, Session, has_written
from inforce.adapters.command.state import manifest, show, status
from inforce.adapters.command.verify import verify
from inforce.errors import InForceError


def _unheard(error: OSError) -> None:
    """All is written, only nobody could be told: that is no failure, and no reason to do it again."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - or it would fail again at the end
    with contextlib.suppress(OSError):
        click.echo(f"Everything was written; only the report of it could not be ({error.strerror}).", err=True)


_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Lines(click.Group):
    """A group whose commands end with a line for each problem, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and turn what it raises into lines on standard error and exit status 1."""
        try:
            return super().invoke(ctx)
        except InForceError as error:
            terminal.complain(error.problems)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            if has_written(ctx):
                return _unheard(error)
            if isinstance(error, BrokenPipeError):
                raise
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
        """Return the commands in the order in which an editor needs them."""
        return list(self.commands)


_EXAMPLES = terminal.examples("new privacy", "status", "release privacy --effective 2027-03-01")


@click.group(cls=Lines, name="inforce", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "--directory", type=_FOLDER, default=".", metavar="DIR", help="Work as if started in DIR.")
@click.version_option(package_name="inforce", prog_name="inforce", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, directory: Path) -> None:
    """Publish policies from Markdown in git: what is in force, since when, and what changed.

    Edit the clauses in policy/, look at `inforce redline`, then `inforce release` a version into versions/.
    """
    context.color = terminal.colour()
    context.obj = Session(directory, context.obj or Environment.of_this_process())


_COMMANDS = (
    *(status, new, import_, clause, check, redline, rehearse, release),
    *(withdraw, erratum, retire, draft, show, verify, report, manifest, workflows),
)
for command in _COMMANDS:
    main.add_command(command)
