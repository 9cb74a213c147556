"""The shop's side of In Force: what a customer must do about a policy, decided from the manifest.

What decides needs the standard library alone. What polls needs httpx, which is loaded when it is first asked for.
Records in a database (``store``) and what fits into a framework (``starlette``, ``django``) are extras, each imported
by its name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from inforce_client.answers import AnswerError, confirmed, receipt, record_from
from inforce_client.review import instant, merge, prepare, review_all, review_state

if TYPE_CHECKING:
    from inforce_client.client import AsyncPolicyClient, PolicyClient
    from inforce_client.copies import FileStore, Store
    from inforce_client.fetching import Limits
    from inforce_client.policies import Health, Polled

__all__ = [
    "AnswerError", "AsyncPolicyClient", "FileStore", "Health", "Limits", "PolicyClient", "Polled", "Store", "confirmed",
    "instant", "merge", "prepare", "receipt", "record_from", "review_all", "review_state",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        module = "fetching" if name == "Limits" else "client"
        return getattr(import_module(f"inforce_client.{module}"), name)
    raise AttributeError(f"module 'inforce_client' has no attribute {name!r}")
