"""Our CustomResourceDefinitions in a real API server: installed by kubectl, with the verdicts of the reference's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from render.api import ALL, KINDS
from render.sources import kyaml
from tests.cluster.conftest import DEFINITIONS, NAMESPACE, Cluster
from tests.places import CONFORMANCE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIVE = CONFORMANCE / "live"
SUITES = sorted(path.name for path in LIVE.iterdir()) if LIVE.is_dir() else []
PLURALS = {kind.kind: kind.plural for kind in ALL}

pytestmark = pytest.mark.xdist_group("kube-apiserver")


def test_applying_them_again_changes_nothing(cluster: Cluster) -> None:
    lines = cluster.kubectl("apply", "-f", ROOT / "crds").splitlines()
    assert len(lines) == 10
    assert [line for line in lines if not line.endswith(" unchanged")] == []


def test_the_api_server_finds_no_fault_in_their_schemas(cluster: Cluster) -> None:
    for item in cluster.api.call("GET", DEFINITIONS).json()["items"]:
        conditions = {condition["type"]: condition["status"] for condition in item["status"]["conditions"]}
        assert conditions["NamesAccepted"] == "True", item["metadata"]["name"]
        assert "NonStructuralSchema" not in conditions, item["metadata"]["name"]


def test_people_see_columns_categories_and_descriptions(cluster: Cluster) -> None:
    manifest = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Prometheus",
        "metadata": {"name": "shown", "namespace": NAMESPACE},
        "spec": {"version": "v3.1.0", "replicas": 2},
    }
    cluster.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))
    head, row = cluster.kubectl("get", "prom", "-n", NAMESPACE).splitlines()
    assert head.split() == ["NAME", "VERSION", "DESIRED", "READY", "RECONCILED", "AVAILABLE", "AGE"]
    assert row.split()[:3] == ["shown", "v3.1.0", "2"]
    cluster.kubectl("scale", "prom/shown", "--replicas=3", "-n", NAMESPACE)
    assert cluster.kubectl("get", "prom", "shown", "-n", NAMESPACE, "-o", "jsonpath={.spec.shards}") == "3"
    assert "prometheus.monitoring.coreos.com/shown" in cluster.kubectl(
        "get", "prometheus-operator", "-n", NAMESPACE, "-o", "name"
    )
    assert "Time between two scrapes" in cluster.kubectl("explain", "servicemonitor.spec.endpoints.interval")
    cluster.kubectl("delete", "prom", "shown", "-n", NAMESPACE)


@pytest.mark.skipif(not SUITES, reason="there is no ../shared/conformance beside this checkout")
@pytest.mark.parametrize("suite", SUITES or ["live"])
def test_objects_get_the_same_verdict(cluster: Cluster, suite: str) -> None:
    different = [line for case in sorted((LIVE / suite).iterdir()) for line in _different_verdicts(cluster, case)]
    assert different == []


def _different_verdicts(cluster: Cluster, case: Path) -> Iterator[str]:
    invalid = set(json.loads((case / "expected.json").read_text())["invalid"])
    for raw in _objects(case / "input.yaml"):
        meta = raw["metadata"]
        key = f"{raw['kind']}/{meta.get('namespace', 'default')}/{meta['name']}"
        refusal = cluster.refusal(raw, PLURALS[raw["kind"]])
        if bool(refusal) != (key in invalid):
            yield f"{case.name} {key}: {refusal or 'taken'}"


def _objects(file: Path) -> Iterator[dict[str, Any]]:
    for document in kyaml.load_all(file.read_bytes()):
        value = document.value
        for raw in value["items"] if value and value["kind"].endswith("List") else [value]:
            if raw and (raw.get("apiVersion"), raw.get("kind")) in KINDS:
                yield raw
