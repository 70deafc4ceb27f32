"""Objects of a Kubernetes API server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, lower
from render.golang import selector_text

if TYPE_CHECKING:
    from render.api.scrape_config import K8SSelectorConfig, KubernetesSDConfig, NamespaceDiscovery
    from render.generation.scope import Scope

SELECTABLE = {
    "pod": ("pod",),
    "service": ("service",),
    "endpointslice": ("pod", "service", "endpointslice"),
    "endpoints": ("pod", "service", "endpoints"),
    "node": ("node",),
    "ingress": ("ingress",),
}
"""The roles that selectors may name, by the role of the discovery."""

METADATA_SINCE = {"pod": "2.35.0", "endpoints": "2.37.0", "endpointslice": "2.37.0"}
"""The roles that can attach metadata, and since when."""


def _check_namespaces(entry: KubernetesSDConfig, _scope: Scope, field: str) -> None:
    if entry.apiServer is not None and entry.namespaces is not None and entry.namespaces.ownNamespace:
        message = "apiServer and namespaces.ownNamespace exclude each other"
        raise Rejection(message, f"{field}.namespaces.ownNamespace", hint="name the namespaces, or remove apiServer")


def _check_selectors(entry: KubernetesSDConfig, _scope: Scope, field: str) -> None:
    allowed = SELECTABLE[entry.role.lower()]
    selectors = entry.selectors or []
    for number, selector in enumerate(selectors):
        if selector.role.lower() not in allowed:
            message = (
                f"the role {entry.role} takes selectors of the role {', '.join(allowed)} alone, not {selector.role}"
            )
            raise Rejection(
                message, f"{field}.selectors[{number}].role", hint="change the selector's role, or remove it"
            )
    for number, selector in enumerate(selectors):
        _check_texts(selector, f"{field}.selectors[{number}]")


def _check_texts(selector: K8SSelectorConfig, field: str) -> None:
    for text, parse, attribute in (
        (selector.field, selector_text.check_field_selector, "field"),
        (selector.label, selector_text.check_label_selector, "label"),
    ):
        if text is None:
            continue
        try:
            parse(text)
        except ValueError as error:
            raise Rejection(str(error), f"{field}.{attribute}", hint="write a selector such as a=b,c!=d") from None


def _namespaces(block: NamespaceDiscovery, _scope: Scope) -> Block:
    out: Block = {"names": block.names or []}
    if block.ownNamespace is not None:
        out["own_namespace"] = block.ownNamespace
    return out


def _selectors(entries: list[K8SSelectorConfig], scope: Scope) -> list[Block]:
    return [emit(_SELECTOR_ROWS, entry, scope) for entry in entries]


_SELECTOR_ROWS = (Row("role", convert=lower), Row("label"), Row("field"))
_ROWS = (
    Row("api_server"),
    Row("role", convert=lower),
    BASIC_AUTH,
    SAFE_AUTHORIZATION,
    OAUTH2,
    *PROXY,
    FOLLOW_REDIRECTS,
    ENABLE_HTTP2,
    SAFE_TLS,
    Row("namespaces", convert=_namespaces),
    Row("selectors", convert=_selectors),
)


def _generate(entry: KubernetesSDConfig, scope: Scope) -> Block:
    out = emit(_ROWS, entry, scope)
    if entry.attachMetadata is not None:
        since = METADATA_SINCE.get(entry.role.lower())
        if since is None:
            message = f"attachMetadata is left out: {scope.product} cannot attach metadata to the role {entry.role}"
            scope.report.warning(
                "field-dropped", message, scope.key, field="spec.kubernetesSDConfigs.attachMetadata", hint="remove it"
            )
        elif scope.allows("attach_metadata", since):
            out["attach_metadata"] = {"node": entry.attachMetadata.node}
    return out


KUBERNETES = Discovery(
    "kubernetes_sd_configs",
    "kubernetesSDConfigs",
    rows=(*_ROWS, Row("attach_metadata")),
    checks=(
        checks.basic_auth,
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.proxy,
        _check_namespaces,
        _check_selectors,
    ),
    generate=_generate,
)
