"""What runs a Prometheus or PrometheusAgent: a StatefulSet for each shard or a DaemonSet, and the governing Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.assembly import workloads
from render.generation import pod_checks
from render.generation.prometheus import pod

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.prometheus.server import Server


def make(server: Server, owner: Owner, prefix: str, rules: Sequence[str], assets: int) -> Iterator[Manifest]:
    """The objects, whose names begin with `prefix`.

    `rules` are the rule ConfigMaps to mount and `assets` is the number of Secrets with TLS assets. Raises Rejection
    when the pods cannot be made.
    """
    if server.daemon_set:
        pods = pod.pod(server, prefix, None, (), assets)
        daemon_set = workloads.daemon_set(prefix, pods, owner, server.options)
        pod_checks.check(server.key, daemon_set, server.spec, server.report, server.options.kube_version)
        yield daemon_set
        return
    for shard in range(server.shards):
        pods = pod.pod(server, prefix, shard, rules, assets)
        name = f"{prefix}-shard-{shard}" if shard else prefix
        stateful_set = workloads.stateful_set(name, pods, owner, server.options)
        if not shard:
            pod_checks.check(server.key, stateful_set, server.spec, server.report, server.options.kube_version)
        yield stateful_set
    if not server.spec.serviceName:
        yield _service(server, owner)


def _service(server: Server, owner: Owner) -> Manifest:
    ports = [workloads.port(server.spec.portName or "web", pod.PORT)]
    if getattr(server.spec, "thanos", None) is not None:
        ports.append(workloads.port("grpc", 10901))
    application = pod.selector(server, None)["app.kubernetes.io/name"]
    spec = {"ports": ports, "selector": {"app.kubernetes.io/name": application}}
    name = pod.SERVICE[server.key.kind]
    return workloads.service(name, owner, server.options, {"operated-prometheus": "true"}, spec)
