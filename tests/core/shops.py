"""A made-up shop with all that goes wrong around it: clocks, writes, forks, caches, backups, guests who log in.

What is true is kept apart: who answered what, and when by the one right clock. The shop sees only what devices sent, by
clocks that may be a decade off, and what manifests reached the process that happened to answer. It must decide as if it
had known the truth. Nothing is measured in seconds here.
"""

from __future__ import annotations

import copy
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from core.visits import GIVEN, REQUIREMENTS, SEVERITIES, World
from inforce_client import Limits, PolicyClient, merge, review_state

Json = dict[str, Any]

DECADE = 10 * 365 * 24 * 60
OFF = (0, 0, 0, 0, -90, 25 * 60, DECADE, -DECADE)
"""Minutes by which a device's clock may be wrong."""
PER_SHOP = 1_000
"""Visits until another shop begins."""


def written(moment: datetime) -> str:
    """An instant as a record has it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass
class Device:
    """Somebody's, its clock wrong by ``off``. ``unsent`` are records that no server has said it has."""

    person: int
    off: timedelta
    is_known: bool
    unsent: list[Json] = field(default_factory=list)


class Kept:
    """The store that all processes of a shop share."""

    data: bytes | None = None

    def load(self) -> bytes | None:
        """What was saved last."""
        return self.data

    def save(self, data: bytes) -> None:
        """Keep it."""
        self.data = data


class Shop:
    """One shop, its processes, its customers, and the publisher whose manifest it polls."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World()
        self.epoch = self.lift = 0  # the latter: by how much a wrong serial is too high
        self.cached: list[bytes] = []
        limits = Limits(transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=self.answer())))
        store, url = Kept(), "https://policies.example/policy-manifest.json"
        self.processes = [PolicyClient(url, store, limits=limits) for _ in range(3)]
        self.devices = [
            Device(number % 25, timedelta(minutes=self.chance.choice(OFF)), self.chance.random() < 0.5)
            for number in range(60)
        ]
        self.records: dict[int, dict[str, Json]] = {person: {} for person in range(25)}
        self.truth: dict[str, Json] = {}
        self.owner: dict[str, int] = {}
        self.wrong: list[str] = []
        self.seen = {"prompts": 0, "answers": 0, "lost writes": 0, "forks": 0, "refused": 0, "log-ins": 0, "epochs": 0}

    def answer(self) -> httpx.SyncByteStream:
        """What comes of a poll: today's manifest, one that a cache held on to, half of one, or nothing of use."""
        built = {**self.world.manifest(), "epoch": self.epoch}
        built["serial"] += self.lift
        self.cached.append(json.dumps(built).encode())
        now, old = self.cached[-1], self.chance.choice(self.cached[-4:])
        return httpx.ByteStream(self.chance.choice((now, now, now, old, now[: len(now) // 2], b"<html>")))

    def live(self) -> None:
        """Something happens; most often somebody comes."""
        event = self.chance.random()
        self.world.now += timedelta(minutes=self.chance.randrange(10, 300))
        if event < 0.01 or not self.world.rows:
            same = self.chance.randrange(100) if self.chance.random() < 0.1 else None
            days = self.chance.choice((0, 0, 7, 30))
            self.world.release(self.chance.choice(SEVERITIES), self.chance.choice(REQUIREMENTS), days, same)
        elif event < 0.012:
            self.world.withdraw()
        elif event < 0.014:
            self.lift += 3_000  # a backup of another site went out: its serial is far ahead
        elif event < 0.018 and self.lift:
            self.epoch, self.lift = self.epoch + 1, 0  # the publisher's way out
            self.seen["epochs"] += 1
        elif event < 0.07:
            self.seen["refused"] += self.chance.choice(self.processes).poll().outcome == "kept"
        elif event < 0.08:
            self.fork()
        else:
            self.visit(self.chance.choice(self.devices))

    def fork(self) -> None:
        """A process ends, and another one is forked in its place. (Real forks are tried elsewhere.)"""
        child = copy.copy(self.chance.choice(self.processes))
        child._forked()
        self.processes[self.chance.randrange(len(self.processes))] = child
        self.seen["forks"] += 1

    def visit(self, device: Device) -> None:
        """A page is shown, and perhaps answered; what could not be sent before is sent first."""
        self.world.visits += 1
        if not device.is_known and self.chance.random() < 0.05:
            device.is_known = True
            self.seen["log-ins"] += 1
        sent = self.send(device)
        known = self.records[device.person].values() if device.is_known else ()
        records = merge(known, sent)
        client = self.chance.choice(self.processes)
        shown = client.review("privacy", records, self.world.now)
        self.judge(client, records, shown)
        if shown["version"] and self.chance.random() < 0.6:
            self.record(device, shown)
            if self.chance.random() < 0.7:
                self.send(device)

    def send(self, device: Device) -> list[Json]:
        """The device's records as the server receives them now; a known customer's are kept, each once.

        The server's word that it has them may be lost, and they will be sent again.
        """
        clocks = {"sent_at": written(self.world.now + device.off), "received_at": written(self.world.now)}
        sent = [{**record, **clocks} for record in device.unsent]
        if device.is_known:
            for record in sent:
                self.records[device.person].setdefault(record["id"], record)
            if self.chance.random() < 0.2:
                self.seen["lost writes"] += len(sent)
            else:
                device.unsent = []
        return sent

    def record(self, device: Device, shown: Json) -> None:
        """What the customer answers to what was shown, as it truly is, and as the device stamps it."""
        row = next(row for row in self.world.rows if row["version"] == shown["version"])
        action = self.chance.choice((GIVEN[shown["requires"]], GIVEN[shown["requires"]], "declined", "dismissed"))
        ends = self.world.now + timedelta(minutes=self.chance.randrange(1, 7 * 24 * 60))
        name = f"{self.chance.getrandbits(64):016x}"
        true = {
            "id": name, "action": action, "document": "privacy", "version": row["version"], "digest": row["digest"],
            "manifest_serial": 0, "at": written(self.world.now),
            "until": written(ends) if action == "dismissed" else None,
        }  # fmt: skip
        self.truth[name], self.owner[name] = true, device.person
        stamped = {"at": written(self.world.now + device.off), "until": true["until"] and written(ends + device.off)}
        device.unsent.append(true | stamped)
        self.world.now += timedelta(minutes=1)
        self.seen["answers"] += 1

    def judge(self, client: PolicyClient, records: list[Json], shown: Json) -> None:
        """Whether it was decided as by the truth about these answers, and by rules that know no rows and no reasons."""
        true = [self.truth[each["id"]] for each in records]
        wanted = review_state(client.manifest, "privacy", true, self.world.now)
        if shown != wanted:
            self.wrong.append(f"{shown} instead of {wanted}")
        self.world.copy = client.manifest
        self.world._judge(true, self.world.now, shown)
        self.seen["prompts"] += shown["state"] in ("review_required", "initial")

    def settle(self) -> list[str]:
        """Everybody comes once more, known by now: what was lost, invented or put in another order since."""
        for device in self.devices:
            device.is_known = True
            self.send(device)
        told = []
        for person, kept in self.records.items():
            merged = merge(kept.values(), kept.values())
            mine = [name for name in self.truth if self.owner[name] == person]
            if [each["id"] for each in merged] != mine:
                told.append(f"customer {person}: {len(mine)} answers, and {len(merged)} records in another order")
            for each in merged:
                if any(each[key] != self.truth[each["id"]][key] for key in ("action", "version", "digest")):
                    told.append(f"customer {person}: {each} was never answered")
        return told


def simulate(visits: int, seed: int = 1) -> tuple[list[str], list[str], dict[str, int]]:
    """So many visits, shop after shop: wrong prompts, lost or invented answers, and how much of each thing happened."""
    wrong: list[str] = []
    lost: list[str] = []
    seen: dict[str, int] = {}
    for number in range(-(-visits // PER_SHOP)):
        shop = Shop(seed * 1_000_003 + number)
        while shop.world.visits < min(PER_SHOP, visits - number * PER_SHOP):
            shop.live()
        lost += shop.settle()
        wrong += [*shop.wrong, *shop.world.wrong]
        seen = {key: seen.get(key, 0) + count for key, count in shop.seen.items()}
    return wrong, lost, seen
