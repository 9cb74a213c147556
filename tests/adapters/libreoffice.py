"""What LibreOffice makes of a document when every change is accepted, and when every change is rejected.

The half below ``main`` runs in a Python that has LibreOffice's bridge (``uno``), as Debian's own has; the tests start
it and read what it prints.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NEEDED = "apt-get install libreoffice-writer-nogui python3-uno"
_PYTHONS = ("/usr/bin/python3", "python3")
_COMMANDS = {"shown": "", "accepted": ".uno:AcceptAllTrackedChanges", "rejected": ".uno:RejectAllTrackedChanges"}


def absent() -> str:
    """What is missing here, with the cure; empty where LibreOffice can be asked."""
    if not shutil.which("soffice"):
        return f"LibreOffice is not installed: {NEEDED}"
    return "" if _python() else f"no Python here knows LibreOffice's bridge: {NEEDED}"


def _python() -> str:
    for python in filter(shutil.which, _PYTHONS):
        if subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return python
    return ""


def read(paths: Sequence[Path], profile: Path) -> list[dict[str, list[list[str]]]]:
    """For each document: shown, accepted, rejected -> its paragraphs as (style, number, text), cells in their order."""
    command = [_python(), __file__, str(profile), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8", timeout=600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(profile: str, *paths: str) -> None:
    """Print one line of JSON a document."""
    pipe = f"pipe,name=inforce{os.getpid()};urp"
    command = ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}"]
    office = subprocess.Popen([*command, f"--accept={pipe};"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        services = _connected(pipe)
        for path in paths:
            print(json.dumps({name: _paragraphs(services, path, command) for name, command in _COMMANDS.items()}))
    finally:
        office.terminate()
        office.wait()


def _connected(pipe: str) -> Any:
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:{pipe};StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.2)
    raise SystemExit("LibreOffice did not start within a minute")


def _paragraphs(context: Any, path: str, command: str) -> list[list[str]]:
    from com.sun.star.beans import PropertyValue

    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    desktop, dispatcher = (
        context.ServiceManager.createInstanceWithContext(f"com.sun.star.frame.{name}", context)
        for name in ("Desktop", "DispatchHelper")
    )
    document = desktop.loadComponentFromURL(f"file://{path}", "_blank", 0, (hidden,))
    if command:
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
