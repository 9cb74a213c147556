"""A world of histories: what editors may do to a policy, in any order, and the looks after it.

Hypothesis chooses the order. Everything that happens is a step of a :class:`World`, so that a history that fails is
printed as commands.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import event, target
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from world import edits
from world.history import DOCUMENT, SETTINGS, World
from world.looks import Fault, look

NAMES = ("cookies", "contact", "rights", "crumbs", "reach", "claims", "data", "minors")
"""Ids of clauses: few, so that one that was used is used again."""
GRADES = ("editorial", "notice", "material")
NOTICE = {"editorial": 0, "notice": 7, "material": 30}
KINDS = ("privacy-policy", "terms-of-service", "policy")
REQUIRES = ("acknowledge", "accept", "inform")
CLAUSE_COMMANDS = ("add", "rename", "move", "split", "merge", "remove")
SAYINGS = ("heading", "note", "next", "title", "kind", "requires", "reconfirm_every")
PERIODS = ("P12M", "P1Y6M", "P2W")
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/New_York", "UTC")

which = st.integers(0, 7)
a_name = st.sampled_from(NAMES)
an_edit = st.sampled_from(sorted(edits.EDITS))
a_grade = st.sampled_from(GRADES)
grades = st.lists(st.sampled_from(GRADES), min_size=1, max_size=3)
days = st.sampled_from([0, 1, 8, 31, 60])


def fail(world: World, faults: Sequence[Fault]) -> None:
    """Raise what was found with the history that led to it, one kind of fault a class: they are shrunk apart."""
    if faults:
        kind = type(f"{faults[0].look.title()}Fault", (AssertionError,), {})
        first = {(fault.look, fault.what): fault for fault in reversed(faults)}
        raise kind("\n".join((*map(str, reversed(first.values())), "", "The history:", world.told())))


class Histories(RuleBasedStateMachine):
    """Drafts, releases and events of one policy, on disk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="world-")
        self.world = World(Path(self.folder.name))
        self.words = 0
        self.git = False
        self.looked = ""

    # How it begins

    @initialize(git=st.booleans(), zone=st.sampled_from(ZONES), imported=st.sampled_from(["", "", "", "import"]))
    def begin(self, git: bool, zone: str, imported: str) -> None:
        if zone != ZONES[0]:
            self.world.replace(SETTINGS, ZONES[0], zone)
        if imported:
            self.import_three(zone)
        if git:
            self.git = True
            self.world.git("init", "--quiet", "--initial-branch=main")
            self.publish()
        if not imported:
            self.world.inforce("release", DOCUMENT, "--summary", "The first one.", "--effective", "today")
            if git:
                self.publish()

    def import_three(self, zone: str) -> None:
        """Three dated files: a clause is renamed in the second and gone in the third, another one comes."""
        begin, calls, new = "# Privacy\n\n", "## Calls\n\nWe keep calls for ten years.\n\n", self.word()
        cookies = "We set two cookies for your basket and your language, and none for anybody else."
        texts = {
            "2018-05-25": f"{begin}## Cookies\n\n{cookies}\n\n{calls}",
            "2020-01-01": f"{begin}## Crumbs\n\n{cookies}\n\n{calls}## Rights\n\nAsk us for {new}.\n",
            "2021-06-01": f"{begin}{calls}## Rights\n\nAsk us for {new}, or for two.\n",
        }
        for day, text in texts.items():
            self.world.write(f"old/{day}.md", text)
        self.world.delete(f"policy/{DOCUMENT}")
        told = ("--contact", "privacy@shop.example", "--timezone", zone, "--same", "cookies=crumbs")
        self.world.inforce("import", "old", "--as", DOCUMENT, *told, "--yes")

    # The draft

    @rule(at=which, how=an_edit)
    def edit(self, at: int, how: str) -> None:
        self.pass_time(minutes=10)
        name = self.pick(at)
        front, text = self.world.clause(name)
        changed = edits.edited(text, how, self.word(), [each for each in self.world.clauses() if each != name])
        if changed != text:
            self.world.write(f"policy/{DOCUMENT}/{name}.md", front + changed)

    @rule(at=which, how=st.sampled_from(SAYINGS), grade=a_grade)
    def say(self, at: int, how: str, grade: str) -> None:
        """Change a heading, what the draft says of a coming change, or what the policy says of itself."""
        name = self.pick(at)
        front, text = self.world.clause(name)
        path = f"policy/{DOCUMENT}/{name}.md"
        if how == "heading":
            self.world.write(path, front + edits.reheaded(text, self.word()))
        elif how == "note":
            was = "".join(re.findall(r"^was: .*\n", front, re.MULTILINE))
            head = f'---\nseverity: "{grade}"\nnote: "Noted {self.word()}."\n{was}---\n'
            self.world.write(path, head + text)
        elif how == "next":
            due = "" if at % 3 else f'accept_by: "{self.today() + timedelta(days=at)}"\n'
            self.world.write(f"policy/{DOCUMENT}/next.yml", f'summary: "In short {self.word()}."\n{due}')
        elif how == "reconfirm_every":
            if how not in (said := self.world.settings()) and said["requires"] != "inform":
                period = PERIODS[at % len(PERIODS)]
                self.world.replace(SETTINGS, "language:", f'{how}: "{period}"\nlanguage:')
        else:
            old = self.world.settings()[how]
            values = {"title": (f"Shop Privacy {self.word()}",), "kind": KINDS, "requires": REQUIRES}[how]
            new = values[at % len(values)]
            if old != new and not (new == "inform" and "reconfirm_every" in self.world.settings()):
                self.world.replace(SETTINGS, f'{how}: "{old}"', f'{how}: "{new}"')

    @rule(
        how=st.sampled_from(["add", "rename", "move", "split", "merge", "remove"]), at=which, beside=which, new=a_name
    )
    def clause(self, how: str, at: int, beside: int, new: str) -> None:
        """What takes more than one file."""
        name, other = self.pick(at), self.pick(beside)
        words: Sequence[str]
        if how == "add":
            words = (new, "--heading", f"New {new}", "--text", f"Here is {self.word()}.", "--after", name)
        elif how == "rename":
            words = (name, new)
        elif how == "move":
            words = (name, "--before" if at % 2 else "--after", other)
        elif how == "split":
            words = self.cut(name, new)
        elif how == "merge":
            words = (name, other)
        else:
            grade = GRADES[1 + beside % 2]
            words = (name, *(("--severity", grade, "--note", f"Gone for {self.word()}.") if beside else ()))
        if words:
            self.command("clause", how, DOCUMENT, *words)

    def cut(self, name: str, new: str) -> Sequence[str]:
        """Where a clause can be cut in two: at a sub-heading, or else before its last paragraph; empty for nowhere."""
        front, text = self.world.clause(name)
        if part := re.search(r"^### (.+)$", text, re.MULTILINE):
            return name, new, "--at", part[1]
        blocks = re.split(r"\n\n(?=[A-Z])", text.rstrip())
        if len(blocks) < 3:
            return ()
        line = front.count("\n") + "\n\n".join(blocks[:-1]).count("\n") + 3
        return name, new, "--at", str(line), "--heading", f"Split {self.word()}"

    @rule(at=which)
    def restore(self, at: int) -> None:
        if rows := self.versions():
            self.command("draft", DOCUMENT, "--from", rows[at % len(rows)]["version"], "--yes")

    # The ledger

    @rule(given=grades, at=which, how=an_edit)
    def amend(self, given: list[str], at: int, how: str) -> None:
        """An edit that is released as of today."""
        self.edit(at, how)
        self.release(given, 0)

    @rule(
        how=st.sampled_from(CLAUSE_COMMANDS + SAYINGS[3:]), at=which, beside=which, new=a_name, given=grades, ahead=days
    )
    def announce(self, how: str, at: int, beside: int, new: str, given: list[str], ahead: int) -> None:
        """Something greater that is released, often for a later day."""
        if how in CLAUSE_COMMANDS:
            self.clause(how, at, beside, new)
        else:
            self.say(at, how, given[0])
        self.release(given, ahead)

    @rule(given=grades, ahead=days)
    def release(self, given: list[str], ahead: int) -> None:
        self.pass_time(hours=1)
        self.released(given, ahead)
        if self.git:
            self.publish()

    @rule(given=grades, ahead=days, named=st.integers(1, 6))
    def release_part(self, given: list[str], ahead: int, named: int) -> None:
        """Some of the changed clauses: one that is accepted leaves all others in the draft, as they were."""
        self.pass_time(hours=1)
        standing = [row for row in self.versions() if "withdrawn_at" not in row]
        changed = {row["clause"]: row for row in self.pending(standing[-1]["version"])} if standing else {}
        only = [name for place, name in enumerate(changed) if named >> place % 3 & 1]
        if not only or len(only) == len(changed):
            return
        before = len(self.versions())
        self.released(given, ahead, "--only", ",".join(only), only=only)
        if len(rows := self.versions()) > before:
            left = {row["clause"] for row in self.pending(rows[-1]["version"])}
            meant = {name for name in changed if name not in only}
            if left - meant or any(changed[name]["kinds"] != ["moved"] for name in meant - left):
                told = f"{', '.join(only)} of {', '.join(changed)} were released, and {', '.join(left)} are left"
                fail(self.world, [Fault("part", "release", told)])
        if self.git:
            self.publish()

    def released(
        self,
        given: Sequence[str],
        ahead: int,
        *more: str,
        after: Sequence[dict[str, Any]] = (),
        only: Sequence[str] = (),
    ) -> None:
        """Release the draft, everything said that a release asks for; ``more`` is of a version made anew ``after``.

        Or ``more`` is of a part, whose clauses are ``only`` these.
        """
        standing = [row for row in after or self.versions() if "withdrawn_at" not in row]
        words = ["release", DOCUMENT, "--summary", f"In short {self.word()}."]
        highest = "editorial"
        if standing:
            pending = self.pending(standing[-1]["version"])
            for place, row in enumerate(row for row in pending if not only or row["clause"] in only):
                grade = given[place % len(given)]
                highest = max(highest, grade, key=GRADES.index)
                words += ["--severity", f"{row['clause']}={grade}"]
                if grade != "editorial":
                    words += ["--note", f"{row['clause']}=It is {self.word()}."]
                else:
                    words += ["--editorial-because", f"{row['clause']}=It reads {self.word()}."]
        today = self.today()
        first = max([today, *(self.day(row["effective_at"]) for row in standing[-1:])])
        day = max(first, today + timedelta(days=ahead))
        if (day - today).days < NOTICE[highest]:
            words += ["--waive-notice", f"It must be {self.word()}."]
        self.command(*words, "--effective", "today" if day == today else day.isoformat(), *more)

    def pending(self, number: str) -> list[dict[str, Any]]:
        """What the draft changes against a version."""
        told = self.world.inforce("redline", DOCUMENT, number, "draft", "--format", "json", step=False)
        return [] if told.exit_code else list(json.loads(told.stdout)["clauses"])

    @rule(span=st.sampled_from([1, 9, 40]))
    def wait(self, span: int) -> None:
        self.pass_time(days=span)

    @rule(
        how=st.sampled_from(["withdraw", "withdraw", "erratum", "of a clause", "retire", "go on"]), at=which, ahead=days
    )
    def happen(self, how: str, at: int, ahead: int) -> None:
        """What happens to a version after it was published; the policy ends late, or there is little to see."""
        reason, rows = ("--reason", f"There is {self.word()}."), self.versions()
        if how == "withdraw":
            self.event("withdraw", DOCUMENT, *reason)
        elif how == "retire" and len(rows) > 3:
            day = "today" if not ahead else (self.today() + timedelta(days=ahead)).isoformat()
            self.event("retire", DOCUMENT, "--effective", day, *reason, "--waive-notice", f"It is {self.word()}.")
        elif how == "go on":
            self.event("retire", DOCUMENT, "--withdraw", *reason)
        elif rows:
            place = ("--clause", self.pick(at)) if how == "of a clause" else ()
            self.event("erratum", DOCUMENT, rows[at % len(rows)]["version"], *place, "--note", f"Read {self.word()}.")

    def event(self, *words: str) -> None:
        self.pass_time(hours=1)
        self.command(*words)
        if self.git:
            self.publish()

    # Git

    def publish(self) -> None:
        """Commit everything, and move what readers have forward."""
        self.commit()
        self.world.git("branch", "--force", "published")

    def commit(self) -> None:
        self.world.git("add", "--all")
        self.world.git("commit", "--quiet", "--allow-empty", "--message", "Edit")

    @precondition(lambda self: self.git)
    @rule(at=which, how=an_edit, beside=which, other=an_edit, one=grades, two=grades, ahead=days)
    def parallel(self, at: int, how: str, beside: int, other: str, one: list[str], two: list[str], ahead: int) -> None:
        """Two releases made on two branches, and both merged; the second one is made again."""
        self.commit()
        before = {row["version"] for row in self.versions()}
        branch = f"other-{len(self.world.steps)}"
        self.world.git("checkout", "--quiet", "-b", branch)
        self.edit(at, how)
        self.released(two, ahead)
        self.commit()
        theirs = {row["version"] for row in self.versions()} - before
        self.world.git("checkout", "--quiet", "main")
        self.edit(beside, other)
        self.released(one, ahead)
        self.publish()
        ours = self.versions()
        if self.world.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch):
            self.world.git("checkout", "--ours", "--", ".")
        self.commit()
        self.pass_time(hours=1)
        parallel = theirs - {row["version"] for row in ours}
        again = [word for number in parallel for word in ("--again", number)]
        self.released(two, ahead, *again, after=ours)
        for number in parallel if self.world.inforce("check", step=False).exit_code else ():
            if (self.world.root / (path := f"versions/{DOCUMENT}/{number}.md")).exists():
                self.world.delete(path)
        self.publish()

    # Looks

    @rule()
    def look(self) -> None:
        """Look at everything; where nothing happened since the last time, there is nothing to see."""
        if self.world.told() != self.looked:
            self.looked = self.world.told()
            try:
                faults = look(self.world)
            except Exception as error:  # a look that breaks is read by its history, too
                error.add_note(f"The history:\n{self.looked}")
                raise
            fail(self.world, faults)

    def teardown(self) -> None:
        try:
            self.look()
            event(f"{min(len(self.versions()), 6)} versions")
            target(len(self.versions()), label="versions")
        finally:
            self.folder.cleanup()

    # What the rules share

    def command(self, *words: str) -> None:
        """Run a command; one that is accepted leaves a sound project sound."""
        sound = not self.world.inforce("check", step=False).exit_code
        result = self.world.inforce(*words)
        if sound and not result.exit_code:
            checked = self.world.inforce("check", step=False)
            if checked.exit_code:
                fail(self.world, [Fault("sound", words[0], f"was accepted, and then: {checked.stderr}")])

    def pass_time(self, **span: float) -> None:
        self.world.wait(**span)

    def word(self) -> str:
        self.words += 1
        return f"zq{self.words}x"

    def pick(self, at: int) -> str:
        names = self.world.clauses()
        return names[at % len(names)]

    def versions(self) -> list[dict[str, Any]]:
        told = self.world.inforce("manifest", step=False)
        documents = json.loads(told.stdout)["documents"] if not told.exit_code else {}
        return list(documents[DOCUMENT]["versions"]) if DOCUMENT in documents else []

    def today(self) -> date:
        return self.world.now.astimezone(self.zone()).date()

    def day(self, instant: str) -> date:
        """The first day that begins at an instant or later."""
        there = datetime.fromisoformat(instant).astimezone(self.zone())
        return there.date() + timedelta(days=bool(there.hour or there.minute or there.second))

    def zone(self) -> ZoneInfo:
        return ZoneInfo(str(self.world.settings()["timezone"]))
