"""Where the last good copy outlives the process."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """Where the last good copy outlives the process. Whatever either method raises is reported, and no more."""

    def load(self) -> bytes | None:
        """What was saved last; None where nothing was."""

    def save(self, data: bytes) -> None:
        """Keep ``data`` in place of what was saved before, all of it or nothing."""


@dataclass(frozen=True)
class FileStore:
    """A copy in one file, written beside it and renamed, so that no crash leaves half of one."""

    path: Path | str

    def load(self) -> bytes | None:
        """The file's bytes; None where there is no file."""
        try:
            return Path(self.path).read_bytes()
        except FileNotFoundError:
            return None

    def save(self, data: bytes) -> None:
        """Replace the file."""
        path = Path(self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
