"""What a build keeps for the next: values on disk, each under a name that is the digest of all that went into it.

Safe to delete, ignored by git, shared by builds of one project. A value comes back only if its bytes are those that
were kept; a file that is damaged, or no cache of ours, holds nothing and is begun anew. What a value is, nobody here
knows, and a build gives the same bytes without any.
"""

import contextlib
import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from inforce.adapters import files

FOLDER = ".cache/inforce"
_FILE = "kept.db"
_BUILDS = 4
"""What so many builds did not ask for is dropped."""
_LIBRARIES = ("diff-match-patch", "Jinja2", "lxml", "markdown-it-py", "mdit-py-plugins", "nh3", "regex", "icu4py")
"""What pages are made with."""


@cache
def made_by() -> str:
    """A digest of everything that makes pages: our own files, and the libraries by their versions."""
    found = hashlib.sha256()
    for path in sorted(files.PACKAGE.rglob("*")):
        if path.suffix in (".py", ".html"):
            found.update(f"{path.relative_to(files.PACKAGE)}\0".encode() + path.read_bytes() + b"\0")
    for name in _LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    return found.hexdigest()


class Cache:
    """The values kept for the project at ``root``; with None, nothing is kept and nothing comes back."""

    def __init__(self, root: Path | None) -> None:
        self._database: sqlite3.Connection | None = None
        self._used: list[tuple[str]] = []
        self._build = 0
        if root is not None:
            self._open(root / FOLDER)

    def get(self, name: str) -> bytes | None:
        """Return the value that was kept under ``name``; None where there is none, or another one by now."""
        if self._database is None:
            return None
        with self._forgiving():
            row = self._database.execute("SELECT digest, value FROM kept WHERE name = ?", (name,)).fetchone()
            if row and row[0] == _digest(name, row[1]):
                self._used.append((name,))
                return zlib.decompress(row[1])
        return None

    def put(self, name: str, value: bytes) -> None:
        """Keep ``value`` under ``name``."""
        if self._database is None:
            return
        packed = zlib.compress(value, 1)
        with self._forgiving():
            row = name, _digest(name, packed), packed, self._build
            self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", row)

    def sound(self) -> frozenset[str]:
        """Return the heads of the ledgers that were read without a problem before, by the code that runs now."""
        told = self.get(f"sound {made_by()}")
        return frozenset(told.decode().split()) if told else frozenset()

    def note_sound(self, heads: Iterable[str]) -> None:
        """Keep the heads of ledgers in which no problem was found, in place of those before."""
        self.put(f"sound {made_by()}", "\n".join(heads).encode())

    def close(self) -> None:
        """Bring to disk what was kept, and drop what nobody asked for in the last builds."""
        if self._database is None:
            return
        with self._forgiving():
            told = f"UPDATE kept SET build = {self._build} WHERE name = ?"
            self._database.executemany(told, self._used)
            self._database.execute("DELETE FROM kept WHERE build <= ?", (self._build - _BUILDS,))
            self._database.execute(f"PRAGMA user_version = {self._build}")
            self._database.commit()
        with self._forgiving():
            self._database.close()
        self._database = None

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".gitignore").write_text("*\n", encoding="ascii")
            try:
                self._begin(folder / _FILE)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                (folder / _FILE).unlink()  # damaged, or something else
                self._begin(folder / _FILE)
        except (OSError, sqlite3.Error):  # a folder that cannot be written, another build at work
            self._database = None

    def _begin(self, path: Path) -> None:
        """Open the file; nothing needs to outlive a crash, as every value is looked at before it is used."""
        self._database = sqlite3.connect(path, timeout=1, isolation_level="DEFERRED")
        self._database.execute("PRAGMA auto_vacuum = FULL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = MEMORY")
        told = "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, digest BLOB, value BLOB, build INTEGER)"
        self._database.execute(told)
        self._database.execute("SELECT name, digest, value, build FROM kept LIMIT 1").fetchone()
        self._build = self._database.execute("PRAGMA user_version").fetchone()[0] + 1

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Go on without what cannot be read or kept."""
        with contextlib.suppress(sqlite3.Error, zlib.error, OSError):
            yield


def _digest(name: str, value: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + bytes(value)).digest()
