"""The real plugin server of Argo CD with examples/argocd/plugin.yaml, and calls of it as the repo server makes them.

The server runs as in the sidecar: in an environment of its own, and where the machine lets root do so as user 999 who
may read everything and write nowhere but in the server's own folders (the sidecar's root is read-only).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.cli.manifests import SECRET_VALUE
from tests.cli.promrender import PROJECT, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER = 999
AS_THE_SIDECAR = [
    "setpriv",
    f"--reuid={USER}",
    f"--regid={USER}",
    "--clear-groups",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
]
ENVIRONMENT = {
    "ARGOCD_APP_NAME": "monitoring",
    "ARGOCD_APP_NAMESPACE": "mon",
    "ARGOCD_APP_PROJECT_NAME": "default",
    "ARGOCD_APP_REVISION": "0" * 40,
    "ARGOCD_APP_REVISION_SHORT": "0" * 7,
    "ARGOCD_APP_REVISION_SHORT_8": "0" * 8,
    "ARGOCD_APP_SOURCE_PATH": "clusters/prod",
    "ARGOCD_APP_SOURCE_REPO_URL": "https://git.example.org/fleet.git",
    "ARGOCD_APP_SOURCE_TARGET_REVISION": "main",
    "KUBE_VERSION": "1.31.0",
    "KUBE_API_VERSIONS": "v1,apps/v1,apps/v1/Deployment,discovery.k8s.io/v1,discovery.k8s.io/v1/EndpointSlice",
}
"""What the repo server tells about an application and its cluster."""


class PluginServer(NamedTuple):
    """A running server: its process, its socket, its folder for temporary files and the program that calls it."""

    process: subprocess.Popen[bytes]
    socket: Path
    temporary: Path
    client: Path

    def call(self, name: str, repository: Path, application: str, seconds: float = 60, **environment: str) -> Ran:
        """Send a repository and have an application's folder worked on: `match`, `generate` or `parameters`."""
        command = [str(self.client), name, str(self.socket), str(repository), application, f"{seconds}s"]
        variables = [f"{key}={value}" for key, value in {**ENVIRONMENT, **environment}.items()]
        ran = subprocess.run([*command, *variables], capture_output=True, text=True, timeout=120, check=False)
        assert "Traceback" not in ran.stderr
        assert SECRET_VALUE not in ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def answer(self, name: str, repository: Path, application: str, **environment: str) -> dict[str, Any]:
        """Return what a call answers that must not fail."""
        ran = self.call(name, repository, application, 60, **environment)
        assert ran.status == 0, ran.err
        answer: dict[str, Any] = json.loads(ran.out)
        return answer

    def children(self) -> list[str]:
        """The commands of the plugin that run right now."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, rest = status.read_text().rsplit(")", 1)
            except OSError:
                continue
            state, parent = rest.split()[:2]
            if parent == str(self.process.pid) and state != "Z":
                found.append(name)
        return found


@contextmanager
def running(tool: Callable[[str], Path]) -> Iterator[PluginServer]:
    """Start the server, yield it once it listens, kill it in any case (it does not end on SIGTERM)."""
    program, client = tool("argocd-cmp-server"), tool("argocd-cmp-client")
    as_the_sidecar = _may_change_user()
    with tempfile.TemporaryDirectory(prefix="cmp-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        temporary, sockets = home / "tmp", home / "plugins"
        for own in (temporary, sockets):
            own.mkdir()
            os.chown(own, USER if as_the_sidecar else -1, -1)
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": "/nonexistent",
            "TMPDIR": str(temporary),
            "ARGOCD_PLUGINSOCKFILEPATH": str(sockets),
        }
        command = [str(program), "--config-dir-path", str(PROJECT / "examples" / "argocd")]
        command = [*AS_THE_SIDECAR, *command] if as_the_sidecar else command
        with (
            (home / "log").open("wb") as log,
            subprocess.Popen(command, env=environment, cwd="/", stderr=log) as server,
        ):
            try:
                socket = sockets / "promrender.sock"
                _wait_for(socket, home / "log")
                yield PluginServer(server, socket, temporary, client)
            finally:
                server.kill()


def _may_change_user() -> bool:
    try:
        return subprocess.run([*AS_THE_SIDECAR, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _wait_for(socket: Path, log: Path) -> None:
    until = time.monotonic() + 30
    while not socket.exists():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
