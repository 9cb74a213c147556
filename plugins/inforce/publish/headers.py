"""What a host is told about the published files: ``_headers``, a file that Netlify and Cloudflare Pages read.

It keeps to what both read the same way. Addresses are exact, or end in their only ``*``: what comes behind a ``*`` is
not read the same everywhere, and a rule for ``/privacy/*.md`` that was taken for ``/privacy/*`` would make a text file
of every page. No address matches two rules, as both would join their values. Cloudflare Pages reads a hundred rules
(its documentation, "Headers"), so those come first that matter most: the manifest, what shops load, and ledger files,
the newest first.

``Content-Security-Policy`` is the one header for every address, in a rule of its own. It allows what the site's theme
and its own pages bring, and nothing that a policy's text could: should markup ever come through in a title or a clause,
a browser would neither run it nor fetch anything for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import zip_longest
from urllib.parse import urlsplit

from inforce.ledger.addresses import Addresses
from inforce.model import Policy, digest
from inforce.publish import archive, manifest
from inforce.text.rewriting import parsed

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
MAPPED = {**POLLED, "Content-Type": archive.TIMEMAP_TYPE}
"""For TimeMaps, whose name ends in what few hosts know."""
LOADED = ("schema", "storefront", "vectors")
"""Folders of files that shops load from other origins."""
OWN = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"),
        *("object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
    )
)
"""The ``Content-Security-Policy`` of a site that brings no theme: one style sheet, two scripts, its own search."""
_MOST_HASHES = 16
"""A theme with more scripts of its own than this writes them anew for each page."""
_FONTS = {"https://fonts.googleapis.com": "https://fonts.gstatic.com"}
"""Where style sheets of an origin load their fonts from."""
_DIRECTIVES = {"script": "script-src", "link": "style-src", "img": "img-src", "iframe": "frame-src"}


def content_security(brought: Set[tuple[str, str]]) -> str:
    """The ``Content-Security-Policy`` (CSP level 3) of a site whose pages bring this; see ``text.html.brought``.

    Scripts that stand in pages are allowed by their digests. Where a theme writes a new one into each page, all that
    stand in an element are, but none in an attribute, which is where text that breaks out would run.
    """
    allowed = {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "script-src-attr": ["'none'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "frame-src": ["'self'"],
        "media-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
    inline = sorted({f"'{digest(text.encode())}'" for element, text in brought if not element})
    allowed["script-src"] += inline if len(inline) <= _MOST_HASHES else ["'unsafe-inline'"]
    for element, address in sorted(brought):
        if element and (origin := _origin(address)):
            directive = allowed[_DIRECTIVES.get(element, "media-src")]
            directive += [origin] if origin not in directive else []
            if element == "link":
                allowed["font-src"].append(_FONTS.get(origin, origin))
    return "; ".join(f"{name} {' '.join(dict.fromkeys(sources))}" for name, sources in allowed.items())


def _origin(address: str) -> str:
    """Where something is loaded from: its scheme and host; empty within the site."""
    parts = parsed(address)
    return f"{parts.scheme or 'https'}://{parts.netloc}" if parts and parts.netloc else ""


def encode(policies: Iterable[Policy], base: str, content_security: str = "") -> bytes:
    """The file for a site at ``base``, whose path stands before every address; empty where it is not known.

    ``content_security`` is the site's policy for what its pages may run and load; empty where that is not known.
    """
    root = urlsplit(base).path or "/"
    rules = [_rule(f"{root}*", {"Content-Security-Policy": content_security})] if content_security else []
    policies = [policy for policy in policies if policy.ledger.versions]
    rules += [_rule(root + manifest.PATH, POLLED)]
    rules += [_rule(f"{root}{folder}/*", POLLED) for folder in LOADED]
    rules += [_rule(root + Addresses(policy.document).manifest, POLLED) for policy in policies]
    rules += [_rule(root + address, told) for address, told in _newest_first(policies)]
    return "\n".join(rules).encode()


def _rule(address: str, headers: Mapping[str, str]) -> str:
    return "".join((f"{address}\n", *(f"  {name}: {value}\n" for name, value in headers.items())))


def _newest_first(policies: Iterable[Policy]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each ledger file with its headers: the last version of every policy and its TimeMap, then the one before."""
    for rank in zip_longest(*(_files(policy) for policy in policies)):
        yield from (file for file in rank if file)


def _files(policy: Policy) -> Iterator[tuple[str, Mapping[str, str]]]:
    addresses = Addresses(policy.document)
    for place, version in enumerate(reversed(policy.ledger.versions)):
        yield addresses.text(version.number), LASTING
        if place == 0:
            yield addresses.timemap, MAPPED
