"""PrometheusAgent: a Prometheus that scrapes and forwards."""

from collections.abc import Callable
from typing import Literal

from render.api.common_prometheus import SHARDS_COVER_TOPOLOGY, CommonPrometheusFields, shards_cover_topology
from render.api.model import Resource, rule


class PrometheusAgentSpec(CommonPrometheusFields, kw_only=True, frozen=True):
    """A Prometheus in agent mode: what it selects, how it is configured and how it runs."""

    mode: Literal["StatefulSet", "DaemonSet"] | None = None


class PrometheusAgent(Resource, kw_only=True, frozen=True):
    """One PrometheusAgent object."""

    spec: PrometheusAgentSpec


rule(PrometheusAgentSpec, *SHARDS_COVER_TOPOLOGY)(shards_cover_topology)


@rule(
    PrometheusAgentSpec,
    "!(has(self.mode) && self.mode == 'DaemonSet' && has(self.shards) && self.shards > 1)",
    "shards cannot be greater than 1 when mode is DaemonSet",
)
def daemon_set_has_one_shard(self: PrometheusAgentSpec) -> bool:
    """Tell whether a DaemonSet, which has a Pod on each node, is left without shards."""
    return self.mode != "DaemonSet" or self.shards <= 1


NOT_IN_DAEMON_SET = (
    "replicas",
    "storage",
    "persistentVolumeClaimRetentionPolicy",
    "scrapeConfigSelector",
    "probeSelector",
    "scrapeConfigNamespaceSelector",
    "probeNamespaceSelector",
    "serviceMonitorSelector",
    "serviceMonitorNamespaceSelector",
    "additionalScrapeConfigs",
    "shardingStrategy",
)
"""Fields that a DaemonSet has no place for."""


def _absent_in_daemon_set(field: str) -> Callable[[PrometheusAgentSpec], bool]:
    return lambda spec: spec.mode != "DaemonSet" or getattr(spec, field) is None


for _field in NOT_IN_DAEMON_SET:
    rule(
        PrometheusAgentSpec,
        f"!(has(self.mode) && self.mode == 'DaemonSet' && has(self.{_field}))",
        f"{_field} cannot be set when mode is DaemonSet",
    )(_absent_in_daemon_set(_field))
