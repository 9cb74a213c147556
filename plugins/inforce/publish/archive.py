"""What the archive shows beside the texts: every version of a document, and a clause through time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inforce.changes import lineage
from inforce.changes import versions as comparison
from inforce.changes.lineage import VersionChange
from inforce.ledger.addresses import TOGETHER, relative, years
from inforce.model import Change, Event, Ledger, Version
from inforce.publish import manifest
from inforce.publish.site import Content, Site, VersionView, around, by_year, editors, ending, link, version_view
from inforce.text.html import Sanitised, render
from inforce.text.rewriting import elsewhere, moved, once_more, quoted


def history_page(site: Site, year: str = "") -> Content:
    """Every version on a time line, newest first, with what happened to it; of many, the newest and every year.

    With ``year``, those that were announced in it.
    """
    found = years(site.policy.ledger)
    page = site.addresses.year(year) if year else site.addresses.archive
    shown = tuple(reversed(found[year] if year else site.policy.ledger.versions))
    lines = [(each, relative(page, site.addresses.year(each)), found[each]) for each in reversed(tuple(found))]
    view = {
        "title": site.policy.published_title,
        "year": year,
        "years": [] if year else lines,
        "ending": None if year else ending(site, page),
        **_timeline(site, page, shown[:TOGETHER] if found and not year else shown),
    }
    told = f"Every version of {view['title']}, with its dates and changes."
    if year:
        told = f"The versions of {view['title']} that were announced in {year}, with their dates and changes."
    return Content("history.html", view, _headings(view["versions"]), told)


def _timeline(site: Site, page: str, shown: Sequence[Version]) -> dict[str, Any]:
    """What a page says of these versions, and where it leads to beside them."""
    return {
        "versions": [version_view(site, version, page) for version in shown],
        **around(site, page),
        "provenance": site.provenance,
        "shows_editors": site.shows_editors,
        "changes": {version.number: _change_rows(site, version, page) for version in shown},
        "since": {version.number: relative(page, site.addresses.since(version.number)) for version in shown},
    }


def _headings(shown: Sequence[VersionView]) -> tuple[tuple[str, str], ...]:
    return tuple((f"Version {v.version.number}", f"version-{v.version.number}") for v in shown)


@dataclass(frozen=True)
class ChangeRow:
    """One clause's change in a list: what it is called, and where its redline stands."""

    change: Change
    title: str
    url: str
    editors: tuple[str, ...]


def _change_rows(site: Site, shown: Version, page: str) -> list[ChangeRow]:
    before = site.policy.ledger.amended_by(shown)
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
    clause in that version, empty where the version has it no more. ``wording`` is its text there, empty where that is
    the text that it had before.
    """

    shown: VersionView
    url: str
    until: datetime | None
    change: Change | None
    body: str
    wording: Sanitised
    editors: tuple[str, ...]
    errata: tuple[Event, ...]


def clause_page(site: Site, name: str) -> Content:
    """One clause through time, newest change first; of many the newest, and where each before them is told.

    Its text is that of the newest version. A clause that this does not have is shown as the last one had it: it goes by
    another id there (``heir``), or is gone.
    """
    page = site.addresses.clause(name)
    last = next(v for v in reversed(site.policy.ledger.versions) if name in v.by_id)
    names = lineage.through_time(site.policy.ledger, last, name)
    moments = tuple(_moments(site.policy.ledger, names))
    steps = list(_clause_steps(site, moments[:TOGETHER], names, page))
    heir = "" if name in site.newest.by_id else site.newest_ids(last).get(name, "")
    holder, there = (last, name) if heir else _last_holder(site, names, last)
    if name in site.newest.by_id:
        holder, there = site.newest, name
    place = relative(page, site.addresses.version(holder.number))
    rendered = render(holder.by_id[there])
    view = {
        "title": render(last.by_id[name]).name,
        "language": holder.language,
        "document_title": site.policy.published_title,
        "steps": steps,
        "earlier": by_year((each.version, _told_at(site, each, page)) for each in moments[TOGETHER:]),
        "holder": version_view(site, holder, page),
        "holder_url": relative(page, f"{site.addresses.version(holder.number)}#{there}"),
        "newest": version_view(site, site.newest, page),
        "heir": render(site.newest.by_id[heir]).name if heir else "",
        "heir_url": relative(page, site.addresses.clause(heir)) if heir else "",
        "body": elsewhere(rendered.body, relative(page, site.addresses.current), place),
        **around(site, page, names),
    }
    told = ((f"Version {step.shown.version.number}", f"version-{step.shown.version.number}") for step in steps)
    headings = (("Its text", "text"), ("Its wordings", "wordings"), *told)
    return Content(
        "clause.html", view, headings, f"One clause of {view['document_title']} through time: {view['title']}."
    )


def _last_holder(site: Site, names: Mapping[str, str], last: Version) -> tuple[Version, str]:
    """The last standing version that has a clause, under whichever id, and that id; ``last`` where none stands."""
    holders = [v for v in site.policy.ledger.standing if v.number in names]
    holder = holders[-1] if holders else last
    return holder, names[holder.number]


@dataclass(frozen=True)
class _Moment:
    """A version that brought or changed a clause, and the clause's id there; ``change`` is None where it was first."""

    version: Version
    amended: Version | None
    name: str
    change: Change | None

    @property
    def only_moved(self) -> bool:
        """Whether its text is what it was."""
        return self.change is not None and self.change.kinds == ("moved",)


def _moments(ledger: Ledger, names: Mapping[str, str]) -> Iterator[_Moment]:
    """The newest first. ``names`` are the clause's ids by the numbers of the versions that have it."""
    for version in reversed(ledger.versions):
        amended = ledger.amended_by(version)
        name = names.get(version.number) or names.get(version.amends or "") or ""
        change = next((change for change in version.changes if change.clause == name), None)
        if change or (version.number in names and not version.amends):
            yield _Moment(version, amended, name, change)


def _clause_steps(site: Site, moments: Iterable[_Moment], names: Mapping[str, str], page: str) -> Iterator[ClauseStep]:
    ledger, up = site.policy.ledger, relative(page, site.addresses.current)
    until = ledger.retired_at
    for moment in moments:
        version, name, change = moment.version, moment.name, moment.change
        body = Sanitised()
        if change and moment.amended and not moment.only_moved:
            found = comparison.redline_of(ledger, moment.amended, version, change.clause)
            # The pair's redline has the clauses of both versions, so links in removed text lead somewhere, too.
            place = site.redline_address(moment.amended, version) or site.addresses.version(version.number)
            body = quoted(found.html, up, relative(page, place))
        errata = tuple(event for event in ledger.errata(version.number) if event.clause == name)
        here = relative(page, site.addresses.version(version.number))
        url = f"{here}#{name}" if version.number in names else ""
        edited = editors(site, (VersionChange(version, change),)) if change else ()
        shown = version_view(site, version, page)
        own = version.by_id.get(name) if not moment.only_moved else None
        wording = once_more(render(own).body, moved(up, here)) if own else Sanitised()
        yield ClauseStep(shown, url, until, change, body, wording, edited, errata)
        if not shown.standing.never_in_force and not moment.only_moved:
            until = version.effective


def _told_at(site: Site, moment: _Moment, page: str) -> str:
    """Where a page tells what a version did to a clause: in the pair's redline; of the first one, its text."""
    pair = moment.amended and site.redline_address(moment.amended, moment.version)
    return relative(page, f"{pair or site.addresses.version(moment.version.number)}#{moment.name}")
