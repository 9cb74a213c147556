"""What an import was asked for, on the command line and at the terminal, and the texts that it finds there.

Texts lie in a file, in dated files or in a git repository; how one is read, and what becomes of it, is the business of
``importing``.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inforce.adapters import files
from inforce.adapters.command.terminal import command_line
from inforce.adapters.git import file_history
from inforce.adapters.git import repository as git
from inforce.adapters.git.file_history import Beginning
from inforce.adapters.git.log import Revision
from inforce.draft import settings
from inforce.draft.folder import draft_folder
from inforce.errors import InForceError, Problem, fail, meant
from inforce.importing import date_blocks, reading, web_pages
from inforce.importing.date_lines import Role
from inforce.importing.histories import Folding, Origin, Shared, Snapshot, Terms, share
from inforce.importing.identity import Answers
from inforce.model import Requirement, Settings, Severity, ledger_folder
from inforce.text import clauses

FOLDS = ("all", "day", "words", "none")
DAYS = ",".join(str(number) for number in settings.NOTICE_DAYS.values())
"""Days of notice of material, notice and editorial changes where nobody says otherwise."""
SETTINGS = ("title", "kind", "requires", "language", "timezone", "contact", "notice_days")


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
    id: tuple[tuple[str, str], ...] = ()
    fold: str = "all"
    leave_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    all_commits: bool = False
    encoding: str = ""

    @property
    def folding(self) -> Folding:
        """What is folded into one version."""
        return Folding(self.fold in ("all", "day"), self.fold in ("all", "words"))

    @property
    def answers(self) -> Answers:
        """What was said of clauses that may be one."""
        return Answers(frozenset(self.same), frozenset(self.apart), frozenset(self.id))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone; UTC where none was given. Raises InForceError for one that does not exist."""
        return ZoneInfo(answered("timezone", self.timezone or "UTC"))

    def command(self) -> str:
        """The command line that asks for all of this."""
        return command_line(("import", self.source), self._options())

    def _options(self) -> Iterator[tuple[str, str | bool]]:
        for field in fields(self):
            option = {"document": "--as"}.get(field.name, f"--{field.name.replace('_', '-')}")
            value: Any = getattr(self, field.name)
            if field.name == "source" or value == field.default:
                continue
            for each in value if isinstance(value, tuple) else (value,):
                yield option, "=".join(str(part) for part in each if part) if isinstance(each, tuple) else each


def named(name: str, existing: Collection[str]) -> None:
    """Raise InForceError where the policy's id is none, or taken: an import never writes over anything."""
    if wrong := clauses.id_problem(name, document=True):
        raise fail(f"--as {name}", 0, "document-id", f"`{name}` {wrong}", "Choose an id such as privacy or terms")
    if name in existing:
        what = f"There is a policy `{name}` here already"
        away = f"{draft_folder(name)} and {ledger_folder(name)}"
        cure = f"Choose another --as, or take {away} away first, if nothing is published"
        raise fail(draft_folder(name), 0, "taken", what, cure)


def title_of(request: Request, snapshots: Sequence[Snapshot]) -> str:
    """The title that was given, or the last one that a text tells."""
    return request.title or next((s.reading.title for s in reversed(snapshots) if s.reading.title), "")


def terms_of(request: Request, snapshots: Sequence[Snapshot]) -> Terms:
    """What the request, once completed, says of the whole import. Raises InForceError for settings that cannot be."""
    origin = request.origin or (Path(request.git).resolve().name if request.git else "")
    said: dict[str, Any] = {option: answered(option, getattr(request, option)) for option in SETTINGS[1:]}
    said |= {"requires": Requirement(said["requires"]), "notice_days": _days(request.notice_days)}
    chosen = Settings(title=title_of(request, snapshots), **said, clauses=())
    return Terms(request.document, chosen, origin, request.base, request.title, request.summary)


def answered(option: str, said: str) -> str:
    """Return what an option or an answer says, as ``policy.yml`` holds it. Raises InForceError for no such thing."""
    if option == "notice_days":
        _days(said)
        return said
    if option == "contact" and not said:
        cure = "Give --contact privacy@example.com"
        raise fail("--contact", 0, "contact", "Nothing says where readers write to", cure)
    return settings.answered(option, said, f"--{option}")


def _days(given: str) -> dict[Severity, int]:
    numbers = given.split(",")
    if len(numbers) != len(settings.NOTICE_DAYS):
        cure = f"Give three numbers, of material, notice and editorial changes: --notice-days {DAYS}"
        raise fail("--notice-days", 0, "notice_days", f"{given!r} are not the days of notice", cure)
    told = zip(settings.NOTICE_DAYS, numbers, strict=True)
    return {severity: settings.days(number, severity, "--notice-days") for severity, number in told}


_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:\d{6})?(?!\d)")
_UNREADABLE = "Give another file"
NO_BEGINNING = "none"
"""What ``--before`` says where nothing is to be added."""
_SHORT = 9
"""Characters of a commit's id: enough to find it, few enough to read."""


@dataclass(frozen=True)
class SourceText:
    """One text that was found, not yet read."""

    origin: Origin
    path: str
    data: Shared


@dataclass(frozen=True)
class SourceTexts:
    """The texts of a history, oldest first, and what else lay there, each with why it is left out.

    ``beside`` are commits of side branches that are left out; ``beginnings`` other files with earlier texts.
    """

    texts: tuple[SourceText, ...]
    left_out: tuple[Problem, ...] = ()
    beside: int = 0
    beginnings: tuple[Beginning, ...] = ()


def find(start: Path, request: Request) -> SourceTexts:
    """Return the texts that the request names, as they lie there; paths are relative to ``start``.

    Raises InForceError where there are none, and where git cannot tell.
    """
    if request.git:
        repository = start / request.git
        if not repository.is_dir():
            raise fail(request.git, 0, "git", "There is no such folder", "Give a clone: git clone URL")
        found = _of_git(repository, request)
    elif (path := start / request.source).is_dir():
        found = _of_folder(path, request.source)
    else:
        data = files.given(path, request.source, _UNREADABLE)
        found = SourceTexts((SourceText(Origin(path.name, path.name, None), request.source, share(data)),))
    return _without(found, request.leave_out)


def _of_folder(folder: Path, name: str) -> SourceTexts:
    """The files of a folder that have a day in their names. Raises InForceError where there is none."""
    texts, left = [], []
    for path in sorted(folder.iterdir()):
        place = f"{name.rstrip('/')}/{path.name}"
        if path.is_dir() and not path.name.startswith("."):
            left.append(Problem(place, 0, "left-out", "It is a folder in the folder", "Put the texts in it beside it"))
        if path.name.startswith(".") or not path.is_file():
            continue
        days = _days_in(path.name)
        if len(days) != 1:
            cure = "Name it 2018-05-25.md, by the day on which it took effect"
            what = f"Its name holds {' and '.join(map(str, days)) or 'no day'}"
            left.append(Problem(place, 0, "left-out", what, cure))
        else:
            data = files.given(path, place, _UNREADABLE)
            texts.append(SourceText(Origin(path.name, path.name, days[0]), place, share(data)))
    if not texts:
        cure = "Name each file by its day, as in 2018-05-25.md"
        raise fail(name, 0, "no-snapshots", "No file in this folder has one day in its name", cure)
    return SourceTexts(tuple(sorted(texts, key=lambda each: (each.origin.day or date.min, each.path))), tuple(left))


_ELSEWHERE = "Give that text as a file of a folder, if it was ever shown"
_ENDED = "Import the file in which the policy went on; if it ended, say since when: inforce retire"


def _of_git(repository: Path, request: Request) -> SourceTexts:
    """Every text that the file had in a repository, renames followed; a commit came when it was authored.

    Left out is what is no text, or came on no day. Raises InForceError where git cannot tell, and for an empty rest.
    """
    wanted = [name for name in request.before if name != NO_BEGINNING]
    merges = not request.all_commits
    try:
        history = _history(repository, request.source, merges)
        followed = [revision for revision, _ in history]
        beside = file_history.side_commits(repository, request.source, followed) if merges else 0
        for name in wanted:
            start, _, path = name.rpartition(":")
            earlier = _history(repository, path, merges, start or "HEAD")
            known = {revision.sha for revision, _ in history}
            more = (each for each in earlier if each[0].blob and each[0].sha not in known)
            history = _by_day((*more, *history))
        revisions = [revision for revision, _ in history if revision.blob]
        asked = history and NO_BEGINNING not in request.before
        beginnings = file_history.beginnings(repository, revisions, wanted, first_parent=merges) if asked else ()
    except git.NoHistory as error:
        raise fail(str(repository), 0, "git", error.reason, error.cure) from None
    left = tuple(
        Problem(_name(each), 0, "left-out", each.lacks, _ELSEWHERE if each.blob else _ENDED)
        for each, _ in history
        if each.lacks
    )
    texts = (SourceText(_origin(each, request.zone), each.path, data) for each, data in history if not each.lacks)
    if len(left) == len(history):
        raise InForceError(*left)
    return SourceTexts(tuple(texts), left, beside, beginnings)


_History = tuple[tuple[Revision, Shared], ...]


def _history(repository: Path, path: str, merges: bool, start: str = "HEAD") -> _History:
    found = file_history.revisions(repository, path, start=start, first_parent=merges)
    return tuple((revision, share(data)) for revision, data in found)


def _by_day(history: Iterable[tuple[Revision, Shared]]) -> _History:
    """Two files' histories as one: each text came when it was written."""
    first = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(history, key=lambda each: each[0].authored or first))


def _name(revision: Revision) -> str:
    return f"{revision.path} at {revision.sha[:12]}"


def _origin(revision: Revision, zone: ZoneInfo) -> Origin:
    day = revision.authored.astimezone(zone).date() if revision.authored else None
    return Origin(_name(revision), revision.sha[:_SHORT], day, revision.subject, revision.beside)


def _without(found: SourceTexts, left_out: tuple[str, ...]) -> SourceTexts:
    """``found`` without the texts that an editor leaves out, by commit or by file name."""
    texts = list(found.texts)
    for name in left_out:
        short = text_named(name, [each.origin.short for each in texts], "--leave-out")
        texts = [each for each in texts if each.origin.short != short]
    return replace(found, texts=tuple(texts))


def text_named(name: str, known: Sequence[str], option: str) -> str:
    """The one of the ``known`` short names that an editor means by ``name``: by itself, a part of it, or a whole id.

    Raises InForceError where it is none of them, or could be several.
    """
    found = [name] if name in known else [each for each in known if each.startswith(name) or name.startswith(each)]
    if len(found) != 1:
        what = f"{name} could be several of the texts" if found else f"{name} is in none of the texts"
        raise fail(f"{option} {name}", 0, "text", what, meant(name, known, "Name it as --dry-run does"))
    return found[0]


def read(found: SourceTexts, request: Request) -> Iterator[Snapshot | Problem]:
    """Each text, read, in the language and the encoding that the request names, if any.

    A text of a longer history that cannot be read is a problem, and left out.
    """
    for source in found.texts:
        try:
            yield _read(source, request.language, request.encoding)
        except InForceError as error:
            if len(found.texts) == 1:
                raise
            problem = error.problems[0]
            yield replace(problem, path=source.origin.name)


def _read(source: SourceText, language: str, encoding: str) -> Snapshot:
    """One text; a web page's as the Markdown of the policy in it."""
    data = bytes(source.data)
    if not web_pages.is_page(data, source.path):
        return Snapshot(source.origin, source.data, reading.read(data, source.path, language, encoding))
    page = web_pages.read(data, source.path, encoding)
    found = reading.read(page.markdown, source.path, language)
    kept = (each for each in found.left if each.why != "front matter")
    around = [each for each in page.left if each.why != "front matter"]
    beside = (replace(told, role=Role.MENTIONED) for told in date_blocks.elsewhere(around, language))
    notes = (*((1, told) for told in page.told), *found.notes)
    whole = replace(found, told=(*found.told, *beside), left=(*page.left, *kept), notes=notes)
    return Snapshot(source.origin, share(page.markdown), whole)


def _days_in(name: str) -> list[date]:
    """The days in a file's name, each once."""
    found: dict[date, None] = {}
    for match in _DATED.finditer(name):
        with suppress(ValueError):
            found[date(int(match[1]), int(match[2]), int(match[3]))] = None
    return [*found]
