"""What Kubernetes' own schema has against a StatefulSet or DaemonSet, told at the field that the user wrote it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from render.objects import kubernetes_schema
from render.objects.schema import path_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.generation.fields import Block
    from render.objects.explain import FieldError, Path

POD = ("spec", "template", "spec")
CLAIM = ("spec", "volumeClaimTemplates", 0)
STARTS: tuple[tuple[Path, Path], ...] = (
    (POD, ()),
    (("spec", "template", "metadata"), ("podMetadata",)),
    (CLAIM, ("storage", "volumeClaimTemplate")),
    (("spec",), ()),
)
"""Where parts of a workload come from: the beginning of a path there, and of that below the object's spec."""
OURS: dict[str | int, Path] = {"containers": (), "initContainers": (), "volumes": ("storage",)}
"""Where fields of containers and volumes come from that the user's lists do not have."""
ITEM = 2
"""Steps that lead to an item: the list and a number."""
KEYS = ("containerPort", "mountPath", "devicePath", "name")
"""Fields that tell the items of a list apart."""


def faults(workload: Block, spec: Any, kube_version: tuple[int, int]) -> Iterator[tuple[str, FieldError]]:  # noqa: ANN401 - the spec of a workload object
    """All that the schema has against a workload made of `spec`, with the fields of the object itself."""
    for error in kubernetes_schema.check(workload, kube_version):
        field = path_text(("spec", *_origin(workload, spec, error.path)))
        yield field, error


def _origin(workload: Block, spec: Any, path: Path) -> Path:  # noqa: ANN401 - the spec of a workload object
    """The longest part of a path that the user wrote, below the object's spec."""
    start, origin = next((there, here) for there, here in STARTS if path[: len(there)] == there)
    rest = path[len(start) :]
    found = _followed(spec, workload, start, origin, rest)
    if start == POD and len(found) <= ITEM and rest and rest[0] in OURS:
        return _followed(spec, workload, (*POD, *rest[:ITEM]), OURS[rest[0]], rest[ITEM:]) or found
    return found


def _followed(spec: Any, workload: Block, start: Path, origin: Path, rest: Path) -> Path:  # noqa: ANN401
    given, made = _below(spec, origin), _below(workload, start)
    found = []
    for step in rest:
        place = _place(given, made, step)
        if place is None:
            break
        found.append(place)
        given, made = _below(given, (place,)), _below(made, (step,))
    return (*origin, *found) if found else ()


def _place(given: Any, made: Any, step: str | int) -> str | int | None:  # noqa: ANN401 - any part of an object
    """The user's own name or number of a part of `made`; None when it is not the user's."""
    if isinstance(step, str):
        return step if _below(given, (step,)) is not None else None
    if not isinstance(given, list):
        return None
    item = made[step]
    keys = [key for key in KEYS if isinstance(item, dict) and key in item]
    if not keys:
        return step if step < len(given) else None
    mappings = [(number, one) for number, one in enumerate(given) if isinstance(one, dict)]
    return next((number for key in keys for number, one in mappings if one.get(key) == item[key]), None)


def _below(value: Any, path: Path) -> Any:  # noqa: ANN401 - any part of an object
    for step in path:
        if isinstance(value, msgspec.Struct):
            value = getattr(value, str(step), None)
        elif isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        else:
            return None
    return value
