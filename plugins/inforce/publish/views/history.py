"""Every version of a document, newest first, with what happened to it."""

from dataclasses import dataclass

from inforce.changes.lineage import VersionChange
from inforce.ledger.addresses import relative
from inforce.model import Change, Version
from inforce.publish import manifest
from inforce.publish.policy import Site
from inforce.publish.views.parts import Content, editors, link, version_view


def history(site: Site) -> Content:
    """Every version, newest first, with what happened to it."""
    page = site.addresses.archive
    versions = [version_view(site, version, page) for version in reversed(site.policy.ledger.versions)]
    view = {
        "title": site.title,
        "versions": versions,
        "current_url": relative(page, site.addresses.current),
        "feed": relative(page, site.addresses.feed),
        "provenance": site.provenance,
        "retirement": site.policy.ledger.retirement,
        "changes": {v.version.number: _change_rows(site, v.version, page) for v in versions},
    }
    headings = tuple((f"Version {v.version.number}", f"version-{v.version.number}") for v in versions)
    return Content("history.html", view, headings, f"Every version of {site.title}, with its dates and changes.")


@dataclass(frozen=True)
class ChangeRow:
    """One clause's change in a list: what it is called, and where its redline stands."""

    change: Change
    title: str
    url: str
    editors: tuple[str, ...]


def _change_rows(site: Site, shown: Version, page: str) -> list[ChangeRow]:
    before = site.policy.ledger.by_number.get(shown.amends or "")
    redline_url = link(page, site, before, shown)
    return [
        ChangeRow(
            change,
            manifest.clause_title(site.policy, shown, change.clause),
            f"{redline_url}#{change.clause}" if redline_url else "",
            editors(site, (VersionChange(shown, change),)),
        )
        for change in shown.changes
    ]
