"""The command line ``inforce``.

Commands read the project, ask the core, and print. No rule of the ledger is here, and the clock is read in one place
(``session``). Input that cannot be used ends with exit status 1 and a line a problem; wrong usage with 2.
"""

from pathlib import Path

import click

from inforce.adapters.command.check import check
from inforce.adapters.command.draft import clause, draft
from inforce.adapters.command.events import erratum, retire, withdraw
from inforce.adapters.command.importing import import_
from inforce.adapters.command.new import new
from inforce.adapters.command.output import Lines, colour
from inforce.adapters.command.redline import redline
from inforce.adapters.command.rehearse import rehearse
from inforce.adapters.command.release import release
from inforce.adapters.command.session import Environment, Session
from inforce.adapters.command.state import manifest, show, status
from inforce.adapters.command.verify import verify
from inforce.adapters.command.workflows import workflows

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


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
    context.color = colour()
    context.obj = Session(directory, context.obj or Environment.of_this_process())


_COMMANDS = (
    *(status, new, import_, clause, check, redline, rehearse, release),
    *(withdraw, erratum, retire, draft, show, verify, manifest, workflows),
)
for command in _COMMANDS:
    main.add_command(command)
