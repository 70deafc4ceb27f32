"""`kubernetes_sd_configs` as the operator makes it for monitors, probes and Alertmanagers.

What a user writes in a ScrapeConfig is in `discovery/kubernetes.py` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render import versions
from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.generation.http_client import AUTHORIZATION, BASIC_AUTH, PROXY, TLS
from render.selection.labels import compile_selector, format_selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.api.scraping import AttachMetadata
    from render.api.selectors import LabelSelector, NamespaceSelector
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

ENDPOINTS = "endpoints"
ENDPOINT_SLICE = "endpointslice"
ENDPOINT_SLICE_SINCE = versions.parse("2.21.0")
METADATA_SINCE = {"pod": "2.35.0", ENDPOINTS: "2.37.0", ENDPOINT_SLICE: "2.37.0"}
"""Since when a role can attach metadata."""

ROLE_SELECTOR = "RoleSelector"
ROLE_SELECTOR_SINCE = "2.17.0"
OWN_NODE: Block = {"role": "pod", "field": "spec.nodeName=$(NODE_NAME)"}

_API_SERVER = (
    Row("api_server", of="host", keep_empty=True),
    BASIC_AUTH,
    Row("bearer_token"),
    Row("bearer_token_file"),
    AUTHORIZATION,
    TLS,
    *PROXY,
)


def check_selection(selector: LabelSelector, mechanism: str | None, server: Server) -> None:
    """The selector of objects is valid, and the server can let the API server apply it. Raises Rejection."""
    compile_selector(selector, "spec.selector")
    if mechanism == ROLE_SELECTOR and not server.scope.at_least(ROLE_SELECTOR_SINCE):
        message = (
            f"the mechanism RoleSelector needs Prometheus {ROLE_SELECTOR_SINCE} or later, and this is {server.version}"
        )
        raise Rejection(message, "spec.selectorMechanism", hint="raise spec.version, or use RelabelConfig")


def discovery(
    server: Server,
    role: str,
    namespaces: Sequence[str],
    *,
    attached: Block | None = None,
    selectors: Sequence[Block] = (),
) -> list[Block]:
    """The one entry of `kubernetes_sd_configs`. No namespaces means all of them.

    `attached` is the content of `attach_metadata`. The API server's references resolve in the namespace of the workload
    object, which names them.
    """
    out: Block = {"role": role}
    if namespaces:
        out["namespaces"] = {"names": list(namespaces)}
    if server.spec.apiserverConfig is not None:
        emit(_API_SERVER, server.spec.apiserverConfig, server.scope, out)
    if attached is not None:
        out["attach_metadata"] = attached
    selected = [OWN_NODE, *selectors] if server.daemon_set else list(selectors)
    if selected:
        out["selectors"] = selected
    return [out]


def endpoint_role(server: Server, wanted: str | None = None) -> str:
    """How Services are discovered: as `wanted` says, else as the workload object does."""
    slices = (wanted or server.spec.serviceDiscoveryRole) == "EndpointSlice"
    known = server.options.endpoint_slice_supported and server.version >= ENDPOINT_SLICE_SINCE
    return ENDPOINT_SLICE if slices and known else ENDPOINTS


def selected_namespaces(selector: NamespaceSelector | None, own: str, server: Server) -> list[str]:
    """The namespaces that a monitor looks into: its own unless it selects others, empty for all."""
    if selector is None or server.spec.ignoreNamespaceSelectors:
        return [own]
    if selector.any:
        return []
    return selector.matchNames or [own]


def attached_metadata(wanted: AttachMetadata | None, role: str, server: Server, scope: Scope) -> Block | None:
    """`attach_metadata`; sharding by zone needs the node's labels where pods do not carry their zone."""
    by_node = bool(server.topology) and not server.options.pod_topology_labels
    if (wanted is None and not by_node) or not scope.allows("attach_metadata", METADATA_SINCE[role]):
        return None
    return {"node": by_node or bool(wanted is not None and wanted.node)}


def role_selectors(selector: LabelSelector, mechanism: str | None, roles: Sequence[str]) -> list[Block]:
    """Selectors that let the API server filter objects by label, when the monitor asks for that mechanism."""
    if mechanism != ROLE_SELECTOR:
        return []
    label = format_selector(selector)
    return [{"role": role, "label": label} for role in roles]
