"""MkDocs' own command, with no redline made: what the pages of versions cost by themselves.

There are no redline pages, and a clause's history shows its texts unmarked. A process of its own, because it takes
rules of the product away: ``python without_redlines.py build …``.
"""

from mkdocs.__main__ import cli

from inforce.changes import kinds as comparison
from inforce.publish import publication
from inforce.redline import Changes, Redline

if __name__ == "__main__":
    publication.redline_pairs = lambda _policy: iter(())
    comparison.redline = lambda _old, new, _prefix="": Redline(new, Changes(), whole=False)
    cli()
