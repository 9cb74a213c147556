"""A made-up shop in memory: a policy that changes, polls that fail or come late, customers in several tabs.

It counts wrong prompts and lost agreements. What is right is told by rules of its own, which know neither rows nor
reasons: whose last agreement covers what is in force is not asked, and who has none that does is not left alone.
Nothing is measured in seconds here.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from inforce_client import review

Json = dict[str, Any]

START = datetime(2026, 1, 1, tzinfo=UTC)
SEVERITIES = ("editorial", "notice", "material")
REQUIREMENTS = ("inform", "acknowledge", "accept")
GIVEN = {"accept": "accepted", "acknowledge": "acknowledged", "inform": "acknowledged"}
_STRENGTH = {"accepted": 2, "acknowledged": 1, "declined": 0, "dismissed": 0}
_ASKS = ("review_required", "initial")


@dataclass
class World:
    """The publisher's ledger, the manifest as the shop has it, and each customer's records on the server.

    ``now`` is the true time. ``wrong`` and ``lost`` list what went against the rules, in words.
    """

    now: datetime = START
    rows: list[Json] = field(default_factory=list)
    withdrawals: int = 0
    copy: Json | None = None
    records: dict[str, list[Json]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    visits: int = 0
    names: Any = field(default_factory=count)

    def manifest(self) -> Json:
        """What is published now."""
        serial = len(self.rows) + self.withdrawals
        entry = {"redline": {"url": "{from}..{to}", "all_up_to": 30, "window": 5}, "versions": [*self.rows]}
        return {"schema_version": 1, "serial": serial, "documents": {"privacy": entry} if self.rows else {}}

    def release(self, severity: str, requires: str, days: int, same_text_as: int | None = None) -> None:
        """A version more, in force after so many days, never before an earlier one."""
        number = f"{len(self.rows) + 1}.0"
        before = [datetime.fromisoformat(row["effective_at"]) for row in self.rows if "withdrawn_at" not in row]
        effective = max([self.now + timedelta(days=days), *before])
        again = same_text_as is not None and self.rows
        text = self.rows[(same_text_as or 0) % len(self.rows)]["text_digest"] if again else number
        self.rows.append(
            {
                "sequence": len(self.rows) + 1,
                "version": number,
                "digest": f"sha256-{sha256(number.encode()).hexdigest()}",
                "text_digest": text,
                "announced_at": self.now.isoformat(),
                "effective_at": effective.isoformat(),
                "language": "en",
                "summary": "",
                "requires": requires,
                "severity": severity,
                "changes": [],
            }
        )

    def withdraw(self) -> None:
        """The last standing version, if it is not in force yet."""
        standing = [place for place, row in enumerate(self.rows) if "withdrawn_at" not in row]
        if standing and datetime.fromisoformat(self.rows[standing[-1]]["effective_at"]) > self.now:
            self.rows[standing[-1]] = {**self.rows[standing[-1]], "withdrawn_at": self.now.isoformat()}
            self.withdrawals += 1

    def poll(self, answer: Json | None) -> None:
        """An answer reaches the shop, perhaps an old one; None is an outage. It never goes back to a lower serial."""
        if answer is not None and (self.copy is None or answer["serial"] >= self.copy["serial"]):
            self.copy = answer

    def visit(self, customer: str, answer: str, skew: timedelta = timedelta(), seed: int = 0) -> None:
        """A customer sees a page, with two tabs open, and answers if asked: agree, decline, later, or nothing.

        The shop's clock is ``skew`` off. The second tab answers, too, by what the first one showed.
        """
        self.visits += 1
        own = self.records.setdefault(customer, [])
        clock = self.now + skew
        shown = review.review_state(self.copy, "privacy", own, clock)
        shuffled = random.Random(seed).sample(own, len(own))
        if review.review_state(self.copy, "privacy", shuffled, clock) != shown:
            self.wrong.append(f"the order of records matters: {shown}")
        self._judge(own, clock, shown)
        if shown["version"] is None or answer == "nothing":
            return
        for _ in range(1 + seed % 2):
            self._answer(own, shown, answer, clock)
        after = review.review_state(self.copy, "privacy", own, clock)
        if answer == "agree" and after["state"] in (*_ASKS, "notice", "declined"):
            self.lost.append(f"agreed, and yet {after['state']} ({after['reason']})")

    def _answer(self, own: list[Json], shown: Json, answer: str, clock: datetime) -> None:
        assert self.copy is not None
        row = next(row for row in self.rows if row["version"] == shown["version"])
        # A clock that was set back must not put an answer before the one that it replaces.
        at = max([clock, *(datetime.fromisoformat(record["at"]) + timedelta(milliseconds=1) for record in own)])
        actions = {"agree": GIVEN[shown["requires"]], "decline": "declined", "later": "dismissed"}
        record = {
            "id": f"{next(self.names):08}",
            "action": actions[answer],
            "document": "privacy",
            "version": row["version"],
            "digest": row["digest"],
            "manifest_serial": self.copy["serial"],
            "at": at.isoformat(),
            "until": (at + timedelta(days=3)).isoformat() if answer == "later" else None,
        }
        own.append(record)

    def _judge(self, own: list[Json], clock: datetime, shown: Json) -> None:
        """The two rules."""
        rows = self.copy["documents"].get("privacy", {}).get("versions", []) if self.copy else []
        announced = [datetime.fromisoformat(row["announced_at"]) for row in rows]
        if announced and max(announced) - clock > timedelta(minutes=5):
            clock = max(announced)
        force = [r for r in rows if "withdrawn_at" not in r and datetime.fromisoformat(r["effective_at"]) <= clock]
        asked = shown["state"] in _ASKS
        if not force:
            if asked:
                self.wrong.append(f"asked while nothing is in force: {shown}")
            return
        agreements = [record for record in own if _agrees(record, rows, force[-1])]
        last = max((_row(record, rows)["sequence"] for record in agreements if _row(record, rows) in force), default=0)
        latest = [record for record in agreements if _row(record, rows)["sequence"] == last]
        if asked and any(_covers(record, rows, force) for record in latest):
            self.wrong.append(f"asked again: {shown}")
        silent = shown["state"] in ("up_to_date", "upcoming", "not_applicable", "unknown")
        # Quiet all the same: where informing is enough, and where an answer is to a version that the copy has not yet.
        rightly = shown["reason"] in ("ahead_of_manifest", "first_visit")
        if silent and not rightly and not any(_covers(record, rows, force) for record in agreements):
            self.wrong.append(f"never asked: {shown}")


def _row(record: Json, rows: list[Json]) -> Json:
    return next((row for row in rows if row["version"] == record["version"]), {"sequence": 0})


def _agrees(record: Json, rows: list[Json], current: Json) -> bool:
    """Whether a record says yes to a version that the copy has, as strongly as that version asks for."""
    row = _row(record, rows)
    if current["requires"] == "inform":
        return bool(row["sequence"])
    least = max(1, REQUIREMENTS.index(row["requires"])) if row["sequence"] else 9
    return _STRENGTH[record["action"]] >= least


def _covers(record: Json, rows: list[Json], force: list[Json]) -> bool:
    """Whether an agreement holds for what is in force: strong enough, and nothing material since, or the same text."""
    row, current = _row(record, rows), force[-1]
    if _STRENGTH[record["action"]] < REQUIREMENTS.index(current["requires"]):
        return False
    if row["text_digest"] == current["text_digest"]:
        return True
    since = [each for each in force if each["sequence"] > row["sequence"]]
    return row in force and all(each["severity"] in ("editorial", "notice") for each in since)


def simulate(visits: int, seed: int = 1) -> World:
    """So many visits of forty customers, with everything else happening in between, the same for the same seed."""
    chance, world = random.Random(seed), World()
    old: list[Json] = []
    while world.visits < visits:
        if world.visits % 2_000 == 0 and len(world.rows) > 25:
            world = World(now=START, visits=world.visits, wrong=world.wrong, lost=world.lost)  # another shop
            old = []
        event = chance.random()
        world.now += timedelta(hours=chance.expovariate(1 / 3))
        if event < 0.004 or not world.rows:
            same = chance.randrange(100) if chance.random() < 0.1 else None
            world.release(chance.choice(SEVERITIES), chance.choice(REQUIREMENTS), chance.choice((0, 0, 7, 30)), same)
        elif event < 0.005:
            world.withdraw()
        elif event < 0.1:
            old.append(world.manifest())
            answer = chance.choice((old[-1], old[-1], None, chance.choice(old[-3:])))
            world.poll(answer)
        else:
            skew = timedelta(hours=chance.choice((0, 0, 0, -1, 30, -200)))
            answer = chance.choice(("agree", "agree", "later", "nothing", "decline"))
            world.visit(f"customer {chance.randrange(40)}", answer, skew, chance.randrange(1 << 30))
    return world
