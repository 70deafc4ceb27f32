"""ScrapeConfig: one scrape job with any kind of service discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation import http_client
from render.generation.fields import Block, Row, emit
from render.generation.prometheus import global_settings, scrape_classes, scraping
from render.generation.prometheus.discovery import KINDS
from render.generation.prometheus.discovery import kind as discovery
from render.generation.prometheus.discovery.rows import given, lower
from render.generation.relabeling import (
    check_relabel_configs,
    enforced_namespace,
    has_sharding,
    relabel_configs,
    sharding,
)
from render.selection import credentials

if TYPE_CHECKING:
    from render.api.common_prometheus import CommonPrometheusFields, ScrapeClass
    from render.api.scrape_config import ScrapeConfig, ScrapeConfigSpec
    from render.api.selectors import LabelSelector
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope
    from render.objects.index import Object

KIND = "ScrapeConfig"


def selectors(spec: CommonPrometheusFields) -> tuple[LabelSelector | None, LabelSelector | None]:
    """The selectors of a server's spec for labels and namespaces."""
    return spec.scrapeConfigSelector, spec.scrapeConfigNamespaceSelector


def check(config: Object[ScrapeConfig], server: Server) -> None:
    """Whether the server takes this ScrapeConfig, asked in the reference's order. Raises Rejection when it does not."""
    spec, scope = config.value.spec, server.scope_of(config.key)
    scrape_classes.check_name(spec.scrapeClass, server)
    check_relabel_configs(spec.relabelings, server.version, "spec.relabelings")
    _check_client(spec, scope)
    interval = spec.scrapeInterval or server.spec.scrapeInterval
    scraping.check_timeout(spec.scrapeTimeout, interval, "spec.scrapeTimeout")
    credentials.check_proxy(scope.namespace, spec, scope.references, "spec")
    check_relabel_configs(spec.metricRelabelings, server.version, "spec.metricRelabelings")
    for kind in KINDS:
        discovery.check(kind, getattr(spec, kind.of), scope)


def _check_client(spec: ScrapeConfigSpec, scope: Scope) -> None:
    namespace, references = scope.namespace, scope.references
    credentials.check_basic_auth(namespace, spec.basicAuth, references, "spec.basicAuth")
    credentials.check_safe_authorization(namespace, spec.authorization, references, "spec.authorization")
    credentials.check_oauth2(namespace, spec.oauth2, references, "spec.oauth2")
    credentials.check_safe_tls(namespace, spec.tlsConfig, references, "spec.tlsConfig")


def generate(config: Object[ScrapeConfig], server: Server) -> list[Block]:
    """The one scrape config of an accepted ScrapeConfig."""
    spec, scope = config.value.spec, server.scope_of(config.key)
    scrape_class = scrape_classes.class_of(spec.scrapeClass, server)
    out: Block = {"job_name": f"scrapeConfig/{config.key.namespace}/{config.key.name}"}
    _scraping(spec, scrape_class, server, scope, out)
    _client(spec, scrape_class, server, scope, out)
    scraping.limits(spec, server, scope, out)
    scraping.histograms(spec, scope, out)
    scraping.body_size_limit(spec.bodySizeLimit, server, scope, out)
    for kind in KINDS:
        entries = getattr(spec, kind.of)
        if entries:
            out[kind.key] = discovery.generate(kind, entries, scope)
    _relabeling(config, scrape_class, server, out)
    return [emit(_NAME_ROWS, spec, scope, out)]


def _scraping(
    spec: ScrapeConfigSpec, scrape_class: ScrapeClass | None, server: Server, scope: Scope, out: Block
) -> None:
    if spec.honorTimestamps is not None:
        scraping.honor_timestamps(spec.honorTimestamps, server, scope, out)
    emit(_STALENESS, spec, scope, out)
    if spec.honorLabels is not None:
        out["honor_labels"] = spec.honorLabels and not server.spec.overrideHonorLabels
    emit(_REQUEST_ROWS, spec, scope, out)
    scraping.protocols(spec, scrape_class, scope, out)


def _client(spec: ScrapeConfigSpec, scrape_class: ScrapeClass | None, server: Server, scope: Scope, out: Block) -> None:
    emit(_CLIENT_ROWS, spec, scope, out)
    authorization = scrape_classes.authorization_of(spec.authorization, scrape_class, server, scope)
    if authorization is not None:
        out["authorization"] = authorization
    emit((http_client.OAUTH2,), spec, scope, out)
    tls = scrape_classes.safe_tls_config(spec.tlsConfig, scrape_class, server, scope)
    if tls is not None:
        out["tls_config"] = tls


def _relabeling(config: Object[ScrapeConfig], scrape_class: ScrapeClass | None, server: Server, out: Block) -> None:
    """The enforced namespace label joins the user's own steps only: without such there is none, as in the reference."""
    spec = config.value.spec
    enforced = enforced_namespace(config.key, server.spec)
    steps: list[Block] = [{"source_labels": ["job"], "target_label": "__tmp_prometheus_job_name"}]
    if scrape_class is not None:
        steps += relabel_configs(scrape_class.relabelings)
    if spec.jobName is not None:
        steps.append({"target_label": "job", "action": "replace", "replacement": spec.jobName})
    if spec.relabelings:
        steps += relabel_configs(spec.relabelings) + enforced
    if server.shards != 1 and not has_sharding(steps):
        steps += sharding(server)
    out["relabel_configs"] = steps
    after = relabel_configs(scrape_class.metricRelabelings) if scrape_class is not None else []
    after = after + relabel_configs(spec.metricRelabelings) + enforced
    if after:
        out["metric_relabel_configs"] = after


def _escaping(name: str, _scope: Scope) -> str:
    return global_settings.ESCAPING_SCHEMES[name]


_STALENESS = (Row("track_timestamps_staleness", since="2.48.0"),)
_REQUEST_ROWS = (
    Row("metrics_path"),
    Row("params", convert=http_client.text_map),
    Row("enable_compression", since="2.49.0"),
    http_client.ENABLE_HTTP2,
    given("scrape_interval"),
    given("scrape_timeout"),
)
_CLIENT_ROWS = (Row("scheme", convert=lower), *http_client.PROXY, http_client.BASIC_AUTH)
_NAME_ROWS = (
    Row("metric_name_validation_scheme", of="nameValidationScheme", since="3.0.0", convert=lower),
    Row("metric_name_escaping_scheme", of="nameEscapingScheme", since="3.4.0", convert=_escaping),
)
