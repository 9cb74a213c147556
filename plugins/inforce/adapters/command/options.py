"""What can stand after an option: a day, ``today`` or an instant; a clause and its grade; a clause and its note."""

import re
from datetime import date
from typing import Any

import click

from inforce.errors import InForceError
from inforce.ledger.entries import NUMBER, instant
from inforce.model import Severity

TODAY = "today"
GRADES = (Severity.EDITORIAL, Severity.NOTICE, Severity.MATERIAL)


class Day(click.ParamType):
    """A day of the policy's calendar, the word ``today``, or an instant with its offset."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a date, a datetime with offset, or ``today``."""
        if not isinstance(value, str) or value == TODAY:
            return value
        day = value.partition("T")[0]
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
            cure = "Write it as 2027-01-15, today, or 2027-01-15T00:00:00+08:00"
            self.fail(f"{value!r} is not a day. {cure}.", param, ctx)
        try:
            found = date.fromisoformat(day)
            moment = instant(value if day != value else f"{day}T00:00:00Z", "", 0, str(param and param.name))
        except ValueError:
            self.fail(f"{value!r} is no day of the calendar.", param, ctx)
        except InForceError as error:
            self.fail(f"{error.problems[0].what}. {error.problems[0].cure}.", param, ctx)
        return found if day == value else moment


class Pair(click.ParamType):
    """``CLAUSE=…``: a clause's id and what is said of it."""

    name = "CLAUSE=TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """(clause id, text)."""
        if isinstance(value, tuple):
            return value
        clause, equals, text = (part.strip() for part in value.partition("="))
        if not (clause and equals and text):
            self.fail(f"{value!r} is not of the form {self.name}.", param, ctx)
        return clause, self.said(text, param, ctx)

    def said(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """What is said of the clause, on one line."""
        return " ".join(text.split())


class Grade(Pair):
    """``CLAUSE=LEVEL``: a clause's id and how much its change means."""

    name = "CLAUSE=LEVEL"

    def said(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """One of the three severities that an editor can give."""
        if text not in GRADES:
            self.fail(f"{text!r} is not a severity. Write {', '.join(GRADES)}.", param, ctx)
        return text


class Number(click.ParamType):
    """A version's number, or an empty text where the option stands alone."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number as it is written."""
        if value and not NUMBER.match(value):
            self.fail(f"{value!r} is not a version number such as 1.1. The policy's name stands before it.", param, ctx)
        return value


class Same(click.ParamType):
    """``OLD=NEW``: the ids of two clauses."""

    name = "OLD=NEW"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """(the older clause's id, the newer one's)."""
        if isinstance(value, tuple):
            return value
        old, _, new = (part.strip() for part in value.partition("="))
        if not (old and new):
            self.fail(f"{value!r} is not of the form {self.name}.", param, ctx)
        return old, new


class Dated(Day):
    """``DAY`` or ``COMMIT=DAY``: when a text took effect."""

    name = "[COMMIT=]DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """(the text's short name or empty, the day)."""
        if isinstance(value, tuple):
            return value
        name, equals, day = value.rpartition("=")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day) or (equals and not name):
            self.fail(f"{value!r} is not a day. Write it as 2018-05-25, or COMMIT=2018-05-25.", param, ctx)
        return name, super().convert(day, param, ctx)
