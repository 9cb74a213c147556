"""What ``mkdocs.yml`` or ``properdocs.yml`` says of a site, for a build without MkDocs: its name, address and options.

No setting of another plugin or of a theme is looked at, tags that only MkDocs knows are passed over, and a file that
is named with ``INHERIT`` is not read. The plugin itself has these settings from MkDocs, and asks here what they mean.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from inforce.errors import fail
from inforce.publish import manifest
from inforce.text.html import text_of

FILE, OTHER = "mkdocs.yml", "properdocs.yml"


@dataclass(frozen=True)
class SiteSettings:
    """``base`` is the site's address with a final slash, ``as_of`` an instant as it is written; empty if not told."""

    name: str = "Policies"
    base: str = ""
    copyright: str = ""
    as_of: str = ""
    drafts: bool = False
    epoch: int = 0


def read(root: Path) -> SiteSettings:
    """Return what the file beside ``policy/`` says; of what it does not say, or without it, the usual.

    It is called ``properdocs.yml`` where ProperDocs builds the site. Raises InForceError where it is no YAML.
    """
    name = FILE if (root / FILE).exists() else OTHER
    try:
        told = yaml.load((root / name).read_bytes(), _Tolerant) or {}
    except FileNotFoundError:
        return SiteSettings()
    except (yaml.YAMLError, OSError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise fail(name, line, "settings", "This is no YAML that can be read", "Mend it, or move it away") from None
    told = told if isinstance(told, Mapping) else {}
    options = _options(told.get("plugins"))
    return SiteSettings(
        str(told.get("site_name") or SiteSettings.name),
        with_slash(str(told.get("site_url") or "")),
        text_of(str(told.get("copyright") or "")),
        str(options.get("as_of") or ""),
        options.get("drafts") is True,
        epoch(options.get("epoch") or 0),
    )


def with_slash(address: str) -> str:
    """Return a site's address as addresses below it are added to it."""
    return address if not address or address.endswith("/") else f"{address}/"


def instant(told: str, place: str = FILE) -> datetime:
    """Return the instant that ``as_of`` names, in UTC. Raises InForceError."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        cure = 'Write an instant with its offset: "2027-01-15T00:00:00+08:00"'
        raise fail(place, 0, "as-of", f"as_of is {told!r}", cure)
    return moment.astimezone(UTC)


def epoch(told: Any) -> int:
    """Return the manifest's epoch. Raises InForceError for what is none."""
    if isinstance(told, bool) or told not in manifest.EPOCHS:
        cure = f"Write a whole number from 0 to {manifest.EPOCHS[-1]}, one more than before"
        raise fail(FILE, 0, "epoch", f"epoch is {told!r}", cure)
    return int(told)


def _options(plugins: Any) -> Mapping[str, Any]:
    """What the list, or the mapping, of plugins says of ours."""
    entries = plugins if isinstance(plugins, list) else [plugins]
    found = [entry.get("inforce") for entry in entries if isinstance(entry, Mapping)]
    return next((options for options in found if isinstance(options, Mapping)), {})


class _Tolerant(yaml.SafeLoader):
    """Reads ``!ENV`` as MkDocs does; of any other tag it makes nothing."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    """The first variable that is set; or else the last entry, where there are several: the default."""
    if isinstance(node, yaml.ScalarNode):
        return os.environ.get(str(loader.construct_scalar(node)))
    names = loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else []
    variables = names[:-1] if len(names) > 1 else names
    default = names[-1] if len(names) > 1 else None
    return next((os.environ[name] for name in variables if name in os.environ), default)


_Tolerant.add_constructor("!ENV", _environment)
_Tolerant.add_multi_constructor("", lambda _loader, _tag, _node: None)
