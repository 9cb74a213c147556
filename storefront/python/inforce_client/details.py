"""A copy, a customer's records and an instant -> what to show that customer about one document. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inforce_client import copies
from inforce_client.copies import Copy
from inforce_client.review import instant, review_state

Json = dict[str, Any]


def address(copy: Copy, relative: object) -> str | None:
    """An address of the manifest made absolute; None unless it is one of http, https or mailto."""
    home = copies.address(copy.url, copy.manifest.get("base", ""))
    return copies.address(home, relative) if home else None


def details(
    copy: Copy, document: str, records: list[Mapping[str, Any]], now: datetime, language: str | None
) -> Json | None:
    """What ``PolicyClient.details`` gives."""
    state = review_state(copy.prepared, document, records, now)
    if state["version"] is None:
        return None
    policy = copy.manifest["documents"][document]
    row = next(each for each in policy["versions"] if each["version"] == state["version"])
    shown = state
    if state["state"] == "upcoming":
        shown = review_state(copy.prepared, document, records, instant(row["effective_at"]))
    asks_accept = state["requires"] == "accept"
    addresses = (address(copy, each) for each in shown["redline"] or ())
    return {
        **state,
        "base": shown["base"],
        "changes": shown["changes"],
        "redline": [each for each in addresses if each],
        "policy": policy,
        "row": row,
        "url": address(copy, (row.get("translations", {}).get(language) or row).get("url")),
        "asks_accept": asks_accept,
        "may_decline": asks_accept and state["state"] != "upcoming",
    }
