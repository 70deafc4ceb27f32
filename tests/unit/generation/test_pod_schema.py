"""What Kubernetes' schema refuses, told at the field that the user wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.options import Options
from tests.running import made

if TYPE_CHECKING:
    from pathlib import Path

    from render.findings import Finding

WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("Prometheus", {"affinity": {"nodeAfinity": {}}}, "spec.affinity.nodeAfinity", "did you mean nodeAffinity?"),
    (
        "Prometheus",
        {"tolerations": [{"key": "a"}, {"tolerationSeconds": "5"}]},
        "spec.tolerations[1].tolerationSeconds",
        "correct it",
    ),
    (
        "Prometheus",
        {
            "volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {"medum": "Memory"}}],
        },
        "spec.volumes[1].emptyDir.medum",
        "did you mean medium?",
    ),
    (
        "Prometheus",
        {
            "volumes": [{"name": "a", "emptyDir": {}}],
            "volumeMounts": [{"name": "a", "mountPath": "/a", "readonly": True}],
        },
        "spec.volumeMounts[0].readonly",
        "did you mean readOnly?",
    ),
    (
        "Prometheus",
        {"containers": [{"name": "more", "image": "a", "imagePulPolicy": "Always"}]},
        "spec.containers[0].imagePulPolicy",
        "did you mean imagePullPolicy?",
    ),
    (
        "Prometheus",
        {"containers": [{"name": "more", "image": "a"}, {"name": "prometheus", "env": [{"name": "A", "value": 5}]}]},
        "spec.containers[1].env[0].value",
        "put it in quotes",
    ),
    (
        "Prometheus",
        {"containers": [{"name": "prometheus", "ports": [{"containerPort": 9090, "hostIPs": "1"}]}]},
        "spec.containers[0].ports[0].hostIPs",
        "did you mean hostIP?",
    ),
    ("Prometheus", {"securityContext": {"runAsUser": "root"}}, "spec.securityContext.runAsUser", "correct it"),
    ("Prometheus", {"storage": {"emptyDir": {"medum": "a"}}}, "spec.storage.emptyDir.medum", "did you mean medium?"),
    (
        "PrometheusAgent",
        {"mode": "DaemonSet", "containers": [{"name": "a", "image": "a", "tty": "yes"}]},
        "spec.containers[0].tty",
        "correct it",
    ),
    (
        "Alertmanager",
        {"initContainers": [{"name": "a", "image": "a", "envFrom": [{"secret": {"name": "a"}}]}]},
        "spec.initContainers[0].envFrom[0].secret",
        "did you mean secretRef?",
    ),
    (
        "ThanosRuler",
        {"queryEndpoints": ["http://q"], "dnsConfig": {"nameserver": ["1.1.1.1"]}},
        "spec.dnsConfig.nameserver",
        "did you mean nameservers?",
    ),
]


def _said(folder: Path, kind: str, spec: dict[str, Any], kube_version: tuple[int, int] = (1, 36)) -> list[Finding]:
    options = Options(kube_version=kube_version, feature_gates={"PrometheusAgentDaemonSet": True})
    return [finding for finding in made(folder, kind, spec, options).findings if finding.code == "pod-invalid"]


@pytest.mark.parametrize(("kind", "spec", "field", "hint"), WRONG, ids=[field for _, _, field, _ in WRONG])
def test_what_is_wrong_is_told_where_it_was_written(
    kind: str, spec: dict[str, Any], field: str, hint: str, tmp_path: Path
) -> None:
    [finding] = _said(tmp_path, kind, spec)
    assert (str(finding.severity), finding.field) == ("error", field)
    assert hint in finding.hint
    assert "spec.template.spec." in finding.message


def test_a_field_is_known_since_a_version_of_kubernetes(tmp_path: Path) -> None:
    spec = {
        "containers": [{"name": "a", "image": "a", "resizePolicy": [], "restartPolicyRules": [{"action": "Restart"}]}]
    }
    assert _said(tmp_path, "Alertmanager", spec, (1, 36)) == []
    [finding] = _said(tmp_path, "Alertmanager", spec, (1, 30))
    assert finding.field == "spec.containers[0].restartPolicyRules"


@pytest.mark.parametrize("kube_version", [(1, 1), (1, 29), (1, 36), (3, 0)])
def test_pods_of_our_own_are_right_for_any_version(kube_version: tuple[int, int], tmp_path: Path) -> None:
    spec = {"storage": {"volumeClaimTemplate": {"spec": {"resources": {"requests": {"storage": "1Gi"}}}}}}
    for kind in ("Prometheus", "PrometheusAgent", "Alertmanager"):
        assert _said(tmp_path, kind, spec, kube_version) == []
