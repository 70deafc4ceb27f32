"""The `alerting` block: the Alertmanagers that alerts go to, and how alerts are relabelled before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation import http_client
from render.generation.fields import Block, Row, emit
from render.generation.prometheus import additional_configs
from render.generation.prometheus.global_settings import REPLICA_LABEL
from render.generation.prometheus.kubernetes_discovery import ENDPOINT_SLICE, discovery, endpoint_role
from render.generation.prometheus.remote_write import check_one_of
from render.generation.relabeling import check_relabel_configs, relabel_configs
from render.golang.re2 import quote_meta
from render.selection.credentials import (
    check_basic_auth,
    check_safe_authorization,
    check_server_proxy,
    check_sigv4,
    check_tls,
)

if TYPE_CHECKING:
    from render.api.prometheus import AlertmanagerEndpoints
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

CREDENTIALS = ("bearerTokenFile", "basicAuth", "authorization", "sigv4")
"""Ways to authenticate, at most one of which may be used."""
NO_API_V1_SINCE = 3
"""Major version of the first server without the API v1 of Alertmanager."""


def _lower(value: str, _scope: Scope) -> str:
    return value.lower()


CLIENT_ROWS = (
    Row("scheme", convert=_lower),
    Row("path_prefix"),
    Row("timeout", keep_empty=True),
    Row("enable_http2", of="enableHttp2", since="2.35.0"),
    http_client.TLS,
    *http_client.PROXY,
)
CREDENTIAL_ROWS = (
    Row("bearer_token_file"),
    Row("basic_auth", since="2.26.0", convert=http_client.basic_auth),
    http_client.SAFE_AUTHORIZATION,
    Row("sigv4", since="2.48.0", convert=http_client.sigv4),
)
API_VERSION = Row("api_version", since="2.11.0", convert=_lower)


def block(server: Server) -> Block | None:
    """The `alerting` block; None when neither Alertmanagers nor additional texts are given."""
    alerting = getattr(server.spec, "alerting", None)
    more_steps = additional_configs.read(server, additional_configs.ALERT_RELABEL_CONFIGS)
    more_alertmanagers = additional_configs.read(server, additional_configs.ALERTMANAGER_CONFIGS)
    if alerting is None and more_steps is None and more_alertmanagers is None:
        return None
    alertmanagers = [
        _alertmanager(endpoint, server) for endpoint in (alerting.alertmanagers if alerting is not None else ())
    ]
    return {
        "alert_relabel_configs": _without_replica(server) + (more_steps or []),
        "alertmanagers": alertmanagers + (more_alertmanagers or []),
    }


def _without_replica(server: Server) -> list[Block]:
    """The step that drops the replica's label, so that Alertmanager sees the alerts of replicas as one."""
    name = server.spec.replicaExternalLabelName
    label = REPLICA_LABEL if name is None else name
    return [{"action": "labeldrop", "regex": quote_meta(label)}] if label else []


def _alertmanager(endpoint: AlertmanagerEndpoints, server: Server) -> Block:
    scope = server.scope
    out = emit(CLIENT_ROWS, endpoint, scope)
    namespace = endpoint.namespace if endpoint.namespace is not None else server.key.namespace
    out["kubernetes_sd_configs"] = discovery(server, endpoint_role(server), [namespace])
    emit(CREDENTIAL_ROWS, endpoint, scope, out)
    if endpoint.apiVersion and not (endpoint.apiVersion.lower() == "v1" and server.version.major >= NO_API_V1_SINCE):
        emit((API_VERSION,), endpoint, scope, out)
    out["relabel_configs"] = _relabelings(endpoint, server)
    if endpoint.alertRelabelings and scope.allows("alert_relabel_configs", "2.51.0"):
        out["alert_relabel_configs"] = relabel_configs(endpoint.alertRelabelings)
    return out


def _relabelings(endpoint: AlertmanagerEndpoints, server: Server) -> list[Block]:
    steps: list[Block] = [_keep("__meta_kubernetes_service_name", endpoint.name)]
    if isinstance(endpoint.port, str) and endpoint.port:
        kind = "endpointslice" if endpoint_role(server) == ENDPOINT_SLICE else "endpoint"
        steps.append(_keep(f"__meta_kubernetes_{kind}_port_name", endpoint.port))
    elif endpoint.port:
        steps.append(_keep("__meta_kubernetes_pod_container_port_number", str(endpoint.port)))
    return steps + relabel_configs(endpoint.relabelings)


def _keep(label: str, regex: str) -> Block:
    return {"action": "keep", "source_labels": [label], "regex": regex}


def check(server: Server) -> None:
    """Every Alertmanager is authenticated to in one way, its relabelings and references are valid. Raises Rejection."""
    alerting = getattr(server.spec, "alerting", None)
    endpoints = alerting.alertmanagers if alerting is not None else ()
    for number, endpoint in enumerate(endpoints):
        field = f"spec.alerting.alertmanagers[{number}]"
        check_one_of(endpoint, CREDENTIALS, field)
        check_relabel_configs(endpoint.relabelings, server.version, f"{field}.relabelings")
        check_relabel_configs(endpoint.alertRelabelings, server.version, f"{field}.alertRelabelings")
    for number, endpoint in enumerate(endpoints):
        _check_references(endpoint, server, f"spec.alerting.alertmanagers[{number}]")


def _check_references(endpoint: AlertmanagerEndpoints, server: Server, field: str) -> None:
    namespace, references = server.key.namespace, server.references
    check_basic_auth(namespace, endpoint.basicAuth, references, f"{field}.basicAuth")
    check_safe_authorization(namespace, endpoint.authorization, references, f"{field}.authorization")
    check_sigv4(namespace, endpoint.sigv4, references, f"{field}.sigv4")
    check_tls(namespace, endpoint.tlsConfig, references, f"{field}.tlsConfig")
    check_server_proxy(namespace, endpoint, references, field)
