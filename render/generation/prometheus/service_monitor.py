"""ServiceMonitor: one job for each endpoint, over the Endpoints or EndpointSlices of the selected Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
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
    from render.api.selectors import LabelSelector
    from render.api.service_monitor import Endpoint, ServiceMonitor, ServiceMonitorSpec
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope
    from render.objects.index import Object

KIND = "ServiceMonitor"
_CLIENT_ROWS = (*scraping.REQUEST_ROWS, *PROXY, OAUTH2)


def selectors(spec: CommonPrometheusFields) -> tuple[LabelSelector | None, LabelSelector | None]:
    """Labels and namespaces of the ServiceMonitors that a workload object takes."""
    return spec.serviceMonitorSelector, spec.serviceMonitorNamespaceSelector


def check(monitor: Object[ServiceMonitor], server: Server) -> None:
    """Every acceptance rule of the reference. Raises Rejection; resolved certificates become assets."""
    spec = monitor.value.spec
    kubernetes_discovery.check_selection(spec.selector, spec.selectorMechanism, server)
    for number, endpoint in enumerate(spec.endpoints):
        _check_endpoint(endpoint, monitor.key.namespace, server, f"spec.endpoints[{number}]")
    scrape_classes.check_name(spec.scrapeClass, server)


def _check_endpoint(endpoint: Endpoint, namespace: str, server: Server, field: str) -> None:
    references = server.references
    _check_file_access(endpoint, server, field)
    credentials.validate_client(endpoint, field)
    if endpoint.tlsConfig is not None:
        credentials.validate_tls(endpoint.tlsConfig, f"{field}.tlsConfig")
    credentials.validate_proxy(endpoint, field)
    if endpoint.bearerTokenSecret is not None and endpoint.bearerTokenSecret.name:
        references.secret(namespace, endpoint.bearerTokenSecret, f"{field}.bearerTokenSecret")
    credentials.check_basic_auth(namespace, endpoint.basicAuth, references, f"{field}.basicAuth")
    credentials.check_tls(namespace, endpoint.tlsConfig, references, f"{field}.tlsConfig")
    credentials.check_oauth2(namespace, endpoint.oauth2, references, f"{field}.oauth2")
    credentials.check_safe_authorization(namespace, endpoint.authorization, references, f"{field}.authorization")
    scraping.check_interval(endpoint, server, field)
    check_relabel_configs(endpoint.relabelings, server.version, f"{field}.relabelings")
    check_relabel_configs(endpoint.metricRelabelings, server.version, f"{field}.metricRelabelings")
    credentials.check_proxy(namespace, endpoint, references, field)


def _check_file_access(endpoint: Endpoint, server: Server, field: str) -> None:
    access = server.spec.arbitraryFSAccessThroughSMs
    if access is None or not access.deny:
        return
    tls = endpoint.tlsConfig
    if endpoint.bearerTokenFile or (tls is not None and (tls.caFile or tls.certFile or tls.keyFile)):
        message = f"it names a file of the server, which {server.key} forbids"
        raise Rejection(message, field, hint="reference Secrets instead, or allow arbitraryFSAccessThroughSMs")


def generate(monitor: Object[ServiceMonitor], server: Server) -> list[Block]:
    """One scrape config for each endpoint."""
    spec = monitor.value.spec
    scope = server.scope_of(monitor.key)
    found = scrape_classes.class_of(spec.scrapeClass, server)
    return [_job(monitor, number, found, server, scope) for number in range(len(spec.endpoints))]


def _job(
    monitor: Object[ServiceMonitor],
    number: int,
    found: ScrapeClass | None,
    server: Server,
    scope: Scope,
) -> Block:
    spec, key = monitor.value.spec, monitor.key
    endpoint = spec.endpoints[number]
    out: Block = {
        "job_name": f"serviceMonitor/{key.namespace}/{key.name}/{number}",
        "honor_labels": bool(endpoint.honorLabels) and not server.spec.overrideHonorLabels,
    }
    scraping.honor_timestamps(endpoint.honorTimestamps, server, scope, out)
    scraping.track_staleness(endpoint.trackTimestampsStaleness, scope, out)
    role = kubernetes_discovery.endpoint_role(server, spec.serviceDiscoveryRole)
    out["kubernetes_sd_configs"] = _discovery(spec, role, found, server, scope)
    emit(_CLIENT_ROWS, endpoint, scope, out)
    _authentication(endpoint, found, server, scope, out)
    out["relabel_configs"] = [
        *_relabeling(spec, endpoint, role, server),
        *users_steps(endpoint.relabelings, found, key, server),
        *sharding(server),
    ]
    scraping.limits(spec, server, scope, out)
    scraping.histograms_and_protocols(spec, found, scope, out)
    scraping.body_size_limit(spec.bodySizeLimit, server, scope, out)
    if steps := metric_steps(endpoint.metricRelabelings, found, key, server):
        out["metric_relabel_configs"] = steps
    return out


def _discovery(
    spec: ServiceMonitorSpec,
    role: str,
    found: ScrapeClass | None,
    server: Server,
    scope: Scope,
) -> list[Block]:
    wanted = spec.attachMetadata or (found.attachMetadata if found is not None else None)
    return kubernetes_discovery.discovery(
        server,
        role,
        kubernetes_discovery.selected_namespaces(spec.namespaceSelector, scope.namespace, server),
        attached=kubernetes_discovery.attached_metadata(wanted, role, server, scope),
        selectors=kubernetes_discovery.role_selectors(spec.selector, spec.selectorMechanism, (role, "service")),
    )


def _authentication(endpoint: Endpoint, found: ScrapeClass | None, server: Server, scope: Scope, out: Block) -> None:
    tls = scrape_classes.tls_config(endpoint.tlsConfig, found, server, scope)
    if tls is not None:
        out["tls_config"] = tls
    if endpoint.bearerTokenFile:
        out["bearer_token_file"] = endpoint.bearerTokenFile
    if endpoint.bearerTokenSecret is not None and endpoint.bearerTokenSecret.name:
        out["bearer_token"] = scope.secret(endpoint.bearerTokenSecret)
    emit((BASIC_AUTH,), endpoint, scope, out)
    authorization = scrape_classes.authorization_of(endpoint.authorization, found, server, scope)
    if authorization is not None:
        out["authorization"] = authorization


def _relabeling(spec: ServiceMonitorSpec, endpoint: Endpoint, role: str, server: Server) -> list[Block]:
    out: list[Block] = [KEEP_JOB_NAME]
    if spec.selectorMechanism != kubernetes_discovery.ROLE_SELECTOR:
        out += keep_selected("service", spec.selector)
    out += _keep_port(endpoint, role)
    out += _IDENTITY[role]
    if endpoint.filterRunning is not False:
        out.append(DROP_FINISHED_PODS)
    out += copy_labels("service", spec.targetLabels or ())
    out += copy_labels("pod", (*(spec.podTargetLabels or ()), *(server.spec.podTargetLabels or ())))
    out.append(_JOB)
    if spec.jobLabel:
        out.append(copy_label("service", spec.jobLabel, "job"))
    return out + endpoint_label(endpoint.port, endpoint.targetPort)


def _keep_port(endpoint: Endpoint, role: str) -> list[Block]:
    if endpoint.port:
        return [keep_matching(_PORT_NAME[role], endpoint.port)]
    return keep_target_port(endpoint.targetPort)


def _identity(kind: str) -> list[Block]:
    """The steps that name the node, pod, namespace, service and container of a target."""
    target = [f"__meta_kubernetes_{kind}_address_target_kind", f"__meta_kubernetes_{kind}_address_target_name"]
    named = [
        {"source_labels": target, "separator": ";", "regex": f"{of};(.*)", "replacement": "${1}", "target_label": label}
        for of, label in (("Node", "node"), ("Pod", "pod"))
    ]
    copied = [
        {"source_labels": [f"__meta_kubernetes_{source}"], "target_label": label}
        for source, label in (
            ("namespace", "namespace"),
            ("service_name", "service"),
            ("pod_name", "pod"),
            ("pod_container_name", "container"),
        )
    ]
    return [Constant(step) for step in (*named, *copied)]


_IDENTITY = {"endpoints": _identity("endpoint"), "endpointslice": _identity("endpointslice")}
_PORT_NAME = {"endpoints": meta("endpoint", "port_name"), "endpointslice": meta("endpointslice", "port_name")}
_JOB = Constant({"source_labels": meta("service", "name"), "target_label": "job", "replacement": "${1}"})
