"""The programs beside Python that some tests need, and the one rule for a machine that lacks them.

`make test` installs them on Debian where it may. Under CI=true a missing one is a failure, because a check that is
skipped there is a check that nobody makes; elsewhere the test is skipped, and says why.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDERS = ("/usr/sbin", str(REPOSITORY / "storefront/js/node_modules/.bin"))
"""Searched after the PATH: Debian keeps nginx where only root looks, and npm keeps what it installs beside its lock."""


@dataclass(frozen=True)
class Program:
    """What is looked for, the first name found counts; and what to do where it is absent."""

    names: Sequence[str]
    cure: str

    def find(self) -> str | None:
        """Return the program's path, or None where it is absent."""
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), *FOLDERS])
        return next(filter(None, (shutil.which(name, path=path) for name in self.names)), None)

    def path(self) -> str:
        """Return the program's path; where it is absent the test ends here, see `absent`."""
        return self.find() or absent(f"{self.names[0]} is missing. {self.cure}")


def absent(reason: str) -> NoReturn:
    """End the test that needs what is not there: a failure under CI=true, elsewhere skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _debian(packages: str) -> str:
    return f"On Debian: sudo apt-get install {packages}"


CHROMIUM = Program(
    ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    _debian("chromium-headless-shell fonts-dejavu-core fonts-liberation"),
)
FIREFOX = Program(("firefox-esr", "firefox"), _debian("firefox-esr"))
WEBKIT = Program(("WebKitWebDriver",), _debian("webkit2gtk-driver xvfb"))
SCREEN = Program(("Xvfb",), _debian("xvfb"))
NGINX = Program(("nginx",), _debian("nginx-light"))
LIBREOFFICE = Program(("soffice",), _debian("libreoffice-writer-nogui python3-uno"))
NODE = Program(("node",), _debian("nodejs npm"))
NPM = Program(("npm",), _debian("nodejs npm"))
PHP = Program(("php",), _debian("php-cli php-curl"))
TSC = Program(("tsc",), f"{_debian('nodejs npm')}; then npm ci --prefix storefront/js")


def bound(*command: str | Path) -> list[str | Path]:
    """Return the command of a server that ends with the tests, even where they are killed and clean up nothing."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)
