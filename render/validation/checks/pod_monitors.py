"""PodMonitors and the Pods that they select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Finding, Rejection, Severity
from render.validation.check import check
from render.validation.checks import unmatched
from render.validation.checks.service_monitors import NO_ENDPOINTS
from render.validation.ports import has_port, named, told
from render.validation.tree import searched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.api.pod_monitor import PodMonitor
    from render.objects.index import Object
    from render.validation.tree import Tree

NOT_FOUND = check(
    Severity.WARNING,
    "pods-not-found",
    "A PodMonitor whose selector matches no Pods",
    description="""The namespaces that the monitor looks into have Deployments, StatefulSets, DaemonSets,
        (Cron)Jobs or Pods in the tree, and the selector matches the Pods of none: the job has no targets. Pods
        of what rendering makes count, too. Pods that other controllers make are not known; ignore the finding
        for those.""",
    fix="Correct the selector, or the labels in the Pod template (those of the Deployment itself do not count).",
    example="""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop, namespace: web, labels: {app: storefront}}
        spec:
          template:
            metadata: {labels: {app: shop}}
            spec: {containers: [{name: shop, ports: [{name: metrics, containerPort: 8080}]}]}
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: PodMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: storefront}}
          podMetricsEndpoints: [{port: metrics}]
        """,
)
PORT = check(
    Severity.WARNING,
    "pod-port-not-found",
    "An endpoint whose port no matched container has",
    description="""`port` of an endpoint is the name of a port that a container declares, `portNumber` its
        number. None of the Pods that the monitor matches declares it, so the endpoint has no targets. The
        message says which ports they have.""",
    fix="Write the name of a declared port, or declare the port in the container.",
    example="""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: web}
        spec:
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: agent, ports: [{name: http, containerPort: 8080}]}]}
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: PodMonitor
        metadata: {name: agent, namespace: web}
        spec:
          selector: {matchLabels: {app: agent}}
          podMetricsEndpoints: [{port: metrics}]
        """,
)
CHECKS = (NOT_FOUND, PORT)
FIELD = "spec.podMetricsEndpoints"


def find(tree: Tree) -> Iterator[Finding]:
    """What is wrong between PodMonitors and the Pods of the tree."""
    for monitor in tree.objects.of_kind("PodMonitor"):
        yield from _of_monitor(monitor, tree)


def _of_monitor(monitor: Object[PodMonitor], tree: Tree) -> Iterator[Finding]:
    spec = monitor.value.spec
    if not spec.podMetricsEndpoints:
        yield NO_ENDPOINTS.finding(monitor.key, "it has no endpoints: nothing is scraped", field=FIELD)
        return
    where = searched(spec.namespaceSelector, monitor.key.namespace, tree.pods)
    try:
        pods = tree.pods.matching(spec.selector, where.namespaces)
    except Rejection:  # rendering tells that the selector is no selector
        return
    if not pods:
        yield unmatched.finding(NOT_FOUND, monitor.key, spec.selector, where, tree.pods)
    for number, endpoint in enumerate(spec.podMetricsEndpoints if pods and where.known else ()):
        attribute, wanted = next(
            ((name, value) for name in ("port", "portNumber", "targetPort") if (value := getattr(endpoint, name))),
            ("", ""),
        )
        if wanted and not has_port(wanted, pods):
            message = f"no container that the monitor matches has the port {wanted}; {told(pods)}"
            yield PORT.finding(monitor.key, message, field=f"{FIELD}[{number}].{attribute}", hint=named(pods))
