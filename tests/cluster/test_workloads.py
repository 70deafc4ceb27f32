"""What we make, in a real API server: every object of the live cases is taken by server-side apply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import render
from render.options import Options
from tests.cluster.conftest import NAMESPACE, Cluster
from tests.places import CONFORMANCE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIVE = CONFORMANCE / "live"
SUITES = sorted(path.name for path in LIVE.iterdir()) if LIVE.is_dir() else []
PATHS = {
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "Service": "/api/v1/namespaces/{}/services",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
}

pytestmark = pytest.mark.xdist_group("kube-apiserver")


def _apply(cluster: Cluster, made: dict[str, Any]) -> str:
    """What the API server says against an object; empty when it would take it."""
    body = made | {"metadata": made["metadata"] | {"namespace": NAMESPACE}}
    url = f"{cluster.api.url}{PATHS[made['kind']].format(NAMESPACE)}/{made['metadata']['name']}"
    asked = {"fieldManager": "promrender", "force": "true", "dryRun": "All", "fieldValidation": "Strict"}
    head = {"Content-Type": "application/apply-patch+yaml"}
    answer = cluster.connection.patch(url, data=json.dumps(body), params=asked, headers=head, timeout=20)
    return "" if answer.ok else str(answer.json()["message"])


def _refused(case: Path, cluster: Cluster) -> Iterator[str]:
    """Objects of a case that the API server refuses though nothing was said against their pods."""
    result = render.render(render.load([str(case / "input.yaml")]), Options(workloads=True))
    said = {finding.object.name for finding in result.findings if finding.code == "pod-invalid" and finding.object}
    for made in result.objects:
        name = made["metadata"]["name"]
        fault = _apply(cluster, made)
        if fault and not any(f"-{wrong}" in name for wrong in said):
            yield f"{case.parent.name}/{case.name} {made['kind']} {name}: {fault}"


@pytest.mark.skipif(not SUITES, reason="there is no ../shared/conformance beside this checkout")
@pytest.mark.parametrize("suite", SUITES or ["live"])
def test_every_object_of_the_live_cases_is_taken(suite: str, cluster: Cluster) -> None:
    assert [fault for case in sorted((LIVE / suite).iterdir()) for fault in _refused(case, cluster)] == []


@pytest.fixture(scope="module")
def monitoring(cluster: Cluster) -> Cluster:
    """The cluster with the namespace of the golden cases."""
    cluster.api.namespace("monitoring")
    return cluster


@pytest.mark.parametrize("case", ["workloads-prometheus", "workloads-alertmanager", "workloads-thanos-ruler"])
def test_applying_again_changes_nothing(case: str, monitoring: Cluster) -> None:
    result = render.render(render.load([str(ROOT / "tests" / "golden" / case / "input.yaml")]), Options(workloads=True))
    faulty = {finding.object.name for finding in result.findings if finding.code == "pod-invalid" and finding.object}
    items = [made for made in result.objects if not any(f"-{name}" in made["metadata"]["name"] for name in faulty)]
    manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    first, again = (monitoring.kubectl("apply", "-f", "-", "-o", "json", stdin=manifest) for _ in range(2))
    assert _versions(first) == _versions(again)


def _versions(applied: str) -> dict[tuple[str, str], str]:
    """What changes with every change of an object, by kind and name."""
    metadata = [(item["kind"], item["metadata"]) for item in json.loads(applied)["items"]]
    return {(kind, head["name"]): head["resourceVersion"] for kind, head in metadata}
