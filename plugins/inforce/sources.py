"""The files of a project (path -> bytes) -> its policies, with every problem that reading and checking finds.

Paths are relative to the project's root with forward slashes. Nothing here touches a disk.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from inforce import checks, clauses, drafts, ledger
from inforce.errors import Problem, errors
from inforce.model import Policy


@dataclass(frozen=True)
class Sources:
    """All policies of a project, in the order of their ids, and what is wrong with them."""

    policies: tuple[Policy, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a build and a release."""
        return errors(self.problems)

    def policy(self, document: str) -> Policy | None:
        """The policy of that id, or None."""
        return next((policy for policy in self.policies if policy.document == document), None)

    def nearest(self, document: str) -> str:
        """The id most like ``document``; empty where none is."""
        names = [policy.document for policy in self.policies]
        return next(iter(difflib.get_close_matches(document, names, 1)), "")


def read(files: Mapping[str, bytes]) -> Sources:
    """The policies below ``policy/`` and ``versions/``, read and checked as far as needs neither git nor a clock."""
    policies: list[Policy] = []
    problems: list[Problem] = []
    for document in sorted({path.split("/")[1] for path in files if re.match(r"(policy|versions)/[^/]+/.", path)}):
        if wrong := clauses.id_problem(document, document=True):
            base = "policy" if any(path.startswith(f"policy/{document}/") for path in files) else "versions"
            problems.append(
                Problem(f"{base}/{document}/", 0, "document-id", f"`{document}` {wrong}", "Rename the folder")
            )
            continue
        policy, found = _read_policy(document, files)
        policies.append(policy)
        problems.extend(found)
    problems.extend(_strays(files))
    return Sources(tuple(policies), tuple(dict.fromkeys(problems)))


def _read_policy(document: str, files: Mapping[str, bytes]) -> tuple[Policy, list[Problem]]:
    own = {
        path: data for path, data in files.items() if path.startswith((f"policy/{document}/", f"versions/{document}/"))
    }
    published = {
        path: data for path, data in own.items() if re.match(r"versions/[^/]+/([^/]+\.md|events/[^/]+\.yml)\Z", path)
    }
    chain, problems = ledger.read(document, published)
    draft, drafted = None, tuple[Problem, ...]()
    if any(path.startswith(drafts.folder(document)) for path in own):
        draft, drafted = drafts.read(document, own)
    policy = Policy(document, draft, chain)
    return policy, [*drafted, *problems, *checks.policy_problems(policy, own)]


def _strays(files: Mapping[str, bytes]) -> list[Problem]:
    """Files in the ledger that are neither a version nor an event: the ledger holds nothing else."""
    allowed = re.compile(r"versions/[^/]+/([^/]+\.md|events/[^/]+\.yml)\Z")
    stray = [path for path in sorted(files) if path.startswith("versions/") and not allowed.match(path)]
    cure = "Move it out: the ledger holds versions and events only"
    return [Problem(path, 0, "ledger-path", "This is neither a version nor an event", cure) for path in stray]
