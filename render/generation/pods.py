"""The pod template of a workload object: what its spec says about pods, around the containers that are made for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from render.generation import embedded
from render.generation.strategic_merge import merge_containers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from render.api.pods import EmbeddedObjectMetadata
    from render.generation.fields import Block
    from render.options import Options

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
VERSION_LABEL = "app.kubernetes.io/version"
HOST_NETWORK_DNS = "ClusterFirstWithHostNet"
COPIED = (
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostNetwork",
    "hostUsers",
    "imagePullSecrets",
    "nodeSelector",
    "priorityClassName",
    "schedulerName",
    "securityContext",
    "serviceAccountName",
    "terminationGracePeriodSeconds",
    "tolerations",
    "topologySpreadConstraints",
)
"""Fields that a pod takes over as they are; not every kind of workload object has them all."""
ADDITIONAL_SELECTORS = "additionalLabelSelectors"
SHARD_LABEL = "operator.prometheus.io/shard"


@dataclass(frozen=True, slots=True)
class Pod:
    """The pods of one workload object, as many as `replicas`, with names given by the Service `service`.

    `selector` are the labels that tell them apart, `labels` more labels of the StatefulSet or DaemonSet, `defaults` pod
    fields that the spec may override. `main` is the server's container; `main_fixed` says that annotations of the
    user's cannot name another one.
    """

    spec: Any
    main: str
    version: str
    service: str
    selector: Mapping[str, str]
    containers: list[Block]
    init_containers: list[Block]
    volumes: list[Block]
    replicas: int = 1
    defaults: Block = field(default_factory=dict)
    claims: list[Block] = field(default_factory=list)
    labels: Mapping[str, str] = field(default_factory=dict)
    main_fixed: bool = False

    def selector_labels(self, options: Options) -> dict[str, str]:
        """The labels that select these pods."""
        return dict(sorted({**self.selector, **options.labels}.items()))

    def template(self, options: Options) -> Block:
        """The pod template. Raises Rejection when a quantity in it is none."""
        metadata: EmbeddedObjectMetadata | None = self.spec.podMetadata
        labels = {
            VERSION_LABEL: self.version,
            **((metadata.labels if metadata is not None else None) or {}),
            **self.selector,
            **options.labels,
        }
        main = {DEFAULT_CONTAINER: self.main}
        annotations = {**main, **((metadata.annotations if metadata is not None else None) or {})}
        if self.main_fixed:
            annotations |= main
        return {
            "metadata": {"labels": dict(sorted(labels.items())), "annotations": dict(sorted(annotations.items()))},
            "spec": self._spec(options),
        }

    def _spec(self, options: Options) -> Block:
        spec = self.spec
        out = {**self.defaults, **_copied(spec)}
        if out.get("hostNetwork"):
            out.setdefault("dnsPolicy", HOST_NETWORK_DNS)
        if "topologySpreadConstraints" in out:
            constraints = out["topologySpreadConstraints"]
            out["topologySpreadConstraints"] = [_constraint(one, self.selector_labels(options)) for one in constraints]
        out["initContainers"] = _merged(self.init_containers, spec.initContainers, "spec.initContainers")
        out["containers"] = _merged(self.containers, spec.containers, "spec.containers")
        out["volumes"] = [*self.volumes, *embedded.named(spec.volumes, "spec.volumes")]
        return {key: value for key, value in sorted(out.items()) if value not in ([], "")}


def _copied(spec: Any) -> Block:  # noqa: ANN401 - the spec of a workload object
    given = {name: embedded.entry(name, getattr(spec, name, None), f"spec.{name}") for name in COPIED}
    return {name: value for name, value in given.items() if value not in (None, "") and value is not _off(name)}


def _off(name: str) -> bool | None:
    """The value that says no more than silence does."""
    return False if name in embedded.ZERO_IS_ABSENT else None


def _merged(ours: list[Block], theirs: list[Block] | None, field: str) -> list[Block]:
    return merge_containers(ours, embedded.named(theirs, field))


def _constraint(given: Block, selector: Mapping[str, str]) -> Block:
    """A spreading rule, with the labels of these pods (of all shards, `OnResource`) where it asks for them."""
    out = {key: value for key, value in given.items() if key != ADDITIONAL_SELECTORS}
    wanted = given.get(ADDITIONAL_SELECTORS)
    if wanted:
        label_selector = out.get("labelSelector") or {}
        ours = {name: value for name, value in selector.items() if wanted != "OnResource" or name != SHARD_LABEL}
        labels = {**(label_selector.get("matchLabels") or {}), **ours}
        out["labelSelector"] = {**label_selector, "matchLabels": dict(sorted(labels.items()))}
    return out
