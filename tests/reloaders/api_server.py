"""A real kube-apiserver with etcd, for tests that need a cluster's API."""

from __future__ import annotations

import base64
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from tests.reloaders import certificates
from tests.reloaders.daemons import eventually, server
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "admin-token-of-this-test"  # noqa: S105


@dataclass
class ApiServer:
    """The API and how to reach it."""

    url: str
    folder: Path

    def kubeconfig(self, token: str = TOKEN) -> Path:
        """A kubeconfig file for the holder of a token."""
        path = self.folder / f"kubeconfig-{zlib.crc32(token.encode())}"  # a token may be longer than a name
        cluster = {"server": self.url, "certificate-authority": f"{self.folder}/pairs/ca.crt"}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": "test", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "current-context": "test",
        }
        path.write_text(json.dumps(content))
        return path

    def call(self, method: str, path: str, body: object = None, kind: str = "application/json") -> requests.Response:
        """A request to the API as its administrator."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        authority = f"{self.folder}/pairs/ca.crt"
        return requests.request(method, self.url + path, json=body, headers=headers, verify=authority, timeout=20)

    def put(self, kind: str, namespace: str, name: str, values: dict[str, str], **metadata: Any) -> None:  # noqa: ANN401 - JSON
        """Make or replace a secret or configmap with these keys."""
        body: dict[str, Any] = {"metadata": {"name": name, **metadata}}
        if kind == "secret":
            body["data"] = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
        else:
            body["data"] = values
        folder = f"/api/v1/namespaces/{namespace}/{kind}s"
        answer = self.call("PUT", f"{folder}/{name}", body)
        if answer.status_code == 404:
            answer = self.call("POST", folder, body)
        answer.raise_for_status()

    def delete(self, kind: str, namespace: str, name: str) -> None:
        """Delete a secret or configmap."""
        self.call("DELETE", f"/api/v1/namespaces/{namespace}/{kind}s/{name}").raise_for_status()

    def namespace(self, name: str) -> None:
        """Make a namespace, unless it is there."""
        answer = self.call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        assert answer.status_code in {201, 409}


@contextmanager
def etcd(tool: Callable[[str], Path], folder: Path) -> Iterator[str]:
    """Run etcd and give its address."""
    address, peer = f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
    command = [str(tool("etcd")), f"--data-dir={folder}/etcd", f"--listen-client-urls={address}"]
    command += [f"--advertise-client-urls={address}", f"--listen-peer-urls={peer}", "--unsafe-no-fsync"]
    with server(*command, ready=f"{address}/health", log=folder / "etcd.log"):
        yield address


@contextmanager
def api_server(
    tool: Callable[[str], Path], folder: Path, storage: str, port: int = 0, users: str = ""
) -> Iterator[ApiServer]:
    """Run kube-apiserver on a store; `users` are more lines of its token file (token,name,id)."""
    port = port or free_port()
    if not (folder / "pairs").exists():
        certificates.make(folder / "pairs")
    (folder / "tokens").write_text(f"{TOKEN},admin,admin,system:masters\n{users}")
    pair = folder / "pairs" / "server"
    command = [
        str(tool("kube-apiserver")),
        f"--etcd-servers={storage}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--tls-cert-file={pair}.crt",
        f"--tls-private-key-file={pair}.key",
        f"--token-auth-file={folder}/tokens",
        f"--client-ca-file={folder}/pairs/ca.crt",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={pair}.key",
        f"--service-account-signing-key-file={pair}.key",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        "--endpoint-reconciler-type=none",
    ]
    running = ApiServer(f"https://127.0.0.1:{port}", folder)
    log = folder / "kube-apiserver.log"
    with server(*command, ready="", log=log) as process:

        def ready() -> bool:
            assert process.poll() is None, log.read_text()[-3000:]
            return running.call("GET", "/readyz").ok

        eventually(ready, "a ready kube-apiserver", 90)
        yield running
