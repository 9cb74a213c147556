"""A question at the terminal, asked until the answer will do: the only place that asks again."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from inforce.adapters.command import output
from inforce.errors import InForceError

Answer = TypeVar("Answer")


def until(question: str, accept: Callable[[Any], Answer | None], **prompt: Any) -> Answer:
    """Return what ``accept`` makes of the first answer that it takes.

    It refuses one by returning None, or by raising InForceError, whose problems are then shown. ``prompt`` is handed on
    to ``click.prompt``.
    """
    while True:
        try:
            if (answer := accept(click.prompt(question, **prompt))) is not None:
                return answer
        except InForceError as error:
            output.complain(error.problems)


def sentence(question: str) -> str:
    """Return an answer that is not blank, on one line."""
    return until(question, lambda said: " ".join(str(said).split()) or None)
