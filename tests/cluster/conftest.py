"""A real kube-apiserver with our definitions in it, one for all tests of this folder."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.places import ROOT
from tests.reloaders.api_server import TOKEN, ApiServer, api_server, etcd
from tests.reloaders.daemons import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMESPACE = "verdicts"
ASKED = {"dryRun": "All", "fieldValidation": "Strict"}
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@dataclass
class Cluster:
    """The API server, and kubectl as its administrator."""

    api: ApiServer
    program: Path

    def kubectl(self, *arguments: str | Path, stdin: str = "") -> str:
        """Run kubectl and return what it printed; fails with what it said when it fails."""
        command = [str(self.program), f"--kubeconfig={self.api.kubeconfig()}", *map(str, arguments)]
        ran = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    @cached_property
    def connection(self) -> requests.Session:
        """One connection for many requests."""
        return self.connect()

    def connect(self) -> requests.Session:
        """A connection as the administrator."""
        session = requests.Session()
        session.trust_env = False  # neither a proxy nor the authorities that the machine names
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        session.verify = f"{self.api.folder}/pairs/ca.crt"
        return session

    def refusal(self, raw: dict[str, Any], plural: str) -> str:
        """Why the API server would refuse a custom resource, unknown fields included; empty when it would take it."""
        body = raw | {"metadata": raw["metadata"] | {"namespace": NAMESPACE}}
        url = f"{self.api.url}/apis/{raw['apiVersion']}/namespaces/{NAMESPACE}/{plural}"
        answer = self.connection.post(url, json=body, params=ASKED, timeout=20)
        assert answer.status_code in {201, 400, 422}, answer.text
        return "" if answer.ok else str(answer.json()["message"])


@pytest.fixture(scope="session")
def cluster(tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    with etcd(tool, folder) as storage, api_server(tool, folder, storage) as api:
        running = Cluster(api, tool("kubectl"))
        api.namespace(NAMESPACE)
        running.kubectl("apply", "-f", ROOT / "crds")
        eventually(lambda: _established(api), "definitions that are established", 30)
        yield running


def _established(api: ApiServer) -> bool:
    items = api.call("GET", DEFINITIONS).json()["items"]
    conditions = [{c["type"]: c["status"] for c in item["status"].get("conditions") or []} for item in items]
    return len(items) == 10 and all(each.get("Established") == "True" for each in conditions)
