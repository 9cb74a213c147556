"""What LibreOffice makes of a document when every change is accepted, and when every change is rejected.

The half below ``main`` runs in a Python that has LibreOffice's bridge (``uno``), as Debian's own has; the tests start
it once, name a document at a time and read what it prints.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Read = Callable[[Path], dict[str, list[list[str]]]]

_START_AGAIN = 81
_PYTHONS = ("/usr/bin/python3", "python3")
_COMMANDS = {"accepted": ".uno:AcceptAllTrackedChanges", "rejected": ".uno:RejectAllTrackedChanges"}


def python() -> str:
    """Return a Python that has LibreOffice's bridge; empty where there is none."""
    for python in filter(shutil.which, _PYTHONS):
        if subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return python
    return ""


@contextmanager
def running(profile: Path, bound: Callable[..., list[str | Path]]) -> Iterator[Read]:
    """One LibreOffice for as many documents as are asked about. ``bound`` is that of `programs`.

    A document -> accepted, rejected -> its paragraphs as (style, number, text), cells in their order.
    """
    # The program itself: the starter that stands before it outlives it when both are told to end.
    office = Path(shutil.which("soffice") or "").resolve().with_name("soffice.bin")
    command = bound(python(), __file__, shlex.join(map(str, bound(office))), profile)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as bridge:
        assert bridge.stdin
        assert bridge.stdout

        def read(path: Path) -> dict[str, list[list[str]]]:
            print(path, file=bridge.stdin, flush=True)
            return dict(json.loads(bridge.stdout.readline()))

        yield read
        bridge.stdin.close()
    assert bridge.returncode == 0


def main(office_command: str, profile: str) -> None:
    """Print one line of JSON for each document that a line of the input names."""
    pipe = f"pipe,name=inforce{os.getpid()};urp"
    options = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}", f"--accept={pipe};"]
    command = [*shlex.split(office_command), *options]
    office = _started(command)
    try:
        services = _connected(pipe, office)
        if not services:
            office = _started(command)
            services = _connected(pipe, office)
        for line in sys.stdin:
            path = line.rstrip("\n")
            told = {name: _paragraphs(services, path, command) for name, command in _COMMANDS.items()}
            print(json.dumps(told), flush=True)
    finally:
        office.terminate()
        office.wait()


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _connected(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    """Return its services; None where it asks to be started again, as it does with a new profile."""
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while office.poll() is None:
        try:
            return resolver.resolve(f"uno:{pipe};StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.2)
    if office.returncode == _START_AGAIN:
        return None
    raise SystemExit(f"LibreOffice ended before it answered, with status {office.returncode}")


def _paragraphs(context: Any, path: str, command: str) -> list[list[str]]:
    from com.sun.star.beans import PropertyValue

    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    desktop, dispatcher = (
        context.ServiceManager.createInstanceWithContext(f"com.sun.star.frame.{name}", context)
        for name in ("Desktop", "DispatchHelper")
    )
    document = desktop.loadComponentFromURL(f"file://{path}", "_blank", 0, (hidden,))
    dispatcher.executeDispatch(document.getCurrentController().getFrame(), command, "", 0, ())
    found = list(_within(document.Text))
    for number in range(document.Footnotes.getCount()):
        found.extend(_within(document.Footnotes.getByIndex(number)))
    document.close(True)
    return found


def _within(text: Any) -> Any:
    pending = text.createEnumeration()
    while pending.hasMoreElements():
        block = pending.nextElement()
        if block.supportsService("com.sun.star.text.Paragraph"):
            yield [block.ParaStyleName, block.ListLabelString, block.String]
        else:
            for name in block.getCellNames():
                yield from _within(block.getCellByName(name))


if __name__ == "__main__":
    main(*sys.argv[1:])
