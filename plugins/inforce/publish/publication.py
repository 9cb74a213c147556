"""The one use case: policies and an instant -> everything that is published, as values.

Pages for an adapter to lay out, and files to be written as they are: ledger files byte for byte, what the package
publishes on every site, what a host is told about them all, the manifest. The manifest comes last, so that a deployment
in this order never announces what is not there yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inforce.errors import InForceError, errors
from inforce.ledger.addresses import Addresses
from inforce.model import Policy, Provenance
from inforce.project import Project
from inforce.publish import headers, manifest
from inforce.publish.pages import Page, pages
from inforce.publish.policy import Site

MANIFEST_PATH = "policy-manifest.json"


@dataclass(frozen=True)
class Publication:
    """Everything published at an instant ``at`` (UTC). ``base`` is the site's address, empty where it is not known."""

    sources: Mapping[str, bytes]
    policies: tuple[Policy, ...]
    at: datetime
    base: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    drafts: bool = False

    def pages(self) -> Iterator[Page]:
        """The pages of all policies."""
        for policy in self.policies:
            yield from pages(Site(policy, self.at, self.base, self.provenance, self.drafts))

    def files(self, assets: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """What is written as bytes: (address below the site's, content). ``assets`` are the same on every site."""
        for policy in self.policies:
            for version in policy.ledger.versions:
                yield Addresses(policy.document).text(version.number), self.sources[version.path]
        yield from assets.items()
        yield headers.PATH, headers.encode(self.policies, MANIFEST_PATH, self.base)
        yield MANIFEST_PATH, manifest.encode(manifest.build(self.policies, self.base))


def publish(
    files: Mapping[str, bytes],
    sources: Project,
    at: datetime,
    *,
    base: str = "",
    provenance: Provenance | None = None,
    drafts: bool = False,
) -> Publication:
    """What is to be published of ``sources``, which were read from ``files``.

    Raises InForceError for any error in them.
    """
    if found := errors(sources.problems):
        raise InForceError(*found)
    return Publication(files, sources.policies, at, base, provenance or Provenance(), drafts)
