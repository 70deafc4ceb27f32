"""What we make, in a real API server: taken by server-side apply, and applied again it changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import render
from render.options import Options
from tests.places import CONFORMANCE, ROOT
from tests.running import made, one
from tests.unit.generation.test_pod_schema import WRONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

    from tests.cluster.conftest import Cluster

LIVE = CONFORMANCE / "live"
SUITES = sorted(path.name for path in LIVE.iterdir()) if LIVE.is_dir() else []
PATHS = {
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "Service": "/api/v1/namespaces/{}/services",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
}
ASKED = {"fieldManager": "promrender", "force": "true", "fieldValidation": "Strict"}
CHANGED = "applying it again changed it"
HEAD = {"Content-Type": "application/apply-patch+yaml"}

pytestmark = pytest.mark.xdist_group("kube-apiserver")


def _fault(cluster: Cluster, applied: dict[str, Any]) -> str:
    """What is wrong with an object that is applied twice, then deleted: refused, or changed by the second time."""
    head = applied["metadata"]
    url = f"{cluster.api.url}{PATHS[applied['kind']].format(head['namespace'])}/{head['name']}"
    body = json.dumps(applied)
    first = _applied(cluster, url, body)
    if not first.ok:
        return str(first.json()["message"])
    again = _applied(cluster, url, body)
    cluster.connection.delete(url, timeout=20).raise_for_status()
    return "" if _version(first) == _version(again) else CHANGED


def _applied(cluster: Cluster, url: str, body: str) -> requests.Response:
    return cluster.connection.patch(url, data=body, params=ASKED, headers=HEAD, timeout=20)


def _version(answer: requests.Response) -> str:
    return str(answer.json()["metadata"]["resourceVersion"])


def _faults(case: Path, cluster: Cluster) -> Iterator[str]:
    """Objects of a case that the API server refuses though nothing was said against their pods, or that change."""
    result = render.render(render.load([str(case / "input.yaml")]), Options(workloads=True))
    said = {finding.object.name for finding in result.findings if finding.code == "pod-invalid" and finding.object}
    for namespace in {each["metadata"]["namespace"] for each in result.objects}:
        answer = cluster.connection.post(f"{cluster.api.url}/api/v1/namespaces", json={"metadata": {"name": namespace}})
        assert answer.status_code in {201, 409}, answer.text
    for each in result.objects:
        name = each["metadata"]["name"]
        fault = _fault(cluster, each)
        if fault and not any(f"-{wrong}" in name for wrong in said):
            yield f"{case.parent.name}/{case.name} {each['kind']} {name}: {fault}"


@pytest.mark.skipif(not SUITES, reason="there is no ../shared/conformance beside this checkout")
@pytest.mark.parametrize("suite", SUITES or ["live"])
def test_every_object_of_the_live_cases_is_taken_and_stays(suite: str, cluster: Cluster) -> None:
    assert [fault for case in sorted((LIVE / suite).iterdir()) for fault in _faults(case, cluster)] == []


@pytest.mark.parametrize(("kind", "spec", "field"), [row[:3] for row in WRONG], ids=[row[2] for row in WRONG])
def test_what_we_refuse_by_its_schema_is_refused(
    kind: str, spec: dict[str, Any], field: str, cluster: Cluster, tmp_path: Path
) -> None:
    options = Options(feature_gates={"PrometheusAgentDaemonSet": True})
    cluster.api.namespace("monitoring")
    result = made(tmp_path, kind, spec, options)
    assert [finding.field for finding in result.findings if finding.code == "pod-invalid"] == [field]
    workload = one(result, "DaemonSet" if "mode" in spec else "StatefulSet")
    assert _fault(cluster, workload) not in {"", CHANGED}


@pytest.fixture(scope="module")
def monitoring(cluster: Cluster) -> Cluster:
    """The cluster with the namespace of the golden cases."""
    cluster.api.namespace("monitoring")
    return cluster


@pytest.mark.parametrize("case", ["workloads-prometheus", "workloads-alertmanager", "workloads-thanos-ruler"])
def test_applying_again_changes_nothing(case: str, monitoring: Cluster) -> None:
    result = render.render(render.load([str(ROOT / "tests" / "golden" / case / "input.yaml")]), Options(workloads=True))
    faulty = {finding.object.name for finding in result.findings if finding.code == "pod-invalid" and finding.object}
    items = [each for each in result.objects if not any(f"-{name}" in each["metadata"]["name"] for name in faulty)]
    manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    first, again = (monitoring.kubectl("apply", "-f", "-", "-o", "json", stdin=manifest) for _ in range(2))
    assert _versions(first) == _versions(again)


def _versions(applied: str) -> dict[tuple[str, str], str]:
    """What changes with every change of an object, by kind and name."""
    metadata = [(item["kind"], item["metadata"]) for item in json.loads(applied)["items"]]
    return {(kind, head["name"]): head["resourceVersion"] for kind, head in metadata}
