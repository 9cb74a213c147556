"""The shop's side of In Force: what a customer must do about a policy, decided from the manifest.

What decides needs the standard library alone. What polls needs httpx, which is loaded when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

from inforce_client.review import instant, prepare, review_all, review_state

if TYPE_CHECKING:
    from inforce_client.client import FileStore, PolicyClient, Polled, Store
    from inforce_client.fetching import Limits

__all__ = [
    "FileStore", "Limits", "PolicyClient", "Polled", "Store", "instant", "prepare", "review_all", "review_state",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        from inforce_client import client, fetching

        return getattr(fetching if name == "Limits" else client, name)
    raise AttributeError(f"module 'inforce_client' has no attribute {name!r}")
