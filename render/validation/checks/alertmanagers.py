"""The Services that servers send their alerts to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Finding, Severity
from render.validation.check import check
from render.validation.ports import has_port, named, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.findings import ObjectKey
    from render.validation.tree import Tree

MISSING = check(
    Severity.WARNING,
    "alertmanager-not-found",
    "Alerts that are sent to a Service that is not there",
    description="""spec.alerting.alertmanagers names a Service that is not in the tree, while others of its
        namespace are, or a port that this Service does not have: the alerts go nowhere. Services that rendering
        makes (alertmanager-operated) count, too.""",
    fix="Correct the name, the namespace or the port.",
    example="""
        apiVersion: v1
        kind: Service
        metadata: {name: alertmanager-main, namespace: monitoring}
        spec:
          selector: {app: alertmanager}
          ports: [{name: web, port: 9093}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: main, namespace: monitoring}
        spec:
          serviceMonitorSelector: {}
          alerting: {alertmanagers: [{name: alertmanager, namespace: monitoring, port: web}]}
        """,
)
CHECKS = (MISSING,)


def find(tree: Tree) -> Iterator[Finding]:
    """Alertmanagers that a Prometheus names and the tree does not have."""
    for server in tree.servers(("Prometheus",)):
        alerting = server.value.spec.alerting
        for number, wanted in enumerate(alerting.alertmanagers if alerting is not None else ()):
            yield from _of_alertmanager(wanted, f"spec.alerting.alertmanagers[{number}]", server.key, tree)


def _of_alertmanager(wanted: Any, field: str, key: ObjectKey, tree: Tree) -> Iterator[Finding]:  # noqa: ANN401 - an entry
    namespace = wanted.namespace or key.namespace
    there = tree.services.by_namespace.get(namespace, [])
    service = next((one for one in there if one.key.name == wanted.name), None)
    if service is None:
        if namespace in tree.services.known:
            names = ", ".join(sorted(one.key.name for one in there))
            message = f"there is no Service {namespace}/{wanted.name} to send alerts to"
            yield MISSING.finding(key, message, field=f"{field}.name", hint=f"the tree has {names}")
    elif isinstance(wanted.port, str) and service.selector and not has_port(wanted.port, [service]):
        message = f"Service {namespace}/{wanted.name} has no port named {wanted.port}; {told([service])}"
        yield MISSING.finding(key, message, field=f"{field}.port", hint=named([service]))
