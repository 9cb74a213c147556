"""What the archive shows beside the texts: every version of a document, and a clause through time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from inforce.changes import lineage
from inforce.changes import versions as comparison
from inforce.changes.lineage import VersionChange
from inforce.ledger.addresses import relative
from inforce.model import Change, Event, Version
from inforce.publish import manifest
from inforce.publish.site import Content, Site, VersionView, editors, link, version_view
from inforce.text.html import Sanitised, elsewhere, quoted, render


def history_page(site: Site) -> Content:
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
        "since": {v.version.number: relative(page, site.addresses.since(v.version.number)) for v in versions},
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


@dataclass(frozen=True)
class ClauseStep:
    """What one version did to one clause, and the redline of it; ``body`` is empty where it came or only moved.

    ``until`` is when the clause's next wording takes (or took) effect, None where this one stays. ``url`` leads to the
    clause in that version, empty where the version has it no more.
    """

    shown: VersionView
    url: str
    until: datetime | None
    change: Change | None
    body: str
    editors: tuple[str, ...]
    errata: tuple[Event, ...]


def clause_page(site: Site, name: str) -> Content:
    """One clause through time, newest change first.

    Its text is today's. A clause that today's text does not have is shown as the last version has it: one to come, one
    that goes by another id today (``heir``), or one that is gone.
    """
    page = site.addresses.clause(name)
    last = next(v for v in reversed(site.policy.ledger.versions) if name in v.by_id)
    names = lineage.through_time(site.policy.ledger, last, name)
    steps = list(_clause_steps(site, names, page))
    present = site.current is not None and name in site.current.by_id
    heir = "" if present else site.todays_ids(last).get(name, "")
    holder, there = _last_holder(site, names, last) if not (present or heir) else (last, name)
    if present and site.current:
        holder = site.current
    place = relative(page, site.addresses.current if present else site.addresses.version(holder.number))
    rendered = render(holder.by_id[there])
    view = {
        "title": render(last.by_id[name]).name,
        "language": holder.language,
        "document_title": site.title,
        "steps": steps,
        "present": present,
        "coming": version_view(site, last, page) if last in site.upcoming else None,
        "heir": render(site.current.by_id[heir]).name if site.current and heir else "",
        "heir_url": relative(page, site.addresses.clause(heir)) if heir else "",
        "body": elsewhere(rendered.body, relative(page, site.addresses.current), place),
        "in_force": version_view(site, site.current, page) if site.current else None,
        "today": relative(page, f"{site.addresses.current}#{name}"),
        "current_url": relative(page, site.addresses.current),
        "history": relative(page, site.addresses.archive),
    }
    headings = tuple((f"Version {step.shown.version.number}", f"version-{step.shown.version.number}") for step in steps)
    return Content("clause.html", view, headings, f"One clause of {site.title} through time: {view['title']}.")


def _last_holder(site: Site, names: Mapping[str, str], last: Version) -> tuple[Version, str]:
    """The last standing version that has a clause, under whichever id, and that id; ``last`` where none stands."""
    holders = [v for v in site.policy.ledger.standing if v.number in names]
    holder = holders[-1] if holders else last
    return holder, names[holder.number]


def _clause_steps(site: Site, names: Mapping[str, str], page: str) -> Iterator[ClauseStep]:
    """``names`` are the clause's ids by the numbers of the versions that have it."""
    ledger = site.policy.ledger
    until = ledger.retirement.at if ledger.retirement else None
    for version in reversed(ledger.versions):
        amended = ledger.by_number.get(version.amends or "")
        name = names.get(version.number) or names.get(version.amends or "")
        change = next((change for change in version.changes if change.clause == name), None)
        first = version.number in names and not version.amends
        if not change and not first:
            continue
        body, only_moved = Sanitised(), change is not None and change.kinds == ("moved",)
        if change and amended and not only_moved:
            found = comparison.redline_of(ledger, amended, version, change.clause)
            # The pair's redline has the clauses of both versions, so links in removed text lead somewhere, too.
            place = site.redline_address(amended, version) or site.addresses.version(version.number)
            body = quoted(found.html, relative(page, site.addresses.current), relative(page, place))
        errata = tuple(event for event in ledger.errata(version.number) if event.clause == name)
        url = relative(page, f"{site.addresses.version(version.number)}#{name}") if version.number in names else ""
        edited = editors(site, (VersionChange(version, change),)) if change else ()
        shown = version_view(site, version, page)
        yield ClauseStep(shown, url, until, change, body, edited, errata)
        if not shown.standing.never_in_force and not only_moved:
            until = version.effective
