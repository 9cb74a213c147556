"""What an import still has to be told: asked at a terminal; without one, taken where that is safe, or demanded.

Every answer goes into the request at once, so that whoever breaks off gets the answers back as options.
"""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import click

from inforce.adapters.command import asking, import_request
from inforce.adapters.command.import_request import DAYS, Request, answered, named, title_of
from inforce.adapters.command.options import TODAY, Day
from inforce.errors import InForceError, Problem, fail
from inforce.importing import metadata
from inforce.importing.histories import Candidate, Snapshot
from inforce.importing.identity import Doubt
from inforce.model import KINDS, Requirement


@dataclass
class Interview:
    """``request`` as it is by now.

    ``ask``: somebody is there to answer; ``trusting``: the safe choice will do; ``here``: the machine's time zone.
    """

    request: Request
    ask: bool
    trusting: bool
    here: str
    taken: list[str] = field(default_factory=list)

    def name(self, existing: Collection[str]) -> None:
        """The new policy's id, none of ``existing``. Raises InForceError where nobody gives one."""

        def free(said: str) -> str:
            named(said, existing)
            return said

        if self.request.document:
            free(self.request.document)
        elif self.ask:
            self._put("document", asking.until("The policy's id, part of every address (privacy, terms …)", free))
        else:
            cure = "Give --as, an id such as privacy or terms: it becomes part of every address"
            raise fail("--as", 0, "document-id", "The new policy has no name", cure)

    def zone(self) -> None:
        """The time zone, which says on which day a commit was made."""
        self._settle("timezone", "Time zone of its dates", self.here if self.ask else "UTC")

    def settings(self, snapshots: Sequence[Snapshot]) -> None:
        """Everything else that policy.yml holds, with what the last text tells of it as the answer on offer."""
        last = snapshots[-1].reading
        text = "\n".join(f"{section.heading}\n{section.body}" for section in last.sections)
        title = title_of(self.request, snapshots)
        title = title or self._settle("title", "Title", self.request.document.replace("-", " ").capitalize())
        kind = self._settle("kind", "Kind", metadata.kind(title), KINDS)
        self._settle("requires", "Customers are asked to", str(metadata.requires(kind)), tuple(Requirement))
        self._settle("language", "Language (BCP 47)", last.front.get("lang", "") or metadata.language(text) or "en")
        self._settle("notice_days", "Days of notice (material,notice,editorial)", DAYS)
        self._settle("contact", "Where readers write to", metadata.contact(text))

    def _settle(self, option: str, question: str, offered: str, words: Collection[str] = ()) -> str:
        given = str(getattr(self.request, option))
        if not given and self.ask:
            choice = click.Choice([str(word) for word in words]) if words else None
            accept = partial(answered, option)
            given = asking.until(question, accept, default=offered or None, type=choice)
        elif not given and offered:
            given = offered
            self.taken.append(f"--{option.replace('_', '-')} {shlex.quote(given)}")
        self._put(option, given)
        return given

    def _put(self, option: str, value: Any) -> None:
        self.request = replace(self.request, **{option: value})

    def known(self, snapshots: Sequence[Snapshot]) -> dict[str, date]:
        """The days of effect that were given, by text. Raises InForceError for one of a text that there is not."""
        names = [snapshot.origin.short for snapshot in snapshots]
        given = self.request.effective
        return {
            import_request.text_named(name, names, "--effective") if name else names[-1]: day for name, day in given
        }

    def dated(self, undated: Candidate, today: date) -> None:
        """The day of effect of a text of which nothing tells it. Raises InForceError where nobody is there to ask."""
        origin = undated.snapshot.origin
        if not self.ask:
            cure = "Give --effective, the day on which it took effect; --yes takes today"
            raise fail(origin.name, 0, "effective-missing", "Nothing tells its day of effect", cure)
        said = click.prompt(f"{origin.short} took effect on", type=Day())
        day = today if said == TODAY else said
        self.request = replace(self.request, effective=(*self.request.effective, (origin.short, day)))

    def resolved(self, doubts: Sequence[Doubt], candidates: Sequence[Candidate]) -> None:
        """The first of ``doubts``. Raises InForceError with all of them where nobody is there to ask."""
        if not self.ask:
            raise InForceError(*(_open(doubt, candidates) for doubt in doubts))
        doubt = doubts[0]
        origin = candidates[doubt.snapshot].snapshot.origin
        asked = f"{origin.short}: {question(doubt)}. Is it one clause?"
        option = "same" if click.confirm(asked, default=False) else "apart"
        self._put(option, (*getattr(self.request, option), (doubt.old, doubt.new)))


def _open(doubt: Doubt, candidates: Sequence[Candidate]) -> Problem:
    what = f"{question(doubt)} may be one clause or two"
    pair = f"{doubt.old}={doubt.new}"
    cure = f"Give --same {pair} or --apart {pair}; --yes takes all such for two"
    return Problem(candidates[doubt.snapshot].snapshot.origin.name, 0, "doubt", what, cure)


def question(doubt: Doubt) -> str:
    """Whether two clauses are one, in a line."""
    return f"“{doubt.old_title}” and “{doubt.new_title}” (alike to {doubt.likeness:.0%})"
