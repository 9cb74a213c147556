"""A PostgreSQL of the tests' own: a cluster in a folder, on a port of 127.0.0.1 that nobody else has.

Debian's server refuses to run as root, so root runs it as `postgres`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import programs
from patience import eventually

SERVER = programs.Program(
    (*map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)), "postgres"),
    "On Debian: sudo apt-get install postgresql",
)


@dataclass
class Cluster:
    """A server and its folder; ``start`` and ``kill`` may be called as often as need be."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.binaries = Path(SERVER.path()).resolve().parent
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        options = ("--auth=trust", "--username=shop", "--encoding=UTF8", "--locale=C", "--no-sync")
        self._run("initdb", *options, "-D", self.folder)

    @property
    def address(self) -> str:
        """What SQLAlchemy calls it."""
        return f"postgresql+psycopg://shop@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Begin to serve, after a crash too."""
        options = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}")
        command = [self.binaries / "postgres", "-D", self.folder, "-p", str(self.port), *options, "-N", "250"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(programs.bound(*command), cwd=self.folder, **quiet, **self._user())
        self._run("pg_isready", "--quiet", "--timeout=3", "-h", "127.0.0.1", "-p", str(self.port), patient=True)

    def kill(self) -> None:
        """End the server and every process of it, as a power cut would: nothing is told to anybody."""
        assert self.process
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        self.process.kill()
        for child in children.stdout.split():
            subprocess.run(["kill", "-9", child], capture_output=True, check=False)
        self.process.wait()

    def _user(self) -> dict[str, object]:
        return {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.getuid() == 0 else {}

    def _run(self, program: str, *arguments: object, patient: bool = False) -> None:
        command = [self.binaries / program, *map(str, arguments)]
        said = ""

        def runs() -> bool:
            nonlocal said
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self._user())
            said = done.stdout + done.stderr
            return done.returncode == 0

        assert eventually(runs) if patient else runs(), said


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster that serves, in a folder that its user can reach; both go in the end."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="records-") as folder:
        Path(folder).chmod(0o755)
        found = Cluster(Path(folder) / "cluster")
        found.start()
        yield found
        found.kill()
