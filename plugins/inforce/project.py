"""The files of a project (path -> bytes) -> its policies, with every problem that reading and checking finds.

Paths are relative to the project's root with forward slashes. Nothing here touches a disk. Below ``policy/<document>/``
only ``policy.yml``, ``next.yml`` and the clauses' ``*.md`` are read. Whatever else lies there gets one warning,
pictures and other attachments too, for nothing of it is published; hidden files never come in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inforce.check import form as checks
from inforce.draft import files as drafts
from inforce.errors import Level, Problem, errors, nearest
from inforce.ledger import files as ledger
from inforce.model import Policy
from inforce.text import clauses


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
        return nearest(document, (policy.document for policy in self.policies))


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
    problems.extend(_gone(policies, files))
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
    return policy, [*drafted, *problems, *checks.policy_problems(policy, own), *_unread(document, own)]


def _unread(document: str, own: Mapping[str, bytes]) -> list[Problem]:
    """Files of a draft that nothing reads, most of them by a slip in their name."""
    base = drafts.folder(document)
    names = [path.removeprefix(base) for path in sorted(own) if path.startswith(base)]
    unread = [name for name in names if not re.fullmatch(r"policy\.yml|next\.yml|[^/]+\.md", name)]
    return [Problem(base + name, 0, "not-read", "This file is not read", _cure(name), Level.WARNING) for name in unread]


def _cure(name: str) -> str:
    """What to do with a file below a draft's folder that is called ``name``."""
    if slip := re.fullmatch(r"(policy|next)\.ya?ml(\.txt)?", name, re.IGNORECASE):
        return f"Rename it to {slip[1].lower()}.yml"
    if slip := re.fullmatch(r"([^/]+?)\.(md|markdown|mdown|mkd)(\.txt)?|([^/]+)\.txt", name, re.IGNORECASE):
        return f"If it is a clause, rename it to {(slip[1] or slip[4]).lower()}.md; otherwise move it out"
    if name.endswith(".md"):
        return "If it is a clause, move it up beside policy.yml; otherwise move it out"
    return "Move it out: only policy.yml, next.yml and the clauses, *.md, are read and published"


def _gone(policies: list[Policy], files: Mapping[str, bytes]) -> list[Problem]:
    """Ledgers of policies that nobody can edit any more, though they were not retired."""
    drafted = {path.split("/")[1] for path in files if re.match(r"policy/[^/]+/.", path)}
    new = [policy.document for policy in policies if not policy.ledger.entries]
    problems = []
    for policy in policies:
        name = policy.document
        if name in drafted or not policy.ledger.entries or policy.ledger.retirement:
            continue
        back = "Bring it back from git"
        if new:
            back = f"If it became policy/{nearest(name, new) or new[0]}/, rename that back; otherwise bring it from git"
        cure = f"{back}, or end the policy: inforce retire {name}"
        what = f"The folder is gone, and versions/{name}/ stands"
        problems.append(Problem(drafts.folder(name), 0, "draft-gone", what, cure, Level.WARNING))
    return problems


def _strays(files: Mapping[str, bytes]) -> list[Problem]:
    """Files in the ledger that are neither a version nor an event: the ledger holds nothing else."""
    allowed = re.compile(r"versions/[^/]+/([^/]+\.md|events/[^/]+\.yml)\Z")
    stray = [path for path in sorted(files) if path.startswith("versions/") and not allowed.match(path)]
    cure = "Move it out: the ledger holds versions and events only"
    return [Problem(path, 0, "ledger-path", "This is neither a version nor an event", cure) for path in stray]
