"""What monitors select: Services, and Pods with what makes them. Rendering needs none of it, validation does.

The fields are taken as far as they are well-formed; the rest is for a schema of Kubernetes to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from render.findings import ObjectKey

SERVICE_KIND = "Service"
_TEMPLATE = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"), ("spec", "template")
    ),
}
"""Where the Pods of a kind are described."""
_GROUPS = ("v1", "apps/", "batch/", "extensions/")


class Port(NamedTuple):
    """A port of a Service or of a container; the name is empty where there is none."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name} ({self.number})" if self.name else str(self.number)


@dataclass(frozen=True, slots=True)
class Target:
    """A Service, or something that makes Pods.

    `labels` are those of the Service or of its Pods, `ports` those of the Service or of the Pods' containers.
    `selector`: the Pods that a Service stands for; empty for a Service whose endpoints are made by hand.
    """

    key: ObjectKey
    labels: Mapping[str, str]
    ports: tuple[Port, ...]
    selector: Mapping[str, str]


def inspect(raw: dict[str, Any]) -> list[Any] | None:
    """Labels, ports and selector of a raw object as plain values; None for what is no target."""
    kind = raw["kind"]
    if kind == SERVICE_KIND and raw["apiVersion"] == "v1":
        spec = _mapping(raw.get("spec"))
        return [
            _texts(_mapping(raw.get("metadata")).get("labels")),
            _ports([spec], "port"),
            _texts(spec.get("selector")),
        ]
    if kind not in _TEMPLATE or not raw["apiVersion"].startswith(_GROUPS):
        return None
    pod: Any = raw
    for step in _TEMPLATE[kind]:
        pod = _mapping(pod).get(step)
    pod = _mapping(pod)
    spec = _mapping(pod.get("spec"))
    containers = [*_entries(spec.get("initContainers")), *_entries(spec.get("containers"))]
    return [_texts(_mapping(pod.get("metadata")).get("labels")), _ports(containers, "containerPort"), {}]


def target(key: ObjectKey, labels: Mapping[str, str], ports: Iterable[Any], selector: Mapping[str, str]) -> Target:
    """The target of what `inspect` gave."""
    return Target(key, labels, tuple(Port(name, number) for name, number in ports), selector)


def _ports(owners: Iterable[Any], number: str) -> list[list[Any]]:
    entries = [entry for owner in owners for entry in _entries(_mapping(owner).get("ports")) if isinstance(entry, dict)]
    return [[str(entry.get("name") or ""), entry[number]] for entry in entries if isinstance(entry.get(number), int)]


def _mapping(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of YAML
    return value if isinstance(value, dict) else {}


def _entries(value: Any) -> list[Any]:  # noqa: ANN401 - any value of YAML
    return value if isinstance(value, list) else []


def _texts(value: Any) -> dict[str, str]:  # noqa: ANN401 - any value of YAML
    return {key: text for key, text in _mapping(value).items() if isinstance(key, str) and isinstance(text, str)}
