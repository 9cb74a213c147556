"""What ``settings.INFORCE`` says, and the one client of this process.

    INFORCE = {
        "MANIFEST": "https://policies.example/policy-manifest.json",
        "DOCUMENTS": ["privacy", "terms"],     # what customers are asked about
        "COPY": "/var/lib/shop/manifest.kept", # where the last good copy outlives a restart
        "GATE": ["/checkout/"],                # which addresses begin only once a customer was asked
    }

``LIMITS``, an ``inforce_client.Limits``, may stand there, too.
"""

import threading
from typing import Any

from django.conf import settings

from inforce_client import FileStore, PolicyClient

_lock = threading.Lock()
_clients: dict[str, PolicyClient] = {}


def told(name: str, default: Any = None) -> Any:
    """One of the settings."""
    return getattr(settings, "INFORCE", {}).get(name, default)


def texts(name: str) -> tuple[str, ...]:
    """A setting that is a list of texts. One text alone is a list of one, not of its letters."""
    found = told(name) or ()
    return (found,) if isinstance(found, str) else tuple(found)


def documents() -> tuple[str, ...]:
    """The policies that customers are asked about."""
    return texts("DOCUMENTS")


def client() -> PolicyClient:
    """A client as the settings say, which has what copy was kept, and asks nobody for another."""
    copy = told("COPY")
    return PolicyClient(told("MANIFEST"), FileStore(copy) if copy else None, limits=told("LIMITS"))


def policies() -> PolicyClient:
    """The client, which begins to poll when it is asked for first; who asks waits for no server."""
    address = told("MANIFEST")
    with _lock:
        if address not in _clients:
            made = client()
            made.expect(documents())
            made.start(first=0)
            _clients[address] = made
        return _clients[address]
