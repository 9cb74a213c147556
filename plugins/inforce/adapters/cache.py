"""What a build keeps for the next: values on disk, each under a name that is the digest of all that went into it.

Safe to delete, ignored by git, shared by builds of one project. A value comes back only if it carries the seal of the
user's own key, which lies outside the project: whoever can write the project's files, by a clone or an archive, cannot
put words on a page. A file that is damaged, or no cache of ours, holds nothing and is begun anew; links are not
followed. What a value is, nobody here knows, and a build gives the same bytes without any.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import sqlite3
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from inforce.adapters import files

FOLDER = ".cache/inforce"
_FILE = "kept.db"
_BUILDS, _REDLINES = 4, 64
"""What so many builds that kept something new did not ask for is dropped. A redline is small, and asked for only as its
pages are made anew."""
LIBRARIES = (
    *("diff-match-patch", "feedgenerator", "icu4py", "inforce-client", "Jinja2", "lxml", "markdown-it-py"),
    *("MarkupSafe", "mdit-py-plugins", "mdurl", "nh3", "PyYAML", "regex", "tzdata"),
)
"""What pages are made with."""
_KEY_LENGTH = 32


def digest_of(*told: object) -> str:
    """Return a digest of all that these values show: the name of what is made of them."""
    return hashlib.sha256(repr(told).encode()).hexdigest()


@cache
def made_by() -> str:
    """A digest of everything that makes pages: our own files, and Python and the libraries by their versions."""
    found = hashlib.sha256(f"{sys.version} {unicodedata.unidata_version}\n".encode())
    for path in sorted(files.PACKAGE.rglob("*")):
        if path.suffix in (".py", ".html"):
            found.update(f"{path.relative_to(files.PACKAGE)}\0".encode() + path.read_bytes() + b"\0")
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    return found.hexdigest()


def own_folder() -> Path:
    """Where the user who runs this keeps what is no project's. Raises OSError, and RuntimeError without a home."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "inforce"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Cache:
    """The values kept for the project at ``root``; with None, nothing is kept and nothing comes back."""

    def __init__(self, root: Path | None) -> None:
        self._database: sqlite3.Connection | None = None
        self._used: list[tuple[str, int]] = []
        self._build = 0
        self._grown = False
        self.on = root is not None
        if root is not None:
            self._open(root)

    def get(self, name: str) -> bytes | None:
        """Return the value that was kept under ``name``; None where there is none, or another one by now."""
        if self._database is None:
            return None
        with self._forgiving():
            row = self._database.execute("SELECT seal, value, build FROM kept WHERE name = ?", (name,)).fetchone()
            if row and isinstance(row[1], bytes) and row[0] == self._seal(name, row[1]):
                self._used.append((name, row[2]))
                return zlib.decompress(row[1])
        return None

    def put(self, name: str, value: bytes, builds: int = _BUILDS) -> None:
        """Keep ``value`` under ``name`` until so many builds have not asked for it."""
        if self._database is None:
            return
        packed, self._grown = zlib.compress(value, 1), True
        with self._forgiving():
            row = name, self._seal(name, packed), packed, builds, self._build
            self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", row)

    def redline(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a redline that this code has made before, or what ``make`` gives; see ``changes.kinds``."""
        name = f"redline {made_by()} {name}"
        if (found := self.get(name)) is None:
            found = make()
            self.put(name, found, _REDLINES)
        return found

    def sound(self) -> frozenset[str]:
        """Return the heads of the ledgers that were read without a problem before, by the code that runs now."""
        told = self.get(f"sound {made_by()}")
        return frozenset(told.decode().split()) if told else frozenset()

    def note_sound(self, heads: Iterable[str]) -> None:
        """Keep the heads of ledgers in which no problem was found, in place of those before."""
        if (heads := [*heads]) and not self.sound().issuperset(heads):
            self.put(f"sound {made_by()}", "\n".join(heads).encode())

    def close(self) -> None:
        """Bring to disk what was kept, and drop what nobody asked for in the last builds."""
        if self._database is None:
            return
        with self._forgiving():
            number = self._build if self._grown else self._build - 1
            told = f"UPDATE kept SET build = {number} WHERE name = ?"
            self._database.executemany(told, [(name,) for name, build in self._used if build != number])
            if self._grown:
                self._database.execute("DELETE FROM kept WHERE build + builds <= ?", (number,))
                self._database.execute(f"PRAGMA user_version = {number}")
            self._database.commit()
        self._end()

    def _open(self, root: Path) -> None:
        folder = root / FOLDER
        self._path = folder / _FILE
        if any(path.is_symlink() for path in (folder.parent, folder, self._path)):
            return
        try:
            self._key = _key()
            folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="ascii") as ignoring:
                ignoring.write("*\n")
            try:
                self._begin()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                    raise
                self._end()
                self._path.unlink()  # damaged, or something else, such as another version's
                self._begin()
        except (OSError, RuntimeError, sqlite3.Error):  # a folder that cannot be written, another build at work
            self._end()

    def _begin(self) -> None:
        """Open the file; nothing needs to outlive a crash, as every value is looked at before it is used."""
        self._database = sqlite3.connect(self._path, timeout=1, isolation_level="DEFERRED")
        self._database.execute("PRAGMA auto_vacuum = FULL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = MEMORY")
        columns = "name TEXT PRIMARY KEY, seal BLOB, value BLOB, builds INTEGER, build INTEGER"
        self._database.execute(f"CREATE TABLE IF NOT EXISTS kept ({columns})")
        self._database.execute("SELECT name, seal, value, builds, build FROM kept LIMIT 1").fetchone()
        self._build = self._database.execute("PRAGMA user_version").fetchone()[0] + 1

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Go on without a file that cannot be read, or that another build is writing: nobody waits for it twice."""
        try:
            yield
        except (sqlite3.Error, zlib.error, OSError) as error:
            self._end()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                with contextlib.suppress(OSError):
                    self._path.unlink()  # damaged: the next build begins it anew

    def _end(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
        self._database = None

    def _seal(self, name: str, value: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\0" + value, "sha256")


def _key() -> bytes:
    """The key of whoever runs this, made at first. Raises OSError, and RuntimeError for nobody with a home."""
    folder = own_folder()
    path = folder / "key"
    with contextlib.suppress(FileNotFoundError):
        if len(found := path.read_bytes()) == _KEY_LENGTH:
            return found
    handle, beside = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_KEY_LENGTH))
    Path(beside).replace(path)
    return path.read_bytes()
