"""What an import was asked for, on the command line and at the terminal; and the command line that says all of it."""

import re
import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inforce.draft import files as drafts
from inforce.errors import fail, meant
from inforce.importing.histories import Folding, Snapshot
from inforce.importing.identity import Answers
from inforce.importing.versions import Terms
from inforce.model import Requirement, Settings, Severity
from inforce.text import clauses

FOLDS = ("all", "day", "words", "none")
_CONTACT = re.compile(r"(mailto:\S+@\S+|https?://\S+|tel:\S+)\Z")
_MAIL = re.compile(r"\S+@\S+\Z")
DAYS = "30,7,0"
"""Days of notice of material, notice and editorial changes where nobody says otherwise."""


@dataclass(frozen=True)
class Request:
    """The options, as they were given; empty where they were not. ``effective`` holds (text or empty, day)."""

    source: str
    git: str = ""
    document: str = ""
    title: str = ""
    kind: str = ""
    requires: str = ""
    language: str = ""
    timezone: str = ""
    contact: str = ""
    notice_days: str = ""
    effective: tuple[tuple[str, date], ...] = ()
    origin: str = ""
    base: str = ""
    summary: str = ""
    same: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    fold: str = "all"
    leave_out: tuple[str, ...] = ()
    first_parent: bool = False

    @property
    def folding(self) -> Folding:
        """What is folded into one version."""
        return Folding(self.fold in ("all", "day"), self.fold in ("all", "words"))

    @property
    def answers(self) -> Answers:
        """What was said of clauses that may be one."""
        return Answers(frozenset(self.same), frozenset(self.apart))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone; UTC where none was given. Raises InForceError for one that does not exist."""
        try:
            return ZoneInfo(self.timezone or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            cure = 'Write an IANA name such as "Asia/Shanghai" or "Europe/Berlin"'
            raise fail("--timezone", 0, "timezone", f"There is no time zone {self.timezone!r}", cure) from None

    def command(self) -> str:
        """The command line that asks for all of this."""
        return shlex.join(["inforce", "import", self.source, *self._options()])

    def _options(self) -> Iterator[str]:
        for field in fields(self):
            option = {"document": "--as"}.get(field.name, f"--{field.name.replace('_', '-')}")
            value: Any = getattr(self, field.name)
            if field.name == "source" or value == field.default:
                continue
            if value is True:
                yield option
            elif isinstance(value, str):
                yield from (option, value)
            else:
                for each in value:
                    yield from (option, each if isinstance(each, str) else "=".join(str(part) for part in each if part))


def named(name: str, existing: Collection[str]) -> None:
    """Raise InForceError where the policy's id is none, or taken: an import never writes over anything."""
    if wrong := clauses.id_problem(name, document=True):
        raise fail(f"--as {name}", 0, "document-id", f"`{name}` {wrong}", "Choose an id such as privacy or terms")
    if name in existing:
        what = f"There is a policy `{name}` here already"
        cure = f"Choose another --as, or take policy/{name}/ and versions/{name}/ away first, if nothing is published"
        raise fail(f"policy/{name}/", 0, "taken", what, cure)


def title_of(request: Request, snapshots: Sequence[Snapshot]) -> str:
    """The title that was given, or the last one that a text tells."""
    return request.title or next((s.reading.title for s in reversed(snapshots) if s.reading.title), "")


def terms_of(request: Request, snapshots: Sequence[Snapshot]) -> Terms:
    """What the request, once completed, says of the whole import. Raises InForceError for settings that cannot be."""
    origin = request.origin or (Path(request.git).resolve().name if request.git else "")
    settings = _settings(request, title_of(request, snapshots))
    return Terms(request.document, settings, origin, request.base, request.title, request.summary)


def _settings(request: Request, title: str) -> Settings:
    contact = f"mailto:{request.contact}" if _MAIL.match(request.contact) and ":" not in request.contact else ""
    contact = contact or request.contact
    if not _CONTACT.match(contact):
        what = f"{contact!r} is no address to write to" if contact else "Nothing says where readers write to"
        raise fail("--contact", 0, "contact", what, "Give --contact mailto:privacy@example.com")
    if not drafts.LANGUAGE.match(request.language):
        what = f"{request.language!r} is no language tag"
        raise fail("--language", 0, "language", what, 'Give a BCP 47 tag such as "en"')
    request.zone  # noqa: B018 - it raises
    return Settings(
        title=title,
        kind=_word("kind", request.kind, drafts.KINDS),
        requires=Requirement(_word("requires", request.requires, tuple(Requirement))),
        language=request.language,
        timezone=request.timezone,
        notice_days=_days(request.notice_days),
        contact=contact,
        clauses=(),
    )


def _word(option: str, given: str, words: tuple[str, ...]) -> str:
    if given not in words:
        cure = meant(given, words, f"Write {', '.join(words)}")
        raise fail(f"--{option}", 0, option, f"{given!r} is none of them", cure)
    return given


def _days(given: str) -> dict[Severity, int]:
    if not re.fullmatch(r"\d{1,4},\d{1,4},\d{1,4}", given):
        cure = f"Give three numbers, of material, notice and editorial changes: --notice-days {DAYS}"
        raise fail("--notice-days", 0, "notice_days", f"{given!r} are not the days of notice", cure)
    order = (Severity.MATERIAL, Severity.NOTICE, Severity.EDITORIAL)
    return dict(zip(order, (int(number) for number in given.split(",")), strict=True))
