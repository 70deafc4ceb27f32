"""PodMonitor: one job for each endpoint of the selected Pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, emit
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY
from render.generation.prometheus import kubernetes_discovery, scrape_classes, scraping
from render.generation.prometheus.target_relabeling import (
    DROP_FINISHED_PODS,
    KEEP_JOB_NAME,
    copy_label,
    copy_labels,
    endpoint_label,
    keep_matching,
    keep_selected,
    keep_target_port,
    meta,
    metric_steps,
    users_steps,
)
from render.generation.relabeling import check_relabel_configs, sharding
from render.output.goyaml import Constant
from render.selection import credentials

if TYPE_CHECKING:
    from render.api.common_prometheus import CommonPrometheusFields, ScrapeClass
    from render.api.pod_monitor import PodMetricsEndpoint, PodMonitor, PodMonitorSpec
    from render.api.selectors import LabelSelector
    from render.findings import ObjectKey
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope
    from render.objects.index import Object

KIND = "PodMonitor"
ROLE = "pod"


def selectors(spec: CommonPrometheusFields) -> tuple[LabelSelector | None, LabelSelector | None]:
    """Labels and namespaces of the PodMonitors that a workload object takes."""
    return spec.podMonitorSelector, spec.podMonitorNamespaceSelector


def check(monitor: Object[PodMonitor], server: Server) -> None:
    """Every acceptance rule of the reference. Raises Rejection; resolved certificates become assets."""
    spec = monitor.value.spec
    kubernetes_discovery.check_selection(spec.selector, spec.selectorMechanism, server)
    for number, endpoint in enumerate(spec.podMetricsEndpoints or ()):
        _check_endpoint(endpoint, monitor.key.namespace, server, f"spec.podMetricsEndpoints[{number}]")
    scrape_classes.check_name(spec.scrapeClass, server)


def _check_endpoint(endpoint: PodMetricsEndpoint, namespace: str, server: Server, field: str) -> None:
    references = server.references
    scraping.check_interval(endpoint, server, field)
    check_relabel_configs(endpoint.relabelings, server.version, f"{field}.relabelings")
    check_relabel_configs(endpoint.metricRelabelings, server.version, f"{field}.metricRelabelings")
    credentials.validate_client(endpoint, field)
    if endpoint.tlsConfig is not None:
        credentials.validate_safe_tls(endpoint.tlsConfig, f"{field}.tlsConfig")
    credentials.validate_proxy(endpoint, field)
    token = endpoint.bearerTokenSecret
    if token is not None and token.name and token.key:
        references.secret(namespace, token, f"{field}.bearerTokenSecret")
    credentials.check_basic_auth(namespace, endpoint.basicAuth, references, f"{field}.basicAuth")
    credentials.check_safe_tls(namespace, endpoint.tlsConfig, references, f"{field}.tlsConfig")
    credentials.check_oauth2(namespace, endpoint.oauth2, references, f"{field}.oauth2")
    credentials.check_safe_authorization(namespace, endpoint.authorization, references, f"{field}.authorization")
    credentials.check_proxy(namespace, endpoint, references, field)


def generate(monitor: Object[PodMonitor], server: Server) -> list[Block]:
    """One scrape config for each endpoint."""
    spec = monitor.value.spec
    scope = server.scope_of(monitor.key)
    found = scrape_classes.class_of(spec.scrapeClass, server)
    return [_job(monitor, number, found, server, scope) for number in range(len(spec.podMetricsEndpoints or ()))]


def _job(monitor: Object[PodMonitor], number: int, found: ScrapeClass | None, server: Server, scope: Scope) -> Block:
    spec, key = monitor.value.spec, monitor.key
    endpoint = (spec.podMetricsEndpoints or [])[number]
    out: Block = {
        "job_name": f"podMonitor/{key.namespace}/{key.name}/{number}",
        "honor_labels": bool(endpoint.honorLabels) and not server.spec.overrideHonorLabels,
    }
    scraping.honor_timestamps(endpoint.honorTimestamps, server, scope, out)
    scraping.track_staleness(endpoint.trackTimestampsStaleness, scope, out)
    out["kubernetes_sd_configs"] = _discovery(spec, found, server, scope)
    emit(scraping.REQUEST_ROWS, endpoint, scope, out)
    _authentication(endpoint, found, server, scope, out)
    out["relabel_configs"] = [
        *_relabeling(spec, endpoint, key, server),
        *users_steps(endpoint.relabelings, found, key, server),
        *(() if server.daemon_set else sharding(server)),
    ]
    scraping.limits(spec, server, scope, out)
    scraping.histograms_and_protocols(spec, found, scope, out)
    scraping.body_size_limit(spec.bodySizeLimit, server, scope, out)
    if steps := metric_steps(endpoint.metricRelabelings, found, key, server):
        out["metric_relabel_configs"] = steps
    return out


def _discovery(spec: PodMonitorSpec, found: ScrapeClass | None, server: Server, scope: Scope) -> list[Block]:
    wanted = spec.attachMetadata or (found.attachMetadata if found is not None else None)
    return kubernetes_discovery.discovery(
        server,
        ROLE,
        kubernetes_discovery.selected_namespaces(spec.namespaceSelector, scope.namespace, server),
        attached=kubernetes_discovery.attached_metadata(wanted, ROLE, server, scope),
        selectors=kubernetes_discovery.role_selectors(spec.selector, spec.selectorMechanism, (ROLE,)),
    )


def _authentication(
    endpoint: PodMetricsEndpoint,
    found: ScrapeClass | None,
    server: Server,
    scope: Scope,
    out: Block,
) -> None:
    tls = scrape_classes.safe_tls_config(endpoint.tlsConfig, found, server, scope)
    if tls is not None:
        out["tls_config"] = tls
    token = endpoint.bearerTokenSecret
    if token is not None and token.name and token.key:
        out["bearer_token"] = scope.secret(token)
    emit((BASIC_AUTH, OAUTH2, *PROXY), endpoint, scope, out)
    authorization = scrape_classes.authorization_of(endpoint.authorization, found, server, scope)
    if authorization is not None:
        out["authorization"] = authorization


def _relabeling(spec: PodMonitorSpec, endpoint: PodMetricsEndpoint, key: ObjectKey, server: Server) -> list[Block]:
    out: list[Block] = [KEEP_JOB_NAME]
    if endpoint.filterRunning is not False:
        out.append(DROP_FINISHED_PODS)
    if spec.selectorMechanism != kubernetes_discovery.ROLE_SELECTOR:
        out += keep_selected("pod", spec.selector)
    out += _keep_port(endpoint)
    out += _IDENTITY
    out += copy_labels("pod", (*(spec.podTargetLabels or ()), *(server.spec.podTargetLabels or ())))
    out.append({"target_label": "job", "replacement": f"{key.namespace}/{key.name}"})
    if spec.jobLabel:
        out.append(copy_label("pod", spec.jobLabel, "job"))
    return out + endpoint_label(endpoint.port, endpoint.targetPort)


def _keep_port(endpoint: PodMetricsEndpoint) -> list[Block]:
    if endpoint.port:
        return [keep_matching(_PORT_NAME, endpoint.port)]
    return keep_target_port(endpoint.portNumber or endpoint.targetPort)


_PORT_NAME = meta("pod", "container_port_name")
_IDENTITY: list[Block] = [
    Constant({"source_labels": [f"__meta_kubernetes_{source}"], "target_label": label})
    for source, label in (("namespace", "namespace"), ("pod_container_name", "container"), ("pod_name", "pod"))
]
