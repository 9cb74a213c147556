"""What goes wrong, said the same way everywhere: where, what, and how to mend it.

It holds the values, and the cure of a misspelt name. Finding problems is the business of the modules that read;
printing them is the adapters'.
"""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Given = TypeVar("Given")
Value = TypeVar("Value")


def sentences(what: str, cure: str) -> str:
    """Return ``what`` is wrong and its ``cure``, which have no final full stop, as two sentences on one line."""
    found = f"{what}. {cure}" + ("" if cure.endswith("?") else ".")
    return " ".join(found.splitlines())  # a value that they name may go over several


class Level(StrEnum):
    """How much a problem weighs: an error stops a release and a build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place.

    ``path`` is relative to the project's root with forward slashes; ``line`` counts from 1, and 0 means the whole
    file. ``what`` and ``cure`` are plain sentences without a final full stop. ``rule`` is a stable id for machines.
    """

    path: str
    line: int
    rule: str
    what: str
    cure: str
    level: Level = Level.ERROR

    @property
    def place(self) -> str:
        """The place as an editor writes it: ``policy/privacy/contact.md:12``."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def said(self) -> str:
        """What is wrong and what to do, without the place, on one line."""
        return sentences(self.what, self.cure)

    def __str__(self) -> str:
        return " ".join(f"{self.place}: {self.said}".splitlines())


class InForceError(Exception):
    """Input that cannot be used: one problem or several, never empty."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def fail(path: str, line: int, rule: str, what: str, cure: str) -> InForceError:
    """An :class:`InForceError` of a single problem, to be raised by the caller."""
    return InForceError(Problem(path, line, rule, what, cure))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise InForceError with all of ``problems``, where there are any."""
    if found := tuple(problems):
        raise InForceError(*found)


def gathered(make: Callable[[Given], Value], given: Iterable[Given]) -> tuple[list[Value], list[Problem]]:
    """What ``make`` gives of those of ``given`` that it takes, and what is wrong with all others."""
    found: list[Value] = []
    problems: list[Problem] = []
    for each in given:
        try:
            found.append(make(each))
        except InForceError as error:
            problems.extend(error.problems)
    return found, problems


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of ``problems`` that stop a release or a build."""
    return tuple(problem for problem in problems if problem.level is Level.ERROR)


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of ``known`` most like ``word``, whatever its case; empty where none is."""
    names = {name.casefold(): name for name in known}
    folded = word.casefold()
    begun = [name for name in names if folded and name.startswith(folded)]
    return next((names[name] for name in [*begun, *difflib.get_close_matches(folded, names, 1)]), "")


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """The cure for a misspelt ``word``: the nearest name as a question, or ``otherwise`` where none is near."""
    near = nearest(word, known)
    return f"Did you mean `{near}`?" if near else otherwise
