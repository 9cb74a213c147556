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

from inforce.adapters.command import import_report, import_request, terminal
from inforce.adapters.command.import_report import question
from inforce.adapters.command.import_request import NO_BEGINNING, Request, answered, named
from inforce.adapters.git.file_history import Beginning
from inforce.draft import guesses
from inforce.errors import InForceError, Problem, fail
from inforce.importing import encodings
from inforce.importing.accounts import Doubtful
from inforce.importing.date_lines import StatedDate
from inforce.importing.histories import Candidate, Snapshot
from inforce.importing.identity import Doubt
from inforce.model import KINDS, Requirement
from inforce.text import clauses


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
            self._put("document", terminal.until("The policy's id, part of every address (privacy, terms …)", free))
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
        title = import_request.title_of(self.request, snapshots)
        title = title or self._settle("title", "Title", self.request.document.replace("-", " ").capitalize())
        kind = self._settle("kind", "Kind", guesses.kind(title), KINDS)
        self._settle("requires", "Customers are asked to", str(guesses.requires(kind)), tuple(Requirement))
        self._settle("language", "Language (BCP 47)", last.front.get("lang", "") or guesses.language(text) or "en")
        self._settle("notice_days", "Days of notice (material,notice,editorial)", import_request.DAYS)
        self._settle("contact", "Where readers write to", guesses.contact(text))

    def _settle(self, option: str, question: str, offered: str, words: Collection[str] = ()) -> str:
        given = str(getattr(self.request, option))
        if not given and self.ask:
            choice = click.Choice([str(word) for word in words]) if words else None
            accept = partial(answered, option)
            given = terminal.until(question, accept, default=offered or None, type=choice)
        elif not given and offered:
            given = offered
            self.taken.append(f"--{option.replace('_', '-')} {shlex.quote(given)}")
        self._put(option, given)
        return given

    def _put(self, option: str, value: Any) -> None:
        self.request = replace(self.request, **{option: value})

    def kept(self, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
        """The texts without those that an editor leaves out. Raises InForceError where none is left."""
        names = [snapshot.origin.short for snapshot in snapshots]
        for name in self.request.keep:
            import_request.text_named(name, names, "--keep")
        out = [name for name in self.request.leave_out if name in names]  # others were left out before they were read
        found = [snapshot for snapshot in snapshots if snapshot.origin.short not in out]
        if not found:
            raise fail("--leave-out", 0, "text", "No text is left", "Leave fewer texts out")
        return found

    def known(self, snapshots: Sequence[Snapshot]) -> dict[str, date]:
        """The days of effect that were given, by text. Raises InForceError for one of a text that there is not."""
        names = [snapshot.origin.short for snapshot in snapshots]
        given = self.request.effective
        return {
            import_request.text_named(name, names, "--effective") if name else names[-1]: day for name, day in given
        }

    def written(self, unread: Problem) -> bool:
        """Whether somebody is there to say in which encoding a text is written, and says it."""
        if not self.ask:
            return False
        terminal.complain((unread,))

        def usable(said: str) -> str | None:
            return said if not said or encodings.known(said) else None

        asked = "Its encoding, or nothing if nobody knows"
        self._put("encoding", terminal.until(asked, usable, default="", show_default=False))
        return bool(self.request.encoding)

    def began(self, beginnings: Sequence[Beginning]) -> None:
        """Whether the earlier texts in the first of ``beginnings`` are to be added."""
        first = beginnings[0]
        added = click.confirm(f"{import_report.began(first)}: add them?", default=True)
        self._put("before", (*self.request.before, first.name if added else NO_BEGINNING))

    def ever_in_force(self, doubts: Sequence[Doubtful]) -> None:
        """Whether the first of ``doubts`` was in force. Raises InForceError with all where nobody is there to ask."""
        if not self.ask:
            raise InForceError(*(_never(each) for each in doubts))
        first = doubts[0]
        if click.confirm(f"{first.short} {first.why}. {_asked(first)}", default=True):
            self._put("keep", (*self.request.keep, first.short))
        else:
            self._put("leave_out", (*self.request.leave_out, *first.leave))

    def dated(self, undated: Candidate, today: date) -> None:
        """The day of effect of a text of which nothing tells it. Raises InForceError where nobody is there to ask."""
        origin = undated.snapshot.origin
        if not self.ask:
            cure = "Give --effective, the day on which it took effect; --yes takes today"
            raise fail(origin.name, 0, "effective-missing", "Nothing tells its day of effect", cure)

        def day(said: object) -> date | None:
            return today if said == terminal.TODAY else said if type(said) is date else None

        self._dated(origin.short, terminal.until(f"{origin.short} took effect on", day, type=terminal.DAY))

    def meant(self, candidate: Candidate, told: StatedDate) -> None:
        """Which of its meanings a date has. Raises InForceError where nobody is there to ask."""
        origin, days = candidate.snapshot.origin, [day.isoformat() for day in told.days]
        if not self.ask:
            cure = " or ".join(f"--effective {origin.short}={day}" for day in days)
            what = f"“{told.text}” may be {' or '.join(days)}"
            raise fail(origin.name, told.line, "date-unclear", what, f"Say which: {cure}")
        asked = f"{import_report.named(candidate.snapshot)} says “{told.text}”. Which day is that?"
        self._dated(origin.short, date.fromisoformat(click.prompt(asked, type=click.Choice(days))))

    def _dated(self, short: str, day: date) -> None:
        self._put("effective", (*self.request.effective, (short, day)))

    def resolved(self, doubts: Sequence[Doubt], candidates: Sequence[Candidate]) -> None:
        """The first of ``doubts``. Raises InForceError with all of them where nobody is there to ask."""
        if not self.ask:
            raise InForceError(*(_open(doubt, candidates) for doubt in doubts))
        doubt = doubts[0]
        origin = candidates[doubt.snapshot].snapshot.origin
        asked = f"{origin.short}: {question(doubt)}. Is it one clause?"
        option = "same" if click.confirm(asked, default=False) else "apart"
        self._put(option, (*getattr(self.request, option), (doubt.old, doubt.new)))

    def named(self, suggested: Sequence[tuple[str, str]]) -> None:
        """The first of the ids that are only ``suggested``. Raises InForceError where nobody is there to ask."""
        if not self.ask:
            cure = "Give --id {0}=NAME, or --id {0}={0}; --yes takes all such as they are"
            what = "“{}” is in no Latin letters, and `{}` is only how it is read"
            raise InForceError(
                *(
                    Problem("--id", 0, "clause-id", what.format(title, name), cure.format(name))
                    for name, title in suggested
                )
            )

        def usable(said: str) -> str:
            if wrong := clauses.id_problem(said):
                raise fail("--id", 0, "clause-id", f"`{said}` {wrong}", "Choose an id such as your-rights")
            return said

        name, title = suggested[0]
        said = terminal.until(f"The id of “{title}”, part of its address for ever", usable, default=name)
        self._put("id", (*self.request.id, (name, said)))


def _open(doubt: Doubt, candidates: Sequence[Candidate]) -> Problem:
    what = f"{question(doubt)} may be one clause or two"
    pair = f"{doubt.old}={doubt.new}"
    cure = f"Give --same {pair} or --apart {pair}; --yes takes all such for two"
    return Problem(candidates[doubt.snapshot].snapshot.origin.name, 0, "doubt", what, cure)


def _asked(doubt: Doubtful) -> str:
    return "Was it in force?" if doubt.short in doubt.leave else "Was that in force?"


def _never(doubt: Doubtful) -> Problem:
    cure = f"Give --keep {doubt.short} if it was, or {doubt.options}; --yes keeps all such"
    return Problem(doubt.short, 0, "never-in-force", f"It {doubt.why}. {_asked(doubt)}", cure)
