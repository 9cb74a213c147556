"""A Python that has read the command and MkDocs already, and forks for each run of one where a new one would read anew.

Such a run has the arguments, the folder, the environment and the streams that it was begun with, and ends as it would.
The half below ``main`` is that Python; what stands on a PATH in place of a program hands it what it was given.
"""

from __future__ import annotations

import importlib
import marshal
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

PROGRAMS = {"inforce": ("inforce.adapters.command", "main"), "mkdocs": ("mkdocs.__main__", "cli")}
HAND_OVER = """\
#!{python} -ISE
import marshal, os, socket, sys
there = socket.socket(socket.AF_UNIX)
there.connect({address!r})
given = marshal.dumps(({program!r}, os.getcwd(), sys.argv, dict(os.environ)))
socket.send_fds(there, [given], [0, 1, 2])
there.shutdown(socket.SHUT_WR)
os._exit(ord(there.recv(1)))
"""
_MUCH = 1 << 20


@contextmanager
def programs() -> Iterator[Path]:
    """A folder for the PATH with the programs, and the Python behind them."""
    with tempfile.TemporaryDirectory(prefix="ready-") as name, socket.socket(socket.AF_UNIX) as listening:
        folder = Path(name)
        listening.bind(address := str(folder / "socket"))  # an address has to be short
        listening.listen()
        for name in PROGRAMS:
            program = folder / name
            program.write_text(HAND_OVER.format(python=sys.executable, address=address, program=name))
            program.chmod(0o755)
        kept = listening.fileno()
        with subprocess.Popen([sys.executable, __file__, str(kept)], pass_fds=[kept]) as server:
            yield folder
            server.terminate()


def main(listening: int) -> None:
    """Run one program after the other, until this process is ended."""
    import inforce

    for module in pkgutil.walk_packages(inforce.__path__, "inforce."):
        importlib.import_module(module.name)
    entries = {name: getattr(importlib.import_module(module), entry) for name, (module, entry) in PROGRAMS.items()}
    with socket.socket(fileno=listening) as server:
        while True:
            asked, _ = server.accept()
            with asked:
                given, streams, *_ = socket.recv_fds(asked, _MUCH, 3)
                while more := asked.recv(_MUCH):
                    given += more
                program, folder, arguments, environment = marshal.loads(given)
                running = os.fork()
                if not running:
                    _become(entries[program], folder, arguments, environment, streams)
                for stream in streams:
                    os.close(stream)
                asked.send(bytes([os.waitstatus_to_exitcode(os.waitpid(running, 0)[1]) % 256]))


def _become(
    program: Callable[[], None], folder: str, arguments: list[str], environment: dict[str, str], streams: list[int]
) -> NoReturn:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in enumerate("rww"))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    sys.exit(program())


if __name__ == "__main__":
    main(int(sys.argv[1]))
