"""The terminal sessions in the help are what the commands print."""

from __future__ import annotations

import sessions


def test_no_session_in_the_help_is_stale() -> None:
    assert [path.name for path in sessions.stale()] == [], "run python scripts/sessions.py"


def test_what_a_command_prints_takes_the_place_of_what_stood_there() -> None:
    page = "Text.\n\n```console\n$ echo one\nstale\n$ inforce status\n```\n\n```sh\n$ echo two\n```\n"
    played = sessions.played(page)
    assert played.startswith("Text.\n\n```console\n$ echo one\none\n$ inforce status\n.: error: ")
    assert played.endswith("```\n\n```sh\n$ echo two\n```\n")
