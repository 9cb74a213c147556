"""The shop's side of In Force: what a customer must do about a policy, decided from the manifest."""

from inforce_client.client import FileStore, PolicyClient, Polled, Store
from inforce_client.review import prepare, review_all, review_state

__all__ = ["FileStore", "PolicyClient", "Polled", "Store", "prepare", "review_all", "review_state"]
