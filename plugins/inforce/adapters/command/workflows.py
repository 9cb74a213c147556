"""``inforce workflows``: what a repository of policies runs on GitHub, written beside what is there."""

import click

from inforce.adapters.command import scaffold
from inforce.adapters.command.session import Session

_EXAMPLE = """\b
Example:
  inforce workflows"""


@click.command(epilog=_EXAMPLE)
@click.pass_obj
def workflows(session: Session) -> None:
    """Write workflows for GitHub: checks, the rehearsal as a comment, forms to release a version, publishing to Pages.

    They run in any repository. Files that are there stay as they are; requirements.txt pins what they install, and
    .pre-commit-config.yaml has the same checks for a clone.
    """
    scaffold.write_workflows(session.project())
