"""Which version applied when: every period of a document, for any day, and the versions of one major number.

Programs are told the same by the document's TimeMap (RFC 7089): the addresses of its versions with the instants from
which each applied, as ``application/link-format`` (RFC 6690). A version that was never in force is not in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import format_datetime

from inforce.ledger import timeline
from inforce.ledger.addresses import TOGETHER, Addresses, begun_years, lines, relative
from inforce.model import Policy
from inforce.publish.site import Content, Site, VersionView, around, by_year, version_view

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
    years = begun_years(ledger)
    found = tuple(reversed(timeline.periods(ledger)))
    if year:
        found = tuple(period for period in found if _reaches(period, year, years, site.policy.zone))
    there = around(site, page)
    view = {
        "title": site.policy.published_title,
        "language": ledger.versions[-1].language,
        "periods": [_row(site, period, page) for period in (found if year or not years else found[:TOGETHER])],
        "year": year,
        "years": [] if year else [(each, relative(page, site.addresses.on_year(each))) for each in reversed(years)],
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
    return PeriodRow(
        period.since.astimezone(zone) if period.since else None,
        period.until.astimezone(zone) if period.until else None,
        *days_of(period, zone),
        version_view(site, version, page) if version else None,
        relative(page, site.addresses.since(version.number)) if version and version != site.newest else "",
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
