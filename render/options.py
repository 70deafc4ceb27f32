"""Options of a rendering: the operator's flags that change its output, by their own names, and facts of the cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

FEATURE_GATES: Mapping[str, bool] = MappingProxyType(
    {
        "PrometheusAgentDaemonSet": False,
        "PrometheusTopologySharding": True,
        "PrometheusShardRetentionPolicy": True,
        "StatusForConfigurationResources": False,
    },
)
"""Feature gates of the operator 0.93 with their defaults."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to render.

    Namespace sets: empty means every namespace. `workloads` says that what runs the servers is wanted, too,
    and `rbac` what allows them to. `secrets`: values of Secrets are written, or referred to (docs/secrets.md).
    `kube_version` is (major, minor). The three `..._instance_selector`s are label selectors in kubectl's text form.
    `reference_faults` writes what the reference operator writes even where that is wrong (docs/differences.md).
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    namespaces: frozenset[str] = frozenset()
    deny_namespaces: frozenset[str] = frozenset()
    prometheus_instance_namespaces: frozenset[str] = frozenset()
    prometheus_instance_selector: str = ""
    alertmanager_instance_namespaces: frozenset[str] = frozenset()
    alertmanager_instance_selector: str = ""
    alertmanager_config_namespaces: frozenset[str] = frozenset()
    thanos_ruler_instance_namespaces: frozenset[str] = frozenset()
    thanos_ruler_instance_selector: str = ""
    controller_id: str = ""
    disable_unmanaged_prometheus_configuration: bool = False
    feature_gates: Mapping[str, bool] = field(default_factory=lambda: FEATURE_GATES)
    prometheus_default_base_image: str = "quay.io/prometheus/prometheus"
    alertmanager_default_base_image: str = "quay.io/prometheus/alertmanager"
    thanos_default_base_image: str = "quay.io/thanos/thanos"
    prometheus_config_reloader: str = "quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0"
    config_reloader_cpu_request: str = "10m"
    config_reloader_cpu_limit: str = "10m"
    config_reloader_memory_request: str = "50Mi"
    config_reloader_memory_limit: str = "50Mi"
    enable_config_reloader_probes: bool = False
    localhost: str = "localhost"
    cluster_domain: str = ""
    kube_version: tuple[int, int] = (1, 36)
    endpoint_slice_supported: bool = True
    scrape_config_supported: bool = True
    reference_faults: bool = False
    workloads: bool = False
    rbac: bool = False
    secrets: Literal["inline", "reference"] = "inline"
    only_namespaces: frozenset[str] = frozenset()
    only: frozenset[tuple[str, str]] = frozenset()

    def gate(self, name: str) -> bool:
        """Whether the operator's feature gate `name` is on."""
        return self.feature_gates.get(name, FEATURE_GATES.get(name, False))

    @property
    def by_reference(self) -> bool:
        """Whether no secret value may be written."""
        return self.secrets == "reference"

    @property
    def pod_topology_labels(self) -> bool:
        """Whether pods carry the topology labels of their node (Kubernetes 1.35 and later)."""
        return self.kube_version >= (1, 35)
