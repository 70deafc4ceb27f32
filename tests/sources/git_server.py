"""Real Git repositories and the real servers for them: `git daemon`, and `git http-backend` behind basic auth."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.reloaders.daemons import eventually
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "reader", "never-tell-git-4711"
AUTHOR = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
COMMITTER = {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}


@dataclass
class Working:
    """A repository with a working tree; `git` runs a command there and gives what it printed."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """Run Git there."""
        environment = {**os.environ, **AUTHOR, **COMMITTER, "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, files: dict[str, str], message: str = "change") -> str:
        """Write files, commit them and give the commit's identity."""
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def new(folder: Path, *options: str) -> Working:
    """An empty repository, made with `options`, with the branch main; its server gives single objects."""
    folder.mkdir(parents=True)
    made = Working(folder)
    made.git("init", "--quiet", "--initial-branch=main", *options)
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.uploadpack"):
        made.git("config", name, "true")
    return made


@contextmanager
def daemon(root: Path) -> Iterator[str]:
    """Serve the repositories below a folder with `git daemon`; gives the URL of the folder."""
    port = free_port()
    command = ["git", "daemon", "--export-all", "--reuseaddr", f"--base-path={root}", "--listen=127.0.0.1"]
    process = subprocess.Popen([*command, f"--port={port}", str(root)], start_new_session=True)
    url = f"git://127.0.0.1:{port}"
    try:
        first = next(root.iterdir()).name
        listed = ["git", "ls-remote", f"{url}/{first}"]
        eventually(lambda: subprocess.run(listed, check=False, capture_output=True).returncode == 0, "git daemon")
        yield url
    finally:
        os.killpg(process.pid, 15)
        process.wait()


@dataclass
class HttpServer:
    """A running server: its URL, and how many requests it got with the right password."""

    url: str
    answered: list[str] = field(default_factory=list)


@contextmanager
def http_server(root: Path) -> Iterator[HttpServer]:
    """Serve the repositories below a folder with `git http-backend` to `USER` with `PASSWORD`."""
    running = HttpServer("")
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            running.answered.append(self.path)
            self._answer(_backend(self, root))

        do_POST = do_GET  # noqa: N815 - the name that the server looks for

        def _answer(self, answer: bytes) -> None:
            head, _, body = answer.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        running.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield running
        server.shutdown()
        thread.join()


def _backend(request: BaseHTTPRequestHandler, root: Path) -> bytes:
    path, _, query = request.path.partition("?")
    variables = {
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "REQUEST_METHOD": request.command,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "REMOTE_USER": USER,
    }
    body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
    environment = {**os.environ, **variables, "CONTENT_LENGTH": str(len(body))}
    return subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=True).stdout
