"""What of the Kubernetes API a server reads with its own account: for discovery, and for targets that ask who calls.

What an informer needs is said in Prometheus' documentation of `kubernetes_sd_config`; which rights a kubelet and an API
server ask for before they show metrics, in Kubernetes' of authorization.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from render.generation.fields import Block

WATCH = ("get", "list", "watch")
READ = ("get",)
TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105 - a path
"""The token of the pod's account."""
METRICS_PATH = "/metrics"
KUBELET_PATHS = frozenset({"/metrics/cadvisor", "/metrics/probes", "/metrics/resource"})
"""Paths that kubelets alone have."""

_SERVICES_AND_PODS = (("", "services"), ("", "pods"))
ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "node": (("", "nodes"),),
    "pod": (("", "pods"),),
    "service": (("", "services"),),
    "endpoints": (("", "endpoints"), *_SERVICES_AND_PODS),
    "endpointslice": (("discovery.k8s.io", "endpointslices"), *_SERVICES_AND_PODS),
    "ingress": (("networking.k8s.io", "ingresses"),),
}
"""API group and resource that each role of discovery watches."""
ATTACHED = {"node": "nodes", "namespace": "namespaces"}
"""What each kind of attached metadata watches, besides."""
CLUSTER_SCOPED = frozenset({"nodes", "nodes/metrics", "namespaces"})


class Resource(NamedTuple):
    """A resource to read, in all namespaces where `namespace` is empty."""

    namespace: str
    group: str
    name: str
    verbs: tuple[str, ...] = WATCH


@dataclass(slots=True)
class Access:
    """What a server that runs in `own` reads: resources of the API, and paths that are no resources."""

    own: str
    resources: set[Resource] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)

    def noting(self, jobs: Iterable[Block]) -> Iterator[Block]:
        """The jobs as they are, each noted on its way."""
        for job in jobs:
            self.note_job(job)
            yield job

    def note_configuration(self, configuration: Block) -> None:
        """Keep what the Alertmanagers of a configuration need, and the scrape jobs that are not written yet."""
        for job in configuration["scrape_configs"]:
            if isinstance(job, dict):
                self.note_job(job)
        for alertmanager in _mapping(configuration.get("alerting")).get("alertmanagers", ()):
            self.note_discovery(_mapping(alertmanager))

    def note_job(self, job: Block) -> None:
        """Keep what the discovery and the targets of a scrape job need."""
        self.note_discovery(job)
        if _presents_token(job):
            path = str(job.get("metrics_path") or METRICS_PATH)
            roles = {_role(entry) for entry in _entries(job)}
            if path in KUBELET_PATHS or "node" in roles:
                self.resources.add(Resource("", "", "nodes/metrics", READ))
            if path not in KUBELET_PATHS and "*" not in path:
                self.paths.add(path)

    def note_discovery(self, block: Block) -> None:
        """Keep what the discovery of a block (a scrape job, Alertmanagers) needs."""
        for entry in _entries(block):
            if not (entry.get("api_server") or entry.get("kubeconfig_file")) or _presents_token(entry):
                self.resources.update(self._watched(entry))

    def _watched(self, entry: Block) -> Iterator[Resource]:
        for group, name in ROLES.get(_role(entry), ()):
            for namespace in [""] if name in CLUSTER_SCOPED else self._namespaces(entry):
                yield Resource(namespace, group, name)
        attached = _mapping(entry.get("attach_metadata"))
        yield from (Resource("", "", name) for kind, name in ATTACHED.items() if attached.get(kind) is True)

    def _namespaces(self, entry: Block) -> Iterable[str]:
        """Those that an entry names, with the server's own where it says so; one that names none looks into all."""
        given = _mapping(entry.get("namespaces"))
        names = given.get("names")
        found = {str(name) for name in names} if isinstance(names, list) else set()
        return found | ({self.own} if given.get("own_namespace") is True else set()) or {""}


def _entries(block: Block) -> list[Block]:
    """The entries of Kubernetes discovery; the user's own text may hold anything there."""
    entries = block.get("kubernetes_sd_configs")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _role(entry: Block) -> str:
    return str(entry.get("role", "")).lower()


def _presents_token(block: Block) -> bool:
    """Whether an HTTP client shows the token of the pod's account."""
    return TOKEN_FILE in (
        block.get("bearer_token_file"),
        _mapping(block.get("authorization")).get("credentials_file"),
    )


def _mapping(value: Any) -> Block:  # noqa: ANN401 - the user's own text may hold anything
    return value if isinstance(value, dict) else {}
