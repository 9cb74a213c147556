"""A folder of files (path -> bytes) -> its policies and what is wrong with them; and what commands do with them.

The one way from outside into the core: check, release, make again, compare. What a rehearsal shows is ``publish``'s.
Paths are relative to the project's root with forward slashes; nothing here touches a disk, git or a clock. Below
``policy/<document>/`` only ``policy.yml``, ``next.yml`` and the clauses' ``*.md`` are read. Whatever else lies there
gets one warning, pictures and other attachments too, for nothing of it is published; hidden files never come in.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from inforce.changes import versions as comparison
from inforce.changes.versions import Comparison
from inforce.check import drafts
from inforce.draft import folder
from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Level, Problem, errors, fail, meant, nearest, refuse
from inforce.ledger import chain, entries, timeline
from inforce.model import Draft, Policy, Version, ledger_folder
from inforce.release import again, proposal, rules
from inforce.release.again import Protection
from inforce.release.proposal import DRAFT, ReleaseOptions
from inforce.text import clauses

Changes = Mapping[str, bytes | None]
"""What is to be written, in this order: path -> bytes, None to delete."""


@dataclass(frozen=True)
class Release:
    """New versions in the order of the chain (one, but for a run that is made again), and what writing them changes."""

    versions: tuple[Version, ...]
    changes: Changes


@dataclass(frozen=True)
class Project:
    """All policies of a project, in the order of their ids, what is wrong with them, and the files that hold them."""

    policies: tuple[Policy, ...]
    problems: tuple[Problem, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a build and a release."""
        return errors(self.problems)

    @property
    def sound_heads(self) -> tuple[str, ...]:
        """The heads of the ledgers in which nothing is wrong; see ``read``."""
        heads = {policy.document: policy.ledger.head for policy in self.policies}
        return tuple(head for document, head in heads.items() if head and not self.below(ledger_folder(document)))

    def policy(self, document: str) -> Policy:
        """The policy of that id. Raises InForceError, with the nearest id, where there is none."""
        known = {policy.document: policy for policy in self.policies}
        if found := known.get(document):
            return found
        cure = meant(document, known, f"The policies here: {', '.join(known)}")
        if not known:
            cure = f"Begin it: inforce new {document}"
        raise fail("policy/", 0, "no-policy", f"There is no policy `{document}`", cure)

    def only(self) -> Policy:
        """The only policy. Raises InForceError where there are several or none."""
        if len(self.policies) == 1:
            return self.policies[0]
        if not self.policies:
            raise fail("policy/", 0, "no-policy", "There is no policy here yet", "Begin one: inforce new privacy")
        names = ", ".join(policy.document for policy in self.policies)
        raise fail("policy/", 0, "no-policy", "There are several policies here", f"Name one of them: {names}")

    def below(self, *folders: str) -> tuple[Problem, ...]:
        """What reading and checking found below ``folders``, which end in a slash."""
        return tuple(problem for problem in self.problems if problem.path.startswith(folders))

    def problems_of(self, policy: Policy) -> tuple[Problem, ...]:
        """What reading and checking found in a policy's draft and in its ledger."""
        return self.below(draft_folder(policy.document), ledger_folder(policy.document))

    def sound(self, *folders: str) -> None:
        """Raise InForceError with the errors below ``folders``, where there are any."""
        refuse(errors(self.below(*folders)))

    def draft(self, policy: Policy) -> Draft:
        """The policy's draft. Raises InForceError where there is none, or it cannot be used."""
        if policy.draft:
            return policy.draft
        folder = draft_folder(policy.document)
        self.sound(folder)
        cure = f"Create {folder}policy.yml and a file for each clause"
        raise fail(folder, 0, "no-draft", f"There is no draft of {policy.document}", cure)

    def changed(self, changes: Changes) -> "Project":
        """The project after ``changes``. Raises InForceError where that would be worse than it was."""
        after = read(Changed(self.files, changes))
        known = set(self.errors)
        refuse(problem for problem in after.errors if problem not in known)
        return after

    def check(
        self, now: datetime, published: Collection[str] | None = None, *, beyond_form: bool = True
    ) -> tuple[Problem, ...]:
        """Everything that is wrong at ``now``, in the order of places.

        ``published`` are the ledger paths that readers have; where that is not known (None), dates of unpublished
        releases are not asked. Without ``beyond_form``, only what no policy can turn off.
        """
        found = [*self.problems]
        for policy in self.policies if published is not None else ():
            found.extend(rules.of_coming(policy, published or (), now))
        sound = [policy for policy in self.policies if not errors(self.problems_of(policy))]
        for policy in sound if beyond_form else ():
            found.extend(drafts.duties(policy, sound, now))  # what others have, and whether, is not known
        return tuple(sorted(set(found)))

    def made_again(self, document: str, number: str, protection: Protection) -> tuple["Project", tuple[Version, ...]]:
        """The project without the unpublished version ``number`` and what follows it, and those versions, in order.

        With an empty number, the only unpublished one. A single one is made again from the draft, which then has that
        version's notes as a start. Raises InForceError where one is published, or it is not clear which is meant.
        """
        unpublished = again.choose(document, self.files, number, protection)
        rest = read(unpublished.files)
        if len(unpublished.formers) > 1:
            return rest, unpublished.formers
        policy = rest.policy(document)
        noted = again.with_notes(rest.draft(policy), unpublished.formers[0])
        return rest.with_draft(policy, noted), unpublished.formers

    def with_part(self, document: str, names: Sequence[str]) -> "Project":
        """The project with the policy's draft cut down to the changes of the clauses ``names``.

        Raises InForceError where they can't be had alone, or something in the text then leads nowhere.
        """
        policy = self.policy(document)
        draft = proposal.part(self.draft(policy), policy.ledger, names)
        refuse(errors(drafts.draft_problems(draft, policy.ledger)))
        return self.with_draft(policy, draft)

    def with_draft(self, policy: Policy, draft: Draft) -> "Project":
        """The project with another draft of a policy of its own."""
        policies = tuple(replace(each, draft=draft) if each is policy else each for each in self.policies)
        return replace(self, policies=policies)

    def release(
        self, document: str, options: ReleaseOptions, now: datetime, formers: Sequence[Version] = ()
    ) -> Release:
        """The draft's next version; or, in the place of several ``formers``, each of them again from its own text.

        ``formers`` come from :meth:`made_again`, of whose project this is asked. Raises InForceError with everything
        that stands against it.
        """
        self.sound(draft_folder(document), ledger_folder(document))
        policy = self.policy(document)
        draft = self.draft(policy)
        if len(formers) > 1:
            versions = again.in_order(draft, policy.ledger, tuple(formers), options, now)
        else:
            versions = (proposal.prepare(draft, policy.ledger, options, now),)
        return Release(versions, self.written(draft, versions, formers))

    def written(self, draft: Draft, versions: Sequence[Version], formers: Sequence[Version] = ()) -> Changes:
        """What a release of ``versions`` in the place of ``formers`` writes, in this order: the versions, the draft.

        A run of versions that keep their own texts leaves the draft alone.
        """
        changes: dict[str, bytes | None] = {version.path: entries.compose(version) for version in versions}
        if len(versions) == 1:
            changes |= folder.released(self.files, draft)
        for former in formers:
            changes.setdefault(former.path, None)
        return changes

    def compare(self, document: str, older: str, newer: str, now: datetime) -> Comparison:
        """What changed between two versions, given by their numbers; ``newer`` may be ``draft``.

        An empty ``newer`` is the draft, or, where it changes nothing, the last standing version; an empty ``older`` is
        what is in force for a draft, and what a version amends. Raises InForceError where there are not two.
        """
        policy = self.policy(document)
        ledger = policy.ledger
        if older == DRAFT and newer:
            raise _nothing(policy, "The draft comes after every version", f"Write {newer} {DRAFT}")
        if older == DRAFT:
            older, newer = "", DRAFT
        if not {older, newer} <= {*ledger.by_number}:  # which others there are, the whole ledger has to say
            self.sound(ledger_folder(document))
        if not ledger.standing:
            cure = f"Release a first version: inforce release {document}"
            raise _nothing(policy, "Nothing was released yet, so there is nothing to compare with", cure)
        last = chain.version_of(policy, newer) if newer not in ("", DRAFT) else self._last(policy, newer, now)
        first = chain.version_of(policy, older) if older else _before(policy, last, now)
        place = {**ledger.sequence, DRAFT: len(ledger.versions) + 1}
        if first is last and not newer:
            cure = "Change a clause, or name two versions"
            raise _nothing(policy, f"The draft does not differ from {last.number}", cure)
        if place[first.number] >= place[last.number]:
            raise _nothing(policy, f"{last.number} does not come after {first.number}", "Name the older one first")
        return comparison.compare(ledger, first, last)

    def _last(self, policy: Policy, newer: str, now: datetime) -> Version:
        """The draft, or, where it changes nothing and nobody asked for it by name, the last version that stands."""
        standing = policy.ledger.standing[-1]
        if policy.draft is None and not newer and not self.below(draft_folder(policy.document)):
            return standing
        draft = proposal.draft_version(self.draft(policy), policy, now)
        if draft is None and newer == DRAFT:
            raise _nothing(policy, f"The draft does not differ from {standing.number}", "Change a clause first")
        return draft or standing


class Changed(Mapping[str, bytes]):
    """Files as they are after a change; of those that are made when they are asked for, none is held."""

    def __init__(self, files: Mapping[str, bytes], changes: Changes) -> None:
        self._files = files
        self._changes = changes
        gone = {path for path, data in changes.items() if data is None}
        self._paths = {path: None for path in (*files, *changes) if path not in gone}

    def __getitem__(self, path: str) -> bytes:
        data = self._changes[path] if path in self._changes else self._files[path]
        if data is None:
            raise KeyError(path)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _before(policy: Policy, last: Version, now: datetime) -> Version:
    """What ``last`` is compared with by itself: a draft with what is in force, a version with what it amends."""
    if last.number == DRAFT:
        return timeline.in_force(policy.ledger, now) or policy.ledger.standing[-1]
    if amended := policy.ledger.amended_by(last):
        return amended
    raise _nothing(policy, f"{last.number} is the first version, and the draft is the same", "Change a clause first")


def _nothing(policy: Policy, what: str, cure: str) -> InForceError:
    return fail(draft_folder(policy.document), 0, "redline", what, cure)


def read(files: Mapping[str, bytes], sound: Collection[str] = ()) -> Project:
    """The policies below ``policy/`` and ``versions/``, read and checked as far as needs neither git nor a clock.

    ``sound`` are heads of ledgers of which this very code has found every version to be what a release could have made:
    a head names all the bytes before it, and whether it does is looked at each time.
    """
    policies: list[Policy] = []
    problems: list[Problem] = []
    for document in sorted({path.split("/")[1] for path in files if re.match(r"(policy|versions)/[^/]+/.", path)}):
        if wrong := clauses.id_problem(document, document=True):
            drafted = any(path.startswith(draft_folder(document)) for path in files)
            base = draft_folder(document) if drafted else ledger_folder(document)
            problems.append(Problem(base, 0, "document-id", f"`{document}` {wrong}", "Rename the folder"))
            continue
        policy, found = _read_policy(document, files, sound)
        policies.append(policy)
        problems.extend(found)
    problems.extend(_strays(files))
    problems.extend(_gone(policies, files))
    unread = {problem.path.split("/")[1] for problem in errors(problems) if problem.path.startswith("versions/")}
    problems.extend(_successors(policies, unread))
    return Project(tuple(policies), tuple(dict.fromkeys(problems)), files)


def _read_policy(document: str, files: Mapping[str, bytes], sound: Collection[str]) -> tuple[Policy, list[Problem]]:
    drafted = {path: files[path] for path in files if path.startswith(draft_folder(document))}
    ledger, problems = chain.read(document, files)
    draft, found = folder.read(document, drafted) if drafted else (None, ())
    known = ledger.head in sound and not problems
    problems = (*found, *problems, *(() if known else rules.of_ledger(ledger)))
    if draft:
        problems = (*problems, *drafts.draft_problems(draft, ledger))
    return Policy(document, draft, ledger), [*problems, *_unread(document, drafted)]


def _unread(document: str, drafted: Mapping[str, bytes]) -> Iterator[Problem]:
    """Files of a draft that nothing reads, most of them by a slip in their name."""
    base = draft_folder(document)
    for name in (path.removeprefix(base) for path in sorted(drafted)):
        if not folder.is_read(name):
            yield Problem(base + name, 0, "not-read", "This file is not read", _cure(name), Level.WARNING)


def _cure(name: str) -> str:
    """What to do with a file below a draft's folder that is called ``name``."""
    if slip := re.fullmatch(r"(policy|next)\.ya?ml(\.txt)?", name, re.IGNORECASE):
        return f"Rename it to {slip[1].lower()}.yml"
    if slip := re.fullmatch(r"([^/]+?)\.(md|markdown|mdown|mkd)(\.txt)?|([^/]+)\.txt", name, re.IGNORECASE):
        return f"If it is a clause, rename it to {(slip[1] or slip[4]).lower()}.md; otherwise move it out"
    if name.endswith(".md"):
        return "If it is a clause, move it up beside policy.yml; otherwise move it out"
    return "Move it out: only policy.yml, next.yml and the clauses, *.md, are read and published"


def _gone(policies: list[Policy], files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Ledgers of policies that nobody can edit any more, though they were not retired."""
    new = [policy.document for policy in policies if not policy.ledger.entries]
    for policy in policies:
        name = policy.document
        drafted = any(path.startswith(draft_folder(name)) for path in files)
        if drafted or not policy.ledger.entries or policy.ledger.retirement:
            continue
        back = "Bring it back from git"
        if new:
            became = draft_folder(nearest(name, new) or new[0])
            back = f"If it became {became}, rename that back; otherwise bring it from git"
        cure = f"{back}, or end the policy: inforce retire {name}"
        what = f"The folder is gone, and {ledger_folder(name)} stands"
        yield Problem(draft_folder(name), 0, "draft-gone", what, cure, Level.WARNING)


def _successors(policies: list[Policy], unread: Collection[str]) -> Iterator[Problem]:
    """Retired policies whose place nothing takes: what is named was never published, or is gone by then.

    Of ``unread`` nobody knows.
    """
    ends = {policy.document: policy.ledger.retired_at for policy in policies if policy.ledger.versions}
    for policy in policies:
        event = policy.ledger.retirement
        if not event or not event.replaced_by or event.replaced_by in unread:
            continue
        name, at = event.replaced_by, policy.ledger.retired_at
        if name not in ends:
            what = f"It is said to be replaced by `{name}`, of which nothing is published"
            cure = meant(name, ends, f"Release it first; published are {', '.join(sorted(ends))}")
        elif (end := ends[name]) and at and end <= at:
            what = f"It ends on {at:%Y-%m-%d} and is said to be replaced by `{name}`, which ends on {end:%Y-%m-%d}"
            cure = "Name a policy that goes on, or none; an end that is announced: inforce retire DOC --withdraw"
        else:
            continue
        yield Problem(event.path, entries.line_of(event, "replaced_by"), "event", what, cure)


def _strays(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Files in the ledger that are neither a version nor an event: the ledger holds nothing else."""
    for path in sorted(files):
        if path.startswith("versions/") and not entries.is_entry(path):
            cure = "Move it out: the ledger holds versions and events only"
            yield Problem(path, 0, "ledger-path", "This is neither a version nor an event", cure)
