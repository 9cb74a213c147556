"""What ``mkdocs.yml`` or ``properdocs.yml`` says of a site, for a build without MkDocs: its name, address and options.

No setting of another plugin or of a theme is looked at, tags that only MkDocs knows are passed over, and a file that
is named with ``INHERIT`` is not read. The plugin itself has these settings from MkDocs, and asks here what they mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from yaml_env_tag import add_env_tag

from inforce.errors import fail
from inforce.ledger import entries
from inforce.publish import manifest
from inforce.text import characters
from inforce.text.html import text_of
from inforce.text.rewriting import parsed

FILE, OTHER = "mkdocs.yml", "properdocs.yml"
DATES_OF_SITEMAPS = range(2**32)
"""The seconds since 1970 that MkDocs can date its packed sitemap with; it fails on any other instant."""


@dataclass(frozen=True)
class SiteSettings:
    """``base`` is the site's address with a final slash, ``as_of`` an instant as it is written; empty if not told.

    ``file`` is the name of the file that says all that.
    """

    name: str = "Policies"
    base: str = ""
    copyright: str = ""
    as_of: str = ""
    drafts: bool = False
    epoch: int = 0
    file: str = FILE


def read(root: Path) -> SiteSettings:
    """Return what the file beside ``policy/`` says; of what it does not say, or without it, the usual.

    It is called ``properdocs.yml`` where ProperDocs builds the site. Raises InForceError where it is no YAML.
    """
    name = FILE if (root / FILE).exists() else OTHER
    try:
        told = yaml.load((root / name).read_bytes(), _Tolerant) or {}
    except FileNotFoundError:
        return SiteSettings()
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:  # a day that no calendar has; [[[[…
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise fail(name, line, "settings", "This is no YAML that can be read", "Mend it, or move it away") from None
    told = told if isinstance(told, Mapping) else {}
    options = _options(told.get("plugins"))
    return SiteSettings(
        shown(str(told.get("site_name") or SiteSettings.name), name),
        address(str(told.get("site_url") or ""), name),
        shown(text_of(str(told.get("copyright") or "")), name),
        as_written(options.get("as_of")),
        _truth(options, "drafts", name),
        epoch(options.get("epoch", 0), name),
        name,
    )


def address(told: str, place: str) -> str:
    """Return a site's address as addresses below it are added to it, empty for none. Raises InForceError."""
    if not told:
        return ""
    parts = parsed(told)
    whole = parts and parts.scheme in ("http", "https") and parts.netloc and not (parts.query or parts.fragment)
    if not whole or re.search(r"[\s<>\"\\]", told):
        what = f"{told!r} is no address that others can be added to"
        raise fail(place, 0, "site-url", what, "Write one such as https://policies.example/")
    return shown(told if told.endswith("/") else f"{told}/", place)


def shown(told: str, place: str) -> str:
    """Return what stands on every page as it is. Raises InForceError where that hides something, or no page can."""
    if wrong := characters.unshowable(told):
        raise fail(place, 0, "hidden-character", f"{told!r}: {wrong[0]}", wrong[1])
    return told


def as_written(as_of: object) -> str:
    """Return the option as it is written, with quotes or without, which YAML reads as an instant; empty for none."""
    return as_of.isoformat() if isinstance(as_of, datetime) else str(as_of or "")


def instant(told: str, place: str) -> datetime:
    """Return the instant that ``as_of`` names, in UTC. Raises InForceError."""
    return entries.instant(told, place, 0, "as_of").astimezone(UTC)


def of_sitemap(told: str, place: str) -> datetime:
    """Return the same for a build by MkDocs. Raises InForceError for what no packed file can be dated with, too."""
    at = instant(told, place)
    if int(at.timestamp()) not in DATES_OF_SITEMAPS:
        what = "`as_of` lies outside the years 1970 to 2105, and MkDocs can date no sitemap so"
        raise fail(place, 0, "as-of", what, "Correct it, or build with inforce build --as-of")
    return at


def epoch(told: Any, place: str) -> int:
    """Return the manifest's epoch. Raises InForceError for what is none."""
    if isinstance(told, bool) or told not in manifest.EPOCHS:
        cure = f"Write a whole number from 0 to {manifest.EPOCHS[-1]}, one more than before"
        raise fail(place, 0, "epoch", f"epoch is {told!r}", cure)
    return int(told)


def _truth(options: Mapping[str, Any], name: str, place: str) -> bool:
    told = options.get(name, False)
    if not isinstance(told, bool):
        raise fail(place, 0, name, f"{name} is {told!r}", "Write true or false")
    return told


def _options(plugins: Any) -> Mapping[str, Any]:
    """What the list, or the mapping, of plugins says of ours; a key without a value says nothing."""
    entries = plugins if isinstance(plugins, list) else [plugins]
    found = [entry.get("inforce") for entry in entries if isinstance(entry, Mapping)]
    told = next((options for options in found if isinstance(options, Mapping)), {})
    return {name: value for name, value in told.items() if value is not None}


class _Tolerant(yaml.SafeLoader):
    """Reads ``!ENV`` as MkDocs does; of any other tag it makes nothing."""


add_env_tag(_Tolerant)
_Tolerant.add_multi_constructor("", lambda _loader, _tag, _node: None)
