"""What crosses the wire: nginx's answers to a shop that polls, how many a second it gives, and the sizes of clients."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_SERVER = """\
daemon off; pid nginx.pid; error_log error.log; {user} events {{}}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
  scgi_temp_path scgi; types {{ application/json json; }} gzip on; gzip_comp_level 9; gzip_types application/json;
  server {{ listen 127.0.0.1:{port}; root htdocs; }}
}}
"""
_NAME = "policy-manifest.json"
OTHERS = {
    "vanilla-cookieconsent": ("dist/cookieconsent.umd.js", "dist/cookieconsent.css"),
    "cookieconsent": ("build/cookieconsent.min.js", "build/cookieconsent.min.css"),
    "klaro": ("dist/klaro-no-css.js", "dist/klaro.min.css"),
}
"""Consent dialogs on npm, and in each package the script and the style sheet that its page tells a site to load."""


@dataclass(frozen=True)
class Answers:
    """Bytes with headers of the answer with the manifest, compressed, and of the one that says it is unchanged.

    ``rates``: answers a second of either, None without wrk.
    """

    full: int
    unchanged: int
    rates: tuple[float, float] | None


def answers(manifest: bytes, folder: Path) -> Answers | None:
    """nginx serving this manifest from ``folder``, which is empty; None without nginx."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if program is None:
        return None
    (folder / "htdocs").mkdir(parents=True)
    (folder / "htdocs" / _NAME).write_bytes(manifest)
    with _nginx(program, folder) as port:
        full = _answer(port, "Accept-Encoding: gzip")
        tag = re.search(rb"ETag: (\S+)", full)
        assert tag is not None
        condition = f"If-None-Match: {tag[1].decode()}"
        unchanged = _answer(port, "Accept-Encoding: gzip", condition)
        assert full.startswith(b"HTTP/1.1 200 ")
        assert b"Content-Encoding: gzip" in full
        assert unchanged.startswith(b"HTTP/1.1 304 ")
        rates = (_rate(port), _rate(port, condition)) if shutil.which("wrk") else None
    return Answers(len(full), len(unchanged), rates)


@contextmanager
def _nginx(program: str, folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_SERVER.format(user=user, port=port), encoding="utf-8")
    with subprocess.Popen([program, "-p", folder, "-e", "error.log", "-c", "nginx.conf"]) as server:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
        server.terminate()


def _answer(port: int, *headers: str) -> bytes:
    """Everything that nginx sends."""
    request = "\r\n".join((f"GET /{_NAME} HTTP/1.1", "Host: policies.example", *headers, "Connection: close", "", ""))
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def _rate(port: int, *headers: str) -> float:
    """Answers a second over five seconds, 32 connections, by wrk."""
    told = [part for header in ("Accept-Encoding: gzip", *headers) for part in ("-H", header)]
    command = ["wrk", "-t1", "-c32", "-d5s", *told, f"http://127.0.0.1:{port}/{_NAME}"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found is not None, output
    return float(found[1])


def compressed(content: bytes) -> int:
    """Bytes of a file as it is served: as ``gzip -9`` makes it."""
    return len(gzip.compress(content, 9, mtime=0))


def others(folder: Path) -> dict[str, tuple[str, int, int]] | None:
    """By package: its version, and the sizes of script and style sheet; None without npm, or without a network."""
    if shutil.which("npm") is None:
        return None
    folder.mkdir()
    done = subprocess.run(["npm", "pack", "--silent", *OTHERS], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        return None
    sizes = {}
    for archive in sorted(folder.glob("*.tgz")):
        name, number = archive.stem.rsplit("-", 1)
        with tarfile.open(archive) as packed:
            script, style = (compressed(_content(packed, f"package/{path}")) for path in OTHERS[name])
        sizes[name] = number, script, style
    return sizes


def _content(packed: tarfile.TarFile, name: str) -> bytes:
    found = packed.extractfile(name)
    assert found is not None, name
    return found.read()
