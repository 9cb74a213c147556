"""The Django app inside a shop on django-oscar: nobody orders unasked, and no order waits for the policies' host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import programs

STEPS = [
    "ordered",
    "asked after a material version, and ordered again",
    "ordered while the policies' host was down",
]


def test_a_customer_registers_orders_is_asked_and_orders_again(tmp_path: Path) -> None:
    folders = (programs.REPOSITORY / each for each in ("tests", "scripts"))
    path = os.pathsep.join([*map(str, folders), os.environ.get("PYTHONPATH", "")])
    command = [
        sys.executable,
        "-W",
        "ignore",
        str(programs.REPOSITORY / "tests/adapters/oscar_visit.py"),
        str(tmp_path),
    ]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == STEPS
