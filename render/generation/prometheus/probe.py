"""Probe: one job that asks a prober about listed targets, or about the hosts of Ingresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.generation.http_client import BASIC_AUTH, FOLLOW_REDIRECTS, OAUTH2, PROXY
from render.generation.prometheus import kubernetes_discovery, scrape_classes, scraping
from render.generation.prometheus.target_relabeling import KEEP_JOB_NAME, keep_selected, metric_steps, users_steps
from render.generation.relabeling import UTF8_SINCE, check_relabel_configs, sharding
from render.golang.hosts import check_host_port
from render.golang.names import is_label_name
from render.output.goyaml import sort_keys
from render.selection import credentials

if TYPE_CHECKING:
    from render.api.common_prometheus import CommonPrometheusFields, ScrapeClass
    from render.api.probe import Probe, ProbeSpec, ProbeTargetIngress, ProbeTargetStaticConfig
    from render.api.relabeling import RelabelConfig
    from render.api.selectors import LabelSelector
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope
    from render.objects.index import Object

KIND = "Probe"
ROLE = "ingress"

_INTERVAL_ROWS = (Row("scrape_interval", of="interval"), Row("scrape_timeout"))
_REQUEST_ROWS = (FOLLOW_REDIRECTS, Row("enable_http2", since="2.35.0"))


def selectors(spec: CommonPrometheusFields) -> tuple[LabelSelector | None, LabelSelector | None]:
    """Labels and namespaces of the Probes that a workload object takes."""
    return spec.probeSelector, spec.probeNamespaceSelector


def check(monitor: Object[Probe], server: Server) -> None:
    """Every acceptance rule of the reference. Raises Rejection; resolved certificates become assets."""
    spec, namespace, references = monitor.value.spec, monitor.key.namespace, server.references
    scrape_classes.check_name(spec.scrapeClass, server)
    if spec.targets is None or (spec.targets.staticConfig is None and spec.targets.ingress is None):
        raise Rejection("nothing is probed", "spec.targets", hint="set targets.staticConfig or targets.ingress")
    if spec.bearerTokenSecret is not None:
        references.secret(namespace, spec.bearerTokenSecret, "spec.bearerTokenSecret")
    credentials.check_basic_auth(namespace, spec.basicAuth, references, "spec.basicAuth")
    credentials.check_safe_tls(namespace, spec.tlsConfig, references, "spec.tlsConfig")
    credentials.check_safe_authorization(namespace, spec.authorization, references, "spec.authorization")
    credentials.check_oauth2(namespace, spec.oauth2, references, "spec.oauth2")
    scraping.check_interval(spec, server, "spec")
    check_relabel_configs(spec.metricRelabelings, server.version, "spec.metricRelabelings")
    _check_targets(spec, server)
    credentials.check_proxy(namespace, spec.prober, references, "spec.prober")
    _check_url(spec)


def _check_targets(spec: ProbeSpec, server: Server) -> None:
    static = spec.targets.staticConfig if spec.targets is not None else None
    ingress = spec.targets.ingress if spec.targets is not None else None
    if static is not None:
        field = "spec.targets.staticConfig"
        for name in static.labels or ():
            if not is_label_name(name, utf8=server.version >= UTF8_SINCE):
                message = f"{name!r} is not a label name for this version of Prometheus"
                raise Rejection(message, f"{field}.labels", hint="use letters, digits and underscores")
        check_relabel_configs(static.relabelingConfigs, server.version, f"{field}.relabelingConfigs")
    if ingress is not None:
        field = "spec.targets.ingress.relabelingConfigs"
        check_relabel_configs(ingress.relabelingConfigs, server.version, field)


def _check_url(spec: ProbeSpec) -> None:
    try:
        check_host_port(spec.prober.url if spec.prober is not None else "")
    except ValueError as error:
        raise Rejection(str(error), "spec.prober.url", hint="write a host, or host:port, without a scheme") from None


def generate(monitor: Object[Probe], server: Server) -> list[Block]:
    """The one scrape config of a probe. Listed targets go before Ingresses."""
    spec, key = monitor.value.spec, monitor.key
    scope = server.scope_of(key)
    found = scrape_classes.class_of(spec.scrapeClass, server)
    out: Block = {"job_name": f"probe/{key.namespace}/{key.name}"}
    scraping.honor_timestamps(True, server, scope, out)
    _request(spec, scope, out)
    scraping.limits(spec, server, scope, out)
    scraping.histograms_and_protocols(spec, found, scope, out)
    scraping.body_size_limit(None, server, scope, out)
    emit(PROXY, spec.prober, scope, out)
    emit(_REQUEST_ROWS, spec, scope, out)
    tls = scrape_classes.safe_tls_config(spec.tlsConfig, found, server, scope)
    if tls is not None:
        out["tls_config"] = tls
    _targets(spec, found, server, scope, out)
    _authentication(spec, found, server, scope, out)
    if steps := metric_steps(spec.metricRelabelings, found, key, server):
        out["metric_relabel_configs"] = steps
    return [out]


def _request(spec: ProbeSpec, scope: Scope, out: Block) -> None:
    """Path, interval, scheme and parameters; the field `module` goes before a parameter of that name."""
    prober = spec.prober
    out["metrics_path"] = prober.path if prober is not None else ""
    emit(_INTERVAL_ROWS, spec, scope, out)
    if prober is not None and prober.scheme:
        out["scheme"] = prober.scheme.lower()
    params = {"module": [spec.module]} if spec.module else {}
    for param in spec.params or ():
        params.setdefault(param.name, param.values or [])
    if params:
        out["params"] = params


def _targets(spec: ProbeSpec, found: ScrapeClass | None, server: Server, scope: Scope, out: Block) -> None:
    """Where targets come from, and their relabeling."""
    steps: list[Block] = [KEEP_JOB_NAME]
    if spec.jobName:
        steps.append({"target_label": "job", "replacement": spec.jobName})
    users: list[RelabelConfig] | None = None
    if spec.targets is not None and spec.targets.staticConfig is not None:
        users = spec.targets.staticConfig.relabelingConfigs
        out["static_configs"] = [_static(spec.targets.staticConfig, scope.namespace)]
        steps += _ASK_ABOUT_ADDRESS
    elif spec.targets is not None and spec.targets.ingress is not None:
        users = spec.targets.ingress.relabelingConfigs
        out["kubernetes_sd_configs"] = _ingresses(spec.targets.ingress, server, scope)
        if spec.targets.ingress.selector is not None:
            steps += keep_selected(ROLE, spec.targets.ingress.selector)
        steps += _ASK_ABOUT_INGRESS
    steps += [_INSTANCE, {"target_label": "__address__", "replacement": spec.prober.url if spec.prober else ""}]
    steps += users_steps(users, found, scope.key, server)
    out["relabel_configs"] = steps + sharding(server, "__param_target")


def _static(static: ProbeTargetStaticConfig, namespace: str) -> Block:
    labels = {"namespace": namespace, **(static.labels or {})}
    return {"targets": static.static or [], "labels": sort_keys(labels)}


def _ingresses(ingress: ProbeTargetIngress, server: Server, scope: Scope) -> list[Block]:
    namespaces = kubernetes_discovery.selected_namespaces(ingress.namespaceSelector, scope.namespace, server)
    return kubernetes_discovery.discovery(server, ROLE, namespaces)


def _authentication(spec: ProbeSpec, found: ScrapeClass | None, server: Server, scope: Scope, out: Block) -> None:
    if spec.bearerTokenSecret is not None:
        out["bearer_token"] = scope.secret(spec.bearerTokenSecret)
    emit((BASIC_AUTH, OAUTH2), spec, scope, out)
    authorization = scrape_classes.authorization_of(spec.authorization, found, server, scope)
    if authorization is not None:
        out["authorization"] = authorization


_INSTANCE: Block = {"source_labels": ["__param_target"], "target_label": "instance"}
_ASK_ABOUT_ADDRESS: list[Block] = [{"source_labels": ["__address__"], "target_label": "__param_target"}]
_ASK_ABOUT_INGRESS: list[Block] = [
    {
        "source_labels": ["__meta_kubernetes_ingress_scheme", "__address__", "__meta_kubernetes_ingress_path"],
        "separator": ";",
        "regex": "(.+);(.+);(.+)",
        "target_label": "__param_target",
        "replacement": "${1}://${2}${3}",
        "action": "replace",
    },
    {"source_labels": ["__meta_kubernetes_namespace"], "target_label": "namespace"},
    {"source_labels": ["__meta_kubernetes_ingress_name"], "target_label": "ingress"},
    {
        "source_labels": ["__address__"],
        "separator": ";",
        "regex": "(.*)",
        "target_label": "__tmp_ingress_address",
        "replacement": "$1",
        "action": "replace",
    },
]
