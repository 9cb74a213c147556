"""Links of drafts to the rest of a site, looked for where that was just built: there, others' pages can be seen, too.

Nothing of it stops a build: what is announced stays readable, whatever is wrong with a draft.
"""

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from inforce.check import links
from inforce.draft import settings
from inforce.errors import Level, Problem, nearest
from inforce.ledger import timeline
from inforce.publish.publication import Publication


def missing(publication: Publication, folder: Path) -> Iterator[Problem]:
    """Return a warning for each link that leads to nothing in the site that stands in ``folder``."""
    for policy in publication.policies:
        draft = policy.draft
        if draft is None or timeline.is_retired(policy.ledger, publication.at):
            continue
        if not settings.level(draft.settings.checks, "dead-link"):
            continue
        for link in links.outward(policy, publication.policies):
            address = unquote(link.address)
            if not _is_there(folder / address):
                what = f"The link `{link.written}` leads nowhere: the site has nothing at /{address.removeprefix('.')}"
                cure = _cure(link.written, folder / address)
                yield Problem(link.path, link.line, "dead-link", what, cure, Level.WARNING)


def _is_there(path: Path) -> bool:
    """Whether a host could find something under an address: a file, a folder's page, a page without its ending."""
    with suppress(OSError, ValueError):  # a name that no disk takes
        return any(each.is_file() for each in (path, path / "index.html", path.with_name(f"{path.name}.html")))
    return False


def _cure(written: str, path: Path) -> str:
    """What to do about a link: which of the pages that stand where it leads was meant, if any is called nearly so."""
    pages: list[str] = []
    with suppress(OSError, ValueError):
        pages = sorted(page.parent.name for page in path.parent.glob("*/index.html"))
    near, above = nearest(path.name, pages), posixpath.dirname(written.partition("#")[0].rstrip("/"))
    return f"Did you mean `{above}/{near}/`?" if near else "Mend it, or take it out"
