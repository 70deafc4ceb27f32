"""What runs an Alertmanager: its StatefulSet and the governing Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.assembly import workloads
from render.generation import pod_checks
from render.generation.alertmanager import arguments, pod

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.alertmanager.server import Server


def make(server: Server, owner: Owner, prefix: str, assets: int) -> Iterator[Manifest]:
    """The objects, whose names begin with `prefix`; `assets` is the number of Secrets with TLS assets.

    Raises Rejection when the pods cannot be made.
    """
    stateful_set = workloads.stateful_set(prefix, pod.pod(server, prefix, assets), owner, server.options)
    pod_checks.check(server.key, stateful_set, server.spec, server.report, server.options.kube_version)
    yield stateful_set
    if not server.spec.serviceName:
        yield _service(server, owner)


def _service(server: Server, owner: Owner) -> Manifest:
    spec = {
        "publishNotReadyAddresses": True,
        "ports": [
            workloads.port(server.spec.portName or "web", pod.PORT),
            workloads.port("tcp-mesh", pod.MESH_PORT, "mesh-tcp"),
            workloads.port("udp-mesh", pod.MESH_PORT, "mesh-udp", "UDP"),
        ],
        "selector": {"app.kubernetes.io/name": "alertmanager"},
    }
    return workloads.service(arguments.SERVICE, owner, server.options, {"operated-alertmanager": "true"}, spec)
