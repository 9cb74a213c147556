"""Which version applied when: every period of a document, for any day, and the versions of one major number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from inforce.ledger import timeline
from inforce.ledger.addresses import lines, relative
from inforce.publish.site import Content, Site, VersionView, now, version_view


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


def on_page(site: Site) -> Content:
    """Every period, newest first; a script finds that of a day."""
    page, ledger = site.addresses.on, site.policy.ledger
    history, timemap = (relative(page, each) for each in (site.addresses.archive, site.addresses.timemap))
    view = {
        "title": site.policy.published_title,
        "language": ledger.versions[-1].language,
        "periods": [_row(site, period, page) for period in reversed(timeline.periods(ledger))],
        "zone": str(site.policy.zone),
        "recorded": timeline.recorded(ledger).astimezone(site.policy.zone),
        "now": now(site, page),
        "current_url": relative(page, site.addresses.current),
        "history": history,
        "timemap": timemap,
    }
    links = (("version-history", history), ("timemap", timemap))
    return Content("on.html", view, (), f"Which version of {view['title']} applied on which day.", links)


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
    page, history = site.addresses.line(major), relative(site.addresses.line(major), site.addresses.archive)
    versions = [version_view(site, version, page) for version in reversed(lines(site.policy.ledger)[major])]
    standing = [each for each in versions if each.withdrawal is None]
    newest = (standing or versions)[0]
    view = {
        "title": newest.version.title,
        "major": major,
        "newest": newest,
        "versions": versions,
        "now": now(site, page),
        "current_url": relative(page, site.addresses.current),
        "history": history,
        "on": relative(page, site.addresses.on),
    }
    links = (("latest-version", newest.url), ("version-history", history))
    return Content("line.html", view, (), f"Every version {major} of {view['title']}.", links)
