"""What a repository of policies runs: workflows on GitHub, what they install, and hooks at a commit.

They run in any repository: what they need comes with pip, pinned. Nothing is written here.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib import metadata
from zoneinfo import ZoneInfo

from inforce import __version__
from inforce.adapters.files import PACKAGE, asset

FOLDER = ".github/workflows/"
REQUIREMENTS = "requirements.txt"
HOOKS = ".pre-commit-config.yaml"
_THEME = "mkdocs-material"
_DAILY = '    - cron: "7 0 * * *" # soon after midnight in UTC\n'
"""The line of the shipped workflow that is written anew for a policy's time zone."""


def files(timezones: Iterable[str]) -> dict[str, bytes]:
    """Path -> bytes of the workflows, of the requirements that they install, and of the settings of pre-commit.

    The site is published daily, soon after midnight in each of ``timezones`` (IANA names).
    """
    shipped = PACKAGE / "assets" / "workflows"
    daily = "".join(_daily(timezone) for timezone in sorted(set(timezones)))
    found = {
        f"{FOLDER}{path.name}": path.read_text(encoding="utf-8").replace(_DAILY, daily or _DAILY).encode()
        for path in sorted(shipped.glob("*.yml"))
    }
    requirements = _requirements()
    hooks = asset("pre-commit-config.yaml").decode().replace("[inforce]", f'["{requirements["inforce"]}"]')
    return found | {
        HOOKS: hooks.encode(),
        REQUIREMENTS: "".join(f"{line}\n" for line in requirements.values()).encode(),
    }


def lacking(requirements: str) -> tuple[str, ...]:
    """The lines that a file of requirements lacks: the packages that it does not name."""
    named = {re.split(r"[^A-Za-z0-9_.-]", line.strip(), maxsplit=1)[0].lower() for line in requirements.splitlines()}
    return tuple(line for name, line in _requirements().items() if name not in named)


def _requirements() -> dict[str, str]:
    """Package -> its line: pinned to what is installed here, or in the range that is known to work."""
    try:
        theme = f"{_THEME}=={metadata.version(_THEME)}"
    except metadata.PackageNotFoundError:
        known = (each.partition(";")[0].strip() for each in metadata.requires("inforce") or ())
        theme = next(each for each in known if each.startswith(_THEME))
    return {"inforce": f"inforce=={__version__}", _THEME: theme}


def _daily(timezone: str) -> str:
    """The schedule of a day that begins in ``timezone``: a line for GitHub, whose clock is UTC.

    Where summer time moves midnight, the later of the two instants: an hour late for a part of the year, never early.
    """
    zone = ZoneInfo(timezone)
    offsets = [datetime(2027, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in range(1, 13)]
    after = (datetime(2027, 1, 2, 0, 7, tzinfo=UTC) - min(offsets)).time()
    city = timezone.rpartition("/")[2].replace("_", " ")
    return f'    - cron: "{after.minute} {after.hour} * * *" # soon after midnight in {city}\n'
