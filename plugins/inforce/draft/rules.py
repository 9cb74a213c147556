"""The checks beyond form that a policy can set to off, warn or error: what they ask for, and their levels by default.

What each rule finds is the business of ``check.duties`` and ``release``; why it exists and where it comes from stands
in the documentation ("Checks"), under the rule's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from inforce.errors import Level

OFF = "off"
WORDS: Mapping[str, Level | None] = {OFF: None, "warn": Level.WARNING, "error": Level.ERROR}
"""What ``policy.yml`` may say of a rule."""


@dataclass(frozen=True)
class Rule:
    """One check: its id, what it asks for in a few words, and its level where a policy says nothing."""

    id: str
    asks: str
    default: Level


RULES = {
    rule.id: rule
    for rule in (
        Rule("not-editorial", "an editorial change touches no word on which the meaning turns", Level.ERROR),
        Rule("promised-notice", "the notice given is no shorter than the policy's own text promises", Level.ERROR),
        Rule("dead-link", "links to policies lead to a page and a clause that are there", Level.ERROR),
        Rule("clause-note", "each change in a material version has a note in plain language", Level.WARNING),
        Rule("changes-told", "the text says how customers learn of changes", Level.WARNING),
        Rule("dated-text", "no date of the policy itself stands in its text", Level.WARNING),
        Rule("review-age", "somebody has reviewed the policy within twelve months", Level.WARNING),
    )
}


def level(chosen: Mapping[str, Level | None], rule: str) -> Level | None:
    """How much a finding of ``rule`` weighs where a policy chose so; None where the rule is off."""
    return chosen.get(rule, RULES[rule].default)
