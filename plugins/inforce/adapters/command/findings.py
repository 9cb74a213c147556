"""Everything that `inforce check` finds in a project: the core's rules, with what git and the clock have to add."""

from dataclasses import dataclass

from inforce.adapters.command import publication
from inforce.adapters.command.project import Project
from inforce.adapters.git.guard import Published, Unguarded
from inforce.check import duties
from inforce.check import form as checks
from inforce.errors import Problem, errors
from inforce.release import rules


@dataclass(frozen=True)
class Findings:
    """``problems`` in the order of their places; ``note`` says what could not be looked at, empty where all was.

    ``prefix`` is the project's place in its repository, ``published`` what readers already have.
    """

    problems: tuple[Problem, ...]
    note: str
    prefix: str
    published: Published | Unguarded


def gather(project: Project, *, beyond_form: bool = True) -> Findings:
    """What is wrong in all policies of the project, and in what surrounds them.

    Without ``beyond_form``, only what nobody can turn off.
    """
    repository, published = publication.look(project)
    problems = [*project.sources.problems, *checks.attributes_problems(_attributes(project))]
    note = ""
    if isinstance(published, Published):
        for policy in project.sources.policies:
            problems.extend(rules.of_coming(policy, published.files, project.now))
    elif any(policy.ledger.entries for policy in project.sources.policies):
        note = (
            f"The dates of unpublished releases were not checked: {published.reason}. inforce verify says what to do."
        )
    for policy in project.sources.policies if beyond_form else ():
        if not errors(project.problems(f"policy/{policy.document}/", f"versions/{policy.document}/")):
            problems.extend(duties.problems(policy, project.sources.policies, project.now))
    return Findings(tuple(sorted(set(problems))), note, repository.prefix if repository else "", published)


def _attributes(project: Project) -> bytes | None:
    path = project.root / ".gitattributes"
    return path.read_bytes() if path.is_file() else None
