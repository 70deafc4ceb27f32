"""What runs a ThanosRuler: its StatefulSet and the governing Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.assembly import workloads
from render.generation import pod_checks
from render.generation.thanos import pod

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.thanos.ruler import Ruler
    from render.options import Options


def make(
    ruler: Ruler, owner: Owner, options: Options, prefix: str, rules: Sequence[str], assets: int
) -> Iterator[Manifest]:
    """The objects, whose names begin with `prefix`.

    `rules` are the rule ConfigMaps to mount and `assets` is the number of Secrets with TLS assets. Raises Rejection
    when the pods cannot be made.
    """
    stateful_set = workloads.stateful_set(prefix, pod.pod(ruler, options, prefix, rules, assets), owner, options)
    pod_checks.check(ruler.key, stateful_set, ruler.spec, ruler.report, options.kube_version)
    yield stateful_set
    if not ruler.spec.serviceName:
        ports = [workloads.port(ruler.spec.portName or "web", pod.PORT), workloads.port("grpc", pod.GRPC_PORT)]
        spec = {"ports": ports, "selector": {"app.kubernetes.io/name": "thanos-ruler"}}
        yield workloads.service(pod.SERVICE, owner, options, {"operated-thanos-ruler": "true"}, spec)
