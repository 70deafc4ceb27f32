"""The pods of examples/sidecars: a real API server takes them, and the reloaders understand what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from reloaders import settings
from reloaders.dashboards import settings as dashboard_settings
from reloaders.rules import settings as rules_settings
from tests.places import ROOT
from tests.reloaders.api_server import api_server, etcd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXAMPLES = sorted((ROOT / "examples" / "sidecars").glob("*.yaml"))
IMAGE = "promrender-reloader"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
PATHS = {
    "ConfigMap": "/api/v1/namespaces/monitoring/configmaps",
    "Pod": "/api/v1/namespaces/monitoring/pods",
    "ServiceAccount": "/api/v1/namespaces/monitoring/serviceaccounts",
    "StatefulSet": "/apis/apps/v1/namespaces/monitoring/statefulsets",
    "Role": f"{RBAC}/namespaces/monitoring/roles",
    "RoleBinding": f"{RBAC}/namespaces/monitoring/rolebindings",
    "ClusterRole": f"{RBAC}/clusterroles",
    "ClusterRoleBinding": f"{RBAC}/clusterrolebindings",
}


def _documents(path: Path) -> list[dict[str, Any]]:
    return [dict(document) for document in yaml.safe_load_all(path.read_text())]


def _reloaders() -> Iterator[dict[str, Any]]:
    for path in EXAMPLES:
        for document in _documents(path):
            pod = document["spec"].get("template", document).get("spec", {}) if "spec" in document else {}
            containers = [*pod.get("containers", []), *pod.get("initContainers", [])]
            yield from (container for container in containers if container["image"] == IMAGE)


@pytest.mark.xdist_group("kube-apiserver")
def test_a_real_api_server_takes_them(tool: Callable[[str], Path], tmp_path: Path) -> None:
    with etcd(tool, tmp_path) as storage, api_server(tool, tmp_path, storage) as api:
        api.namespace("monitoring")
        for path in EXAMPLES:
            for document in _documents(path):
                strict = "?dryRun=All&fieldValidation=Strict"
                answer = api.call("POST", PATHS[document["kind"]] + strict, document)
                assert answer.status_code == 201, f"{path.name}: {answer.text}"


def test_reloaders_understand_what_they_are_given() -> None:
    seen = set()
    for container in _reloaders():
        program = container.get("command", ["config-reloader"])[0]
        seen.add(program)
        if program == "config-reloader":
            assert settings.parse(container["args"]).config_file
        elif program == "rules-reloader":
            assert rules_settings.parse(container["args"]).volume_dir
        else:
            assert dashboard_settings.read({entry["name"]: entry["value"] for entry in container["env"]}).label
    assert seen == {"config-reloader", "rules-reloader", "dashboard-reloader"}
