"""StatefulSets and Services: their metadata, and what is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import render
from render.assembly.workloads import INPUT_HASH
from render.options import Options
from tests.running import made, one

if TYPE_CHECKING:
    from pathlib import Path

TWO = """
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: a, namespace: monitoring, uid: 1-a}
spec: {}
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: b, namespace: monitoring, uid: 2-b}
spec: {thanos: {}}
"""


def _hash(folder: Path, spec: dict[str, Any], **metadata: object) -> str:
    stateful_set = one(made(folder, "Prometheus", spec, None, **metadata), "StatefulSet")
    text: str = stateful_set["metadata"]["annotations"][INPUT_HASH]
    return text


def test_labels_go_by_their_owner(tmp_path: Path) -> None:
    labels = {"team": "a", "app.kubernetes.io/name": "mine", "managed-by": "me"}
    options = Options(labels={"team": "ours", "region": "eu"})
    stateful_set = one(made(tmp_path, "Prometheus", {}, options, labels=labels), "StatefulSet")
    made_labels = stateful_set["metadata"]["labels"]
    assert made_labels["app.kubernetes.io/name"] == "prometheus"
    assert (made_labels["team"], made_labels["region"], made_labels["managed-by"]) == ("ours", "eu", "me")
    assert stateful_set["spec"]["selector"]["matchLabels"]["region"] == "eu"
    assert stateful_set["spec"]["template"]["metadata"]["labels"]["region"] == "eu"


def test_annotations_of_kubectl_stay_with_their_object(tmp_path: Path) -> None:
    annotations = {"note": "1", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
    stateful_set = one(made(tmp_path, "Prometheus", {}, annotations=annotations), "StatefulSet")
    assert set(stateful_set["metadata"]["annotations"]) == {"note", INPUT_HASH}


def test_the_input_hash_tells_changes_and_is_no_part_of_the_pods(tmp_path: Path) -> None:
    plain = _hash(tmp_path, {})
    assert plain == _hash(tmp_path, {})
    assert len({plain, _hash(tmp_path, {"replicas": 2}), _hash(tmp_path, {}, labels={"a": "b"})}) == 3
    stateful_set = one(made(tmp_path, "Prometheus", {}), "StatefulSet")
    assert INPUT_HASH not in stateful_set["spec"]["template"]["metadata"]["annotations"]


def test_a_change_of_the_configuration_leaves_the_pods_alone(tmp_path: Path) -> None:
    before = one(made(tmp_path, "Prometheus", {"serviceMonitorSelector": {}}), "StatefulSet")
    after = one(made(tmp_path, "Prometheus", {"serviceMonitorSelector": {}, "scrapeInterval": "5s"}), "StatefulSet")
    assert before == after


def test_a_namespace_has_one_service_with_the_ports_and_owners_of_all(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO)
    service = one(render.render(render.load([str(file)]), Options(workloads=True)), "Service")
    assert [port["name"] for port in service["spec"]["ports"]] == ["web", "grpc"]
    owners = service["metadata"]["ownerReferences"]
    assert [owner["name"] for owner in owners] == ["a", "b"]
    assert not any("controller" in owner for owner in owners)


def test_a_service_of_the_user_s_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    result = made(tmp_path, "Prometheus", {"serviceName": "mine"})
    assert one(result, "StatefulSet")["spec"]["serviceName"] == "mine"
    assert not [item for item in result.objects if item["kind"] == "Service"]


def test_pod_metadata_adds_to_the_pods_and_not_to_their_selector(tmp_path: Path) -> None:
    metadata = {"labels": {"l": "v", "app.kubernetes.io/name": "x"}, "annotations": {"a": "v"}}
    spec = one(made(tmp_path, "Prometheus", {"podMetadata": metadata}), "StatefulSet")["spec"]
    assert spec["template"]["metadata"]["labels"]["l"] == "v"
    assert spec["template"]["metadata"]["labels"]["app.kubernetes.io/name"] == "prometheus"
    assert spec["template"]["metadata"]["annotations"]["a"] == "v"
    assert "l" not in spec["selector"]["matchLabels"]


def test_without_the_option_there_are_secrets_and_config_maps_alone(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO)
    kinds = {item["kind"] for item in render.render(render.load([str(file)]), Options()).objects}
    assert kinds == {"Secret", "ConfigMap"}
