"""Announcements -> an Atom feed (RFC 4287). The only module that imports the feed library."""

import html
from datetime import UTC

from feedgenerator import Atom1Feed

from inforce.model import Policy
from inforce.publish.publication import announcements


def atom(policy: Policy, base: str) -> bytes:
    """The feed of one policy that has at least one version. ``base`` is the site's address, empty where not known.

    Without ``base`` addresses are relative, and ids are URNs that change when the site gets an address.
    """
    document = policy.document
    feed = Atom1Feed(
        title=policy.published_title,
        link=f"{base}{document}/" if base else "./",
        feed_url=f"{base}{document}/feed.xml" if base else "feed.xml",
        feed_guid=_id(base, f"{document}/feed.xml"),
        description=f"Announced versions of {policy.published_title}",
        language=policy.ledger.versions[-1].language,
        author_name=policy.published_title,
    )
    for entry in announcements(policy):
        feed.add_item(
            title=entry.title,
            link=f"{base}{entry.address}" if base else f"../{entry.address}",
            description=html.escape(entry.text, quote=False),
            unique_id=_id(base, f"{document}/feed.xml#{entry.name}"),
            pubdate=entry.at.astimezone(UTC),
            updateddate=entry.at.astimezone(UTC),
        )
    return feed.writeString("utf-8").encode()


def _id(base: str, address: str) -> str:
    return f"{base}{address}" if base else f"urn:inforce:{address}"
