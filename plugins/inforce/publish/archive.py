"""What the archive shows beside the texts: every version, a clause through time, and which version applied when.

Programs are told the latter by the document's TimeMap (RFC 7089): the addresses of its versions with the instants from
which each applied, as ``application/link-format`` (RFC 6690). A version that was never in force is not in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import format_datetime
from typing import Any

from inforce.changes import lineage
from inforce.changes import versions as comparison
from inforce.changes.lineage import VersionChange
from inforce.ledger import timeline
from inforce.ledger.addresses import TOGETHER, Addresses, begun_years, lines, relative, years
from inforce.model import Change, Event, Ledger, Policy, Version
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


TIMEMAP_TYPE = "application/link-format"


@dataclass(frozen=True)
class PeriodRow:
    """One period with its first and its last day in the policy's time zone; a day on which it ends is its last.

    ``shown`` is None where nothing applied. ``changes`` leads to what has changed since, empty where nothing has.
    """

    since: datetime | None
    until: datetime | None
    first: date | None
    last: date | None
    shown: VersionView | None
    changes: str


def on_page(site: Site, year: str = "") -> Content:
    """Every period, newest first; a script finds that of a day. Of many the newest, and where those of a year stand.

    With ``year``, one of ``begun_years``: those that reach into the time from that year up to the next one of them.
    """
    page, ledger = site.addresses.on_year(year) if year else site.addresses.on, site.policy.ledger
    begun = begun_years(ledger)
    found = tuple(reversed(timeline.periods(ledger)))
    if year:
        found = tuple(period for period in found if _reaches(period, year, begun, site.policy.zone))
    there = around(site, page)
    view = {
        "title": site.policy.published_title,
        "language": ledger.versions[-1].language,
        "periods": [_row(site, period, page) for period in (found if year or not begun else found[:TOGETHER])],
        "year": year,
        "years": [] if year else [(each, relative(page, site.addresses.on_year(each))) for each in reversed(begun)],
        "zone": str(site.policy.zone),
        "recorded": timeline.recorded(ledger).astimezone(site.policy.zone),
        **there,
    }
    links = (("version-history", there["history"]), ("timemap", there["timemap"]))
    told = f"Which version of {view['title']} applied on which day{f', from {year}' if year else ''}."
    return Content("on.html", view, (), told, links)


def _reaches(period: timeline.Period, year: str, years: Sequence[str], zone: tzinfo) -> bool:
    """Whether a period has a day from that year up to the next of ``years``; the first one begins with time itself."""
    first, last = (day.year if day else None for day in days_of(period, zone))
    place = years.index(year)
    ended = last is not None and place > 0 and last < int(year)
    later = first is not None and place + 1 < len(years) and first >= int(years[place + 1])
    return not ended and not later


def days_of(period: timeline.Period, zone: tzinfo) -> tuple[date | None, date | None]:
    """The first and the last day of a period in a time zone; None where it has no beginning, or no end."""
    first = period.since.astimezone(zone).date() if period.since else None
    # By UTC: a clock's time before a midnight that was set back need not be the moment before.
    return first, (period.until - timedelta(microseconds=1)).astimezone(zone).date() if period.until else None


def _row(site: Site, period: timeline.Period, page: str) -> PeriodRow:
    zone, version = site.policy.zone, period.version
    shown = version_view(site, version, page) if version else None
    return PeriodRow(
        period.since.astimezone(zone) if period.since else None,
        period.until.astimezone(zone) if period.until else None,
        *days_of(period, zone),
        shown,
        shown.since if shown and version != site.newest else "",
    )


def line_page(site: Site, major: str) -> Content:
    """The versions of one major number, newest first: what stands for whoever recorded no more than that number."""
    page = site.addresses.line(major)
    there = around(site, page)
    found = tuple(reversed(lines(site.policy.ledger)[major]))
    versions = [version_view(site, version, page) for version in found[:TOGETHER]]
    standing = (each for each in found if each.number not in site.policy.ledger.withdrawals)
    newest = version_view(site, next(standing, found[0]), page)
    view = {
        "title": newest.version.title,
        "major": major,
        "newest": newest,
        "versions": versions,
        "earlier": by_year((each, relative(page, site.addresses.version(each.number))) for each in found[TOGETHER:]),
        **there,
    }
    links = (("latest-version", newest.url), ("version-history", there["history"]))
    return Content("line.html", view, (), f"Every version {major} of {view['title']}.", links)


def timemap(policy: Policy, base: str) -> bytes:
    """The file's bytes. ``base`` is the site's address; where it is empty, addresses are relative to the file."""
    return (",\n".join(_links(policy, base)) + "\n").encode()


def _links(policy: Policy, base: str) -> Iterator[str]:
    addresses = Addresses(policy.document)
    found = [(p.version, p.since) for p in timeline.periods(policy.ledger) if p.version and p.since]
    yield _link(_address(base, addresses, addresses.current), "original")
    span = f'; from="{_http_date(found[0][1])}"; until="{_http_date(found[-1][1])}"' if found else ""
    yield _link(_address(base, addresses, addresses.timemap), "self") + f'; type="{TIMEMAP_TYPE}"{span}'
    for place, (version, since) in enumerate(found):
        relation = f"{'first ' * (place == 0)}{'last ' * (place == len(found) - 1)}memento"
        yield _link(_address(base, addresses, addresses.version(version.number)), relation) + (
            f'; datetime="{_http_date(since)}"'
        )


def _link(address: str, relation: str) -> str:
    return f'<{address}>; rel="{relation}"'


def _address(base: str, addresses: Addresses, target: str) -> str:
    return f"{base}{target}" if base else relative(addresses.current, target)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
