"""The Prometheus or PrometheusAgent that is being rendered, as the modules beside this one see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from render import promql, versions
from render.findings import ObjectKey, Rejection, Report
from render.generation import enforcement, rules
from render.generation.prometheus import scrape_classes
from render.generation.prometheus.access import Access
from render.generation.rules import Dialect
from render.generation.scope import Scope
from render.selection.references import References

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from render.api.common_prometheus import CommonPrometheusFields, ScrapeClass, TopologyShardingStrategy
    from render.api.metadata import ObjectMeta
    from render.objects.index import Object, Objects
    from render.options import Options
    from render.versions import Version

SUPPORTED_MAJOR_VERSIONS = (2, 3)


@dataclass(slots=True)
class Server:
    """One Prometheus or PrometheusAgent with what its modules share.

    `scope` is the object's own view; `scope_of` makes the view of a selected resource. `access` gathers what its
    configuration reads of the Kubernetes API, where that is asked for.
    """

    key: ObjectKey
    metadata: ObjectMeta
    spec: CommonPrometheusFields
    version: Version
    options: Options
    references: References
    report: Report
    scrape_classes: Mapping[str, ScrapeClass] = field(default_factory=dict)
    default_scrape_class: str = ""
    access: Access | None = None

    @property
    def scope(self) -> Scope:
        """The view of the object itself."""
        return self.scope_of(self.key)

    def scope_of(self, key: ObjectKey) -> Scope:
        """The view of a selected resource: references in its namespace, warnings in its name."""
        return Scope(key, self.version, self.references, self.report)

    @property
    def agent(self) -> bool:
        """Whether this is a PrometheusAgent."""
        return self.key.kind == "PrometheusAgent"

    @property
    def daemon_set(self) -> bool:
        """Whether an agent runs once per node."""
        return self.agent and getattr(self.spec, "mode", None) == "DaemonSet"

    @property
    def shards(self) -> int:
        """Number of shards, 1 unless the object asks for more."""
        return max(1, self.spec.shards if self.spec.shards is not None else 1)

    @property
    def zones(self) -> TopologyShardingStrategy | None:
        """How shards follow the zones of the cluster, if they are to."""
        strategy = self.spec.shardingStrategy
        if strategy is None or strategy.mode != "Topology" or not self.options.gate("PrometheusTopologySharding"):
            return None
        return strategy.topology

    @property
    def topology(self) -> Sequence[str]:
        """The zones that shards are spread over; empty where targets are sharded by address alone."""
        return (self.zones.values if self.zones is not None else None) or ()


def server_version(text: str | None) -> Version:
    """The version to generate for. Raises Rejection when it is no version, or one of an unknown major line."""
    shown = text or versions.DEFAULT_PROMETHEUS
    try:
        version = versions.parse(shown)
    except ValueError as error:
        raise Rejection(
            str(error), "spec.version", code="version-invalid", hint="write a version such as v3.13.2"
        ) from None
    if version.major not in SUPPORTED_MAJOR_VERSIONS:
        message = f"Prometheus {shown} is not supported: the major version must be 2 or 3"
        raise Rejection(message, "spec.version", code="version-invalid", hint="write a version such as v3.13.2")
    return version


def open_server(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Server:
    """The server of a workload object. Raises Rejection when its version is not valid."""
    spec = workload.value.spec
    server = Server(
        key=workload.key,
        metadata=workload.value.metadata,
        spec=spec,
        version=server_version(spec.version),
        options=options,
        references=References(objects, reference_faults=options.reference_faults, by_reference=options.by_reference),
        report=report,
        access=Access(workload.key.namespace) if options.rbac else None,
    )
    server.scrape_classes, server.default_scrape_class = scrape_classes.by_name(server)
    return server


def unmanaged(server: Server) -> bool:
    """Whether the configuration is the user's own: a Prometheus without any selector of monitors."""
    spec = server.spec
    selectors = (spec.serviceMonitorSelector, spec.podMonitorSelector, spec.probeSelector, spec.scrapeConfigSelector)
    return (
        not server.agent
        and not server.options.disable_unmanaged_prometheus_configuration
        and not any(s is not None for s in selectors)
    )


def rule_view(server: Server, rule: Object[Any], report: Report) -> tuple[Dialect, Scope]:
    """How a PrometheusRule is read for this server, and its own view that reports to `report`."""
    enforced = enforcement.enforced_label(server.spec, rule.key)
    syntax = promql.syntax_of(server.spec.enableFeatures or ())
    dialect = Dialect(rules.PROMETHEUS, syntax, enforced)
    return dialect, Scope(rule.key, server.version, server.references, report)
