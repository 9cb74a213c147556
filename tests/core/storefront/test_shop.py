"""Customers, versions, withdrawals, clocks and outages in any order: nobody is asked wrongly, and no answer is lost."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.visits import REQUIREMENTS, SEVERITIES, World, simulate
from examples import examples

ANSWERS = ("agree", "decline", "later", "nothing")


class Shop(RuleBasedStateMachine):
    """The made-up shop, in Hypothesis' hands."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.published = []  # every manifest that any cache on the way may still hold

    @initialize(requires=st.sampled_from(REQUIREMENTS), days=st.integers(0, 30))
    def first_version(self, requires: str, days: int) -> None:
        self.release("material", requires, days, None)

    @rule(
        severity=st.sampled_from(SEVERITIES),
        requires=st.sampled_from(REQUIREMENTS),
        days=st.integers(0, 30),
        same_text_as=st.none() | st.integers(0, 9),
    )
    def release(self, severity: str, requires: str, days: int, same_text_as: int | None) -> None:
        self.world.release(severity, requires, days, same_text_as)
        self.published.append(self.world.manifest())

    @rule()
    def withdraw(self) -> None:
        self.world.withdraw()
        self.published.append(self.world.manifest())

    @rule(hours=st.integers(1, 24 * 40))
    def time_passes(self, hours: int) -> None:
        self.world.now += timedelta(hours=hours)

    @rule(data=st.data())
    def poll(self, data: st.DataObject) -> None:
        self.world.poll(data.draw(st.none() | st.sampled_from(self.published)))

    @rule(
        customer=st.sampled_from(("Ada", "Bo")),
        answer=st.sampled_from(ANSWERS),
        hours=st.sampled_from((0, 0, 0, -30, 30, -900)),
        seed=st.integers(0, 99),
    )
    def visit(self, customer: str, answer: str, hours: int, seed: int) -> None:
        self.world.visit(customer, answer, timedelta(hours=hours), seed)

    @invariant()
    def nobody_is_asked_wrongly(self) -> None:
        assert self.world.wrong == []

    @invariant()
    def no_answer_is_lost(self) -> None:
        assert self.world.lost == []


TestShop = Shop.TestCase
TestShop.settings = examples(150, stateful_step_count=40)


def test_a_simulation_of_many_visits() -> None:
    world = simulate(3_000, seed=7)
    assert world.visits == 3_000
    assert (world.wrong, world.lost) == ([], [])


def test_the_rules_of_the_simulation_can_be_broken() -> None:
    """A decision that never asks, and one that always does, are both found out."""
    world = World()
    world.release("material", "accept", 0)
    world.poll(world.manifest())
    always = {"state": "initial", "reason": "never_agreed"}
    never = {"state": "up_to_date", "reason": "current"}
    world._judge([], world.now, never)
    world.visit("Ada", "agree")
    world._judge(world.records["Ada"], world.now, always)
    assert [told.split(":")[0] for told in world.wrong] == ["never asked", "asked again"]
