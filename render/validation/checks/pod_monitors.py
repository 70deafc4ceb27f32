"""PodMonitors: the Pods that they select, and the ports that their containers have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Severity
from render.validation.check import Fault, check
from render.validation.ports import has_port, named, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.api.pod_monitor import PodMetricsEndpoint
    from render.objects.targets import Target
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


def faults(endpoint: PodMetricsEndpoint, pods: list[Target], _: Tree) -> Iterator[Fault]:
    """What is wrong with an endpoint of a PodMonitor that matches these Pods."""
    for attribute in ("port", "portNumber", "targetPort"):  # the first one that is set counts
        wanted = getattr(endpoint, attribute)
        if wanted:
            if not has_port(wanted, pods):
                message = f"no container that the monitor matches has the port {wanted}; {told(pods)}"
                yield Fault(PORT, attribute, message, named(pods))
            return
