"""MkDocs' own command, with no redline page made: what the pages of the versions cost by themselves.

A process of its own, because it takes a rule of the product away: ``python without_redlines.py build …``.
"""

import inforce.manifest
from mkdocs.__main__ import cli

if __name__ == "__main__":
    inforce.manifest.redline_pairs = lambda _policy: iter(())  # type: ignore[assignment]
    cli()
