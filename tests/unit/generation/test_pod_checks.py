"""What is said about pods that Kubernetes would refuse, and about fields without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.running import made

if TYPE_CHECKING:
    from pathlib import Path

MOUNT = {"name": "extra", "mountPath": "/x"}


def _said(folder: Path, kind: str, spec: dict[str, Any]) -> list[tuple[str, str]]:
    findings = made(folder, kind, {"serviceMonitorSelector": {}, **spec} if kind == "Prometheus" else spec).findings
    return [(str(one.severity), one.field) for one in findings if one.code in {"pod-invalid", "no-effect"}]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, []),
        ({"replicas": -1, "shards": 0}, [("warning", "spec.replicas"), ("warning", "spec.shards")]),
        ({"image": "x:1", "tag": "t", "baseImage": "b"}, [("warning", "spec.tag"), ("warning", "spec.baseImage")]),
        ({"sha": "abc", "tag": "t"}, [("warning", "spec.tag")]),
        ({"storage": {"emptyDir": {}, "ephemeral": {}}}, [("warning", "spec.storage.ephemeral")]),
        ({"containers": [{"name": "prometheus"}, {"name": "promtheus"}]}, [("error", "spec.containers[1]")]),
        ({"initContainers": [{"name": "init"}]}, [("error", "spec.initContainers[0]")]),
        ({"volumeMounts": [MOUNT]}, [("error", "spec.volumeMounts[0]")]),
        ({"volumeMounts": [MOUNT], "volumes": [{"name": "extra", "emptyDir": {}}]}, []),
        (
            {"containers": [{"name": "a", "image": "a", "volumeMounts": [MOUNT]}]},
            [("error", "spec.containers[0].volumeMounts")],
        ),
        ({"volumes": [{"name": "config", "emptyDir": {}}]}, [("error", "spec.volumes")]),
        ({"hostNetwork": True, "hostUsers": False}, [("error", "spec.hostUsers")]),
        (
            {"thanos": {"grpcServerTlsConfig": {"keySecret": {"name": "s", "key": "k"}}}},
            [("warning", "spec.thanos.grpcServerTlsConfig.keySecret")],
        ),
        ({"storage": {"volumeClaimTemplate": {"metadata": {"name": "data"}, "spec": {}}}}, []),
    ],
)
def test_prometheus(tmp_path: Path, spec: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert _said(tmp_path, "Prometheus", spec) == expected


def test_the_hint_names_the_containers_that_can_be_changed(tmp_path: Path) -> None:
    result = made(tmp_path, "Alertmanager", {"containers": [{"name": "alert"}]})
    [finding] = [finding for finding in result.findings if finding.code == "pod-invalid"]
    assert "alertmanager, config-reloader" in finding.hint


def test_a_ruler_merges_no_init_container(tmp_path: Path) -> None:
    spec = {"queryEndpoints": ["http://q"], "initContainers": [{"name": "init-config-reloader"}]}
    assert _said(tmp_path, "ThanosRuler", spec) == [("error", "spec.initContainers[0]")]
