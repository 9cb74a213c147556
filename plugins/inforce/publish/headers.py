"""What a host is told about the published files: ``_headers``, a file that Netlify and Cloudflare Pages read.

It keeps to what both read the same way. Addresses are exact, or end in their only ``*``: what comes behind a ``*`` is
not read the same everywhere, and a rule for ``/privacy/*.md`` that was taken for ``/privacy/*`` would make a text file
of every page. No address matches two rules, as both would join their values. Cloudflare Pages reads a hundred rules
(its documentation, "Headers"), so those come first that matter most: the manifest, what shops load, and ledger files,
the newest first.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from urllib.parse import urlsplit

from inforce.ledger.addresses import Addresses
from inforce.model import Policy
from inforce.publish import manifest

PATH = "_headers"

_EVERYWHERE = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
POLLED = {"Cache-Control": "public, max-age=300, stale-while-revalidate=3600, stale-if-error=604800", **_EVERYWHERE}
"""For what shops poll and load: fresh for five minutes (RFC 9111), and usable for a week while the site is down (RFC
5861)."""
LASTING = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Type": "text/plain; charset=utf-8",
    **_EVERYWHERE,
}
"""For ledger files: their bytes never change (RFC 8246), and a browser shows them as what they are."""
LOADED = ("schema", "storefront", "vectors")
"""Folders of files that shops load from other origins."""


def encode(policies: Iterable[Policy], base: str) -> bytes:
    """The file for a site at ``base``, whose path stands before every address; empty where it is not known."""
    root = urlsplit(base).path or "/"
    rules = [_rule(root + manifest.PATH, POLLED)]
    rules += [_rule(f"{root}{folder}/*", POLLED) for folder in LOADED]
    rules += [_rule(root + address, LASTING) for address in _newest_first(policies)]
    return "\n".join(rules).encode()


def _rule(address: str, headers: Mapping[str, str]) -> str:
    return "".join((f"{address}\n", *(f"  {name}: {value}\n" for name, value in headers.items())))


def _newest_first(policies: Iterable[Policy]) -> Iterator[str]:
    """Each ledger file's address: the last version of every policy, then the one before."""
    addresses = [
        [Addresses(policy.document).text(version.number) for version in reversed(policy.ledger.versions)]
        for policy in policies
    ]
    for rank in zip_longest(*addresses):
        yield from (address for address in rank if address)
