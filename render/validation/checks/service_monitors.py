"""ServiceMonitors: the Services that they select, and the ports that these have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Severity
from render.validation.check import Fault, check
from render.validation.ports import has_port, named, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.api.service_monitor import Endpoint
    from render.objects.targets import Target
    from render.validation.tree import Tree

NOT_FOUND = check(
    Severity.WARNING,
    "service-not-found",
    "A ServiceMonitor whose selector matches no Service",
    description="""The namespaces that the monitor looks into have Services in the tree, and its selector
        matches none of them: the job has no targets. Services that rendering makes count, too. Namespaces of
        which the tree holds no Service, and kube-system, where the cluster makes Services itself, give a notice
        instead (targets-unknown).""",
    fix="Correct the selector or the labels of the Service (not those of its Pods), or the namespaceSelector.",
    example="""
        apiVersion: v1
        kind: Service
        metadata: {name: shop, namespace: web, labels: {app: shop}}
        spec:
          selector: {app: shop}
          ports: [{name: metrics, port: 8080}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: storefront}}
          endpoints: [{port: metrics}]
        """,
)
PORT = check(
    Severity.WARNING,
    "service-port-not-found",
    "An endpoint whose port no matched Service has",
    description="""`port` of an endpoint is the name of a port of the Service. None of the Services that the
        monitor matches has one of that name, so the endpoint has no targets. The message says which ports they
        have.""",
    fix="Write the name of a port of the Service, or name the port there.",
    example="""
        apiVersion: v1
        kind: Service
        metadata: {name: shop, namespace: web, labels: {app: shop}}
        spec:
          selector: {app: shop}
          ports: [{name: http, port: 8080}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{port: metrics}]
        """,
)
TARGET_PORT = check(
    Severity.WARNING,
    "target-port-not-found",
    "An endpoint whose targetPort no container has",
    description="""`targetPort` of an endpoint is the name or the number of a port that a container declares,
        not the targetPort of the Service. The Pods behind the matched Services are in the tree, and none
        declares it.""",
    fix="Declare the port in the container, or use `port` with the name of the Service's port.",
    example="""
        apiVersion: v1
        kind: Service
        metadata: {name: shop, namespace: web, labels: {app: shop}}
        spec:
          selector: {app: shop}
          ports: [{name: http, port: 80, targetPort: 8080}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop, namespace: web}
        spec:
          template:
            metadata: {labels: {app: shop}}
            spec:
              containers:
              - name: shop
                ports: [{name: http, containerPort: 8080}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{targetPort: 80}]
        """,
)
CHECKS = (NOT_FOUND, PORT, TARGET_PORT)


def faults(endpoint: Endpoint, services: list[Target], tree: Tree) -> Iterator[Fault]:
    """What is wrong with an endpoint of a ServiceMonitor that matches these Services."""
    if any(not one.selector for one in services):
        return  # endpoints made by hand have ports of their own
    if endpoint.port:
        if not has_port(endpoint.port, services):
            message = f"no matched Service has a port named {endpoint.port}; {told(services)}"
            yield Fault(PORT, "port", message, named(services))
    elif endpoint.targetPort:
        pods = [pod for one in services for pod in tree.pods.with_labels(dict(one.selector), one.key.namespace)]
        if pods and not has_port(endpoint.targetPort, pods):
            message = f"no container behind the matched Services has the port {endpoint.targetPort}; {told(pods)}"
            yield Fault(TARGET_PORT, "targetPort", message, named(pods))
