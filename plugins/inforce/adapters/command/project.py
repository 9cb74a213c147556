"""The project a command works on: finds and reads it, picks a policy, and writes only what would still be sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inforce import project as sources
from inforce.adapters import files
from inforce.errors import InForceError, Problem, errors, fail, meant
from inforce.model import Draft, Policy
from inforce.project import Project as Sources


@dataclass(frozen=True)
class Project:
    """A project as it was read at the instant ``now``; ``files`` maps paths relative to ``root`` to bytes."""

    root: Path
    files: Mapping[str, bytes]
    sources: Sources
    now: datetime

    @classmethod
    def read(cls, start: Path, now: datetime) -> "Project":
        """The nearest project from ``start`` upwards. Raises InForceError where there is none, or it cannot be read."""
        root = files.find_root(start.resolve())
        found = files.read(root)
        return cls(root, found, sources.read(found), now)

    def policy(self, document: str) -> Policy:
        """The policy of that id. Raises InForceError, with the nearest id, where there is none."""
        if found := self.sources.policy(document):
            return found
        names = [policy.document for policy in self.sources.policies]
        cure = meant(document, names, f"The policies here: {', '.join(names)}")
        if not names:
            cure = f"Begin it: inforce new {document}"
        raise fail("policy/", 0, "no-policy", f"There is no policy `{document}`", cure)

    def only(self) -> Policy:
        """The only policy. Raises InForceError where there are several or none."""
        if len(self.sources.policies) == 1:
            return self.sources.policies[0]
        if not self.sources.policies:
            cure = "Begin one: inforce new privacy"
            raise fail("policy/", 0, "no-policy", "There is no policy here yet", cure)
        names = ", ".join(policy.document for policy in self.sources.policies)
        raise fail("policy/", 0, "no-policy", "There are several policies here", f"Name one of them: {names}")

    def problems(self, *folders: str) -> tuple[Problem, ...]:
        """What reading and checking found below ``folders``, which end in a slash."""
        return tuple(problem for problem in self.sources.problems if problem.path.startswith(folders))

    def sound(self, *folders: str) -> None:
        """Raise InForceError with the errors below ``folders``, where there are any."""
        if wrong := errors(self.problems(*folders)):
            raise InForceError(*wrong)

    def draft(self, policy: Policy) -> Draft:
        """The policy's draft. Raises InForceError where there is none, or it cannot be used."""
        if policy.draft:
            return policy.draft
        folder = f"policy/{policy.document}/"
        self.sound(folder)
        cure = f"Create {folder}policy.yml and a file for each clause"
        raise fail(folder, 0, "no-draft", f"There is no draft of {policy.document}", cure)

    def write(self, changes: Mapping[str, bytes | None]) -> None:
        """Write ``changes`` (path -> bytes, None to delete) in their order.

        Raises InForceError, and writes nothing, where that would make the project worse than it was.
        """
        after = {path: data for path, data in {**self.files, **changes}.items() if data is not None}
        known = set(self.sources.errors)
        if worse := [problem for problem in sources.read(after).errors if problem not in known]:
            raise InForceError(*worse)
        files.write(self.root, changes)
