"""One nginx that serves one folder on a free port of 127.0.0.1, as the user who runs the tests.

It has its own configuration, logs and process, touches nothing below /etc or /var, and ends with the test run.
"""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from patience import PATIENCE
from programs import bound

CONFIGURATION = """
%(user)s
daemon off;
pid nginx.pid;
error_log error.log;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
%(server)s
}
"""
SERVER = """
  types {
    text/html html;
    text/plain md txt;
    text/css css;
    text/javascript js;
    text/xml xml;
    application/json json map;
    application/gzip gz;
    font/woff woff;
    font/woff2 woff2;
    image/png png;
    image/svg+xml svg;
    image/x-icon ico;
  }
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/plain text/css text/javascript text/xml application/json;
  server {
    listen 127.0.0.1:%(port)d;
    root htdocs;
    index index.html;
    error_page 404 %(at)s404.html;
    absolute_redirect off;
    %(rules)s
  }
"""
NOTHING_TO_SEARCH = """
  location ~ /search/search_index[.]json$ {
    return 200 '{"config": {"lang": ["en"], "separator": "-", "pipeline": [], "fields": {}}, "docs": []}';
  }
"""
"""Rules for a site under a theme that makes an index of all texts whenever a page is opened: where no test searches."""


class WebServer:
    """nginx in `prefix` (an empty folder), serving `folder` below the address path `at` (`/`, `/legal/`).

    `server` is what stands within `http { }`, with gaps for the port and the path; `rules` are more lines for it.
    """

    def __init__(
        self, program: str, prefix: Path, folder: Path, at: str, server: str = SERVER, rules: str = ""
    ) -> None:
        self.program = program
        self.rules = rules
        self.prefix = prefix
        self.at = at
        self.server = server
        root = prefix / "htdocs" / at.strip("/")
        root.parent.mkdir(parents=True, exist_ok=True)
        root.symlink_to(folder.resolve(strict=True), target_is_directory=True)

    def start(self) -> str:
        """Start the server and return the folder's address; raises RuntimeError with nginx's words if it dies."""
        # nginx takes over this listening socket, so the port is never free for another process in between.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            # As root nginx would hand its work to a user who may not read a test's folder.
            user = "user root;" if os.geteuid() == 0 else ""
            server = self.server % {"port": port, "at": self.at, "rules": self.rules}
            (self.prefix / "nginx.conf").write_text(CONFIGURATION % {"user": user, "server": server})
            self.process = subprocess.Popen(
                bound(self.program, "-p", self.prefix, "-e", "error.log", "-c", "nginx.conf"),
                env={**os.environ, "NGINX": f"{listener.fileno()};"},
                pass_fds=[listener.fileno()],
            )
        address = f"http://127.0.0.1:{port}{self.at}"
        self._await_answer(address)
        return address

    def _await_answer(self, address: str) -> None:
        try:
            urlopen(address, timeout=PATIENCE).close()
        except HTTPError as answer:  # a folder without index.html answers, too
            answer.close()
        except OSError as error:
            self.stop()
            log = self.prefix / "error.log"
            raise RuntimeError(f"nginx does not answer: {log.read_text() if log.exists() else error}") from error

    def stop(self) -> None:
        """End the server and wait for it."""
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
