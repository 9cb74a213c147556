"""The command line ``inforce``.

Commands read the project, ask the core, and print. No rule of the ledger is here, and the clock is read in one place
(``session``). Input that cannot be used ends with exit status 1 and a line a problem; wrong usage with 2.

A command, and what it needs, is imported when it is called: nobody who asks for help waits for a parser of HTML.
"""

import contextlib
import io
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from inforce.adapters import files
from inforce.errors import InForceError

_COMMANDS = {
    "status": ("state", "Show what is in force, what comes next, what the draft changes."),
    "new": ("new", "Begin a policy: its settings, its opening, and what git has to know."),
    "import": ("importing", "Bring an existing policy in, with all its history."),
    "clause": ("draft", "Add, rename, move, split, merge or remove a clause of a draft."),
    "check": ("check", "Check the clauses, the notes and the ledger."),
    "redline": ("redline", "Show what changed, clause by clause."),
    "rehearse": ("rehearse", "Show what the coming version will do."),
    "release": ("release", "Release the draft of DOC as a new version."),
    "build": ("build", "Build the site of the policies, without MkDocs or a theme."),
    "withdraw": ("events", "Withdraw an announced version before it takes effect."),
    "erratum": ("events", "Put a dated note beside the text of a published version."),
    "retire": ("events", "Announce the day on which a policy ends; from then on nothing of it is in force."),
    "draft": ("draft", "Set the draft back to the text of a version."),
    "show": ("state", "Print a version's text; without an option, that in force now."),
    "verify": ("verify", "Verify the chain, the digests, and what git knows of them."),
    "report": ("report", "Count what customers have agreed to."),
    "manifest": ("state", "Print the manifest: every version, its dates and its changes."),
    "workflows": ("new", "Write workflows for GitHub: checks, the rehearsal as a comment, forms, publishing."),
}
"""The commands in the order in which an editor needs them: the module that holds each, and its help in a line."""


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
            import_module(f"{__name__}.terminal").complain(error.problems)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            if import_module(f"{__name__}.opened").has_written(ctx):
                return _unheard(error)
            if isinstance(error, BrokenPipeError):
                raise
            what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse bytes that are no UTF-8: every word that is given may be written, and a ledger is in UTF-8."""
        for word in args:
            if not files.encodable(word):
                raise click.UsageError(f"{word!a} is not UTF-8. Set your terminal to it, and type that again.", ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order in which an editor needs them."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, imported now."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in _COMMANDS:
            module = import_module(f"{__name__}.{_COMMANDS[name][0]}")
            command = getattr(module, "import_" if name == "import" else name)
        return name, command, rest


_EXAMPLES = """\b
Examples:
  inforce new privacy
  inforce status
  inforce release privacy --effective 2027-03-01"""


@click.group(cls=Lines, name="inforce", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "--directory", type=_FOLDER, default=".", metavar="DIR", help="Work as if started in DIR.")
@click.version_option(package_name="inforce", prog_name="inforce", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, directory: Path) -> None:
    """Publish policies from Markdown in git: what is in force, since when, and what changed.

    Edit the clauses in policy/, look at `inforce redline`, then `inforce release` a version into versions/.
    """
    from inforce.adapters.command import terminal
    from inforce.adapters.command.session import Environment, Session

    context.color = terminal.colour()
    context.obj = Session(directory, context.obj or Environment.of_this_process())


for name, (_, told) in _COMMANDS.items():
    main.add_command(click.Command(name, short_help=told))
