"""MkDocs' own command, with no redline made: what the pages of versions cost by themselves.

There are no pages of changes and no pieces of which a script would make one, and a clause's history shows its texts
unmarked. A process of its own, because it takes rules of the product away: ``python without_redlines.py build …``.
"""

from mkdocs.__main__ import cli

from inforce.adapters import site_builder
from inforce.changes import kinds as comparison
from inforce.publish import publication
from inforce.redline import Changes, Redline

if __name__ == "__main__":
    every = publication.pages
    publication.pages = lambda site: (page for page in every(site) if page.listed)
    site_builder.fragments = lambda _site: iter(())
    comparison.redline = lambda _old, new, _prefix="": Redline(new, Changes(), whole=False)
    cli()
