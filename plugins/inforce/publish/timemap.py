"""A document's TimeMap (RFC 7089): the addresses of its versions with the instants from which each applied.

It is ``application/link-format`` (RFC 6690). A version that was never in force is not in it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from inforce.ledger import timeline
from inforce.ledger.addresses import Addresses, relative
from inforce.model import Policy

TYPE = "application/link-format"


def encode(policy: Policy, base: str) -> bytes:
    """The file's bytes. ``base`` is the site's address; where it is empty, addresses are relative to the file."""
    return (",\n".join(_links(policy, base)) + "\n").encode()


def _links(policy: Policy, base: str) -> Iterator[str]:
    addresses = Addresses(policy.document)
    found = [(p.version, p.since) for p in timeline.periods(policy.ledger) if p.version and p.since]
    yield _link(_address(base, addresses, addresses.current), "original")
    span = f'; from="{_http_date(found[0][1])}"; until="{_http_date(found[-1][1])}"' if found else ""
    yield _link(_address(base, addresses, addresses.timemap), "self") + f'; type="{TYPE}"{span}'
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
