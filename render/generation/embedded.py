"""Kubernetes' own types inside of custom resources, written as its API server stores them."""

from __future__ import annotations

from typing import Any

import msgspec

from render.findings import Rejection
from render.golang.quantities import QuantityError, canonical

QUANTITIES = frozenset({"limits", "requests"})
"""Mappings whose values are quantities."""
SINGLE_QUANTITIES = frozenset({"sizeLimit", "divisor"})
ZERO_IS_ABSENT = frozenset(
    {
        "failureThreshold",
        "hostNetwork",
        "hostPort",
        "initialDelaySeconds",
        "periodSeconds",
        "readOnly",
        "stdin",
        "stdinOnce",
        "successThreshold",
        "timeoutSeconds",
        "tty",
    }
)
"""Fields that the API leaves out at zero and false; elsewhere a zero is a value of its own."""
FREE = frozenset({"annotations", "labels", "matchLabels", "nodeSelector", "options", "volumeAttributes"})
"""Mappings whose keys are the user's own, and say nothing about their values."""
SHAPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(("name", "mountPath", "image", "topologyKey"), (str, "a text")),
    **dict.fromkeys(("args", "command", "accessModes"), (list, "a list")),
    **dict.fromkeys(("env", "ports", "volumeMounts", "volumeDevices"), (list, "a list")),
    **dict.fromkeys(("limits", "requests", "resources", "securityContext", "metadata"), (dict, "a mapping")),
    **dict.fromkeys(("startupProbe", "readinessProbe", "livenessProbe", "matchLabels"), (dict, "a mapping")),
    **dict.fromkeys(("volumeClaimTemplate", "spec", "emptyDir", "ephemeral", "labelSelector"), (dict, "a mapping")),
}
"""What the fields that we look into must be."""
LISTS_OF_MAPPINGS = frozenset({"env", "ports", "volumeMounts", "volumeDevices"})


def plain(value: Any, field: str) -> Any:  # noqa: ANN401 - any part of a pod
    """A part of a custom resource as plain values: quantities in their canonical form, nulls and absent zeros left out.

    `field` is its path, for the Rejection that a bad quantity, or a text in the place of a list, raises.
    """
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, list):
        return [plain(item, f"{field}[{number}]") for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    return {key: entry(key, item, f"{field}.{key}") for key, item in value.items() if not _absent(key, item)}


def entry(key: str, value: Any, field: str) -> Any:  # noqa: ANN401 - any part of a pod
    """The value of the field `key` as `plain` gives it."""
    _check_shape(key, value, field)
    if key in SINGLE_QUANTITIES:
        return _quantity(value, field)
    if key in QUANTITIES:
        return {name: _quantity(item, f"{field}.{name}") for name, item in value.items() if item is not None}
    return dict(value) if key in FREE and isinstance(value, dict) else plain(value, field)


def named(items: Any, field: str, *keys: str) -> list[dict[str, Any]]:  # noqa: ANN401 - a list of the user's
    """A list of mappings as plain values, each of which has the fields `keys` (default: a name).

    Raises Rejection when one has not.
    """
    for number, item in enumerate(items or ()):
        for key in keys or ("name",):
            if not item.get(key):
                raise Rejection(f"lacks the field {key}", f"{field}[{number}]", hint=f"add {key}")
    made: list[dict[str, Any]] = plain(items or [], field)
    return made


def _absent(key: str, value: Any) -> bool:  # noqa: ANN401 - any part of a pod
    return value is None or (key in ZERO_IS_ABSENT and not value)


def _check_shape(key: str, value: Any, field: str) -> None:  # noqa: ANN401 - any part of a pod
    wanted, words = SHAPES.get(key, (object, ""))
    if value is not None and not isinstance(value, wanted):
        raise Rejection(f"{key} must be {words}", field, hint=f"write {words}")
    if key in LISTS_OF_MAPPINGS and isinstance(value, list) and not all(isinstance(item, dict) for item in value):
        raise Rejection(f"{key} must be a list of mappings", field, hint="write a list of mappings")


def _quantity(value: Any, field: str) -> str:  # noqa: ANN401 - what a user wrote
    hint = "write a quantity such as 500m or 1Gi"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Rejection("this is no quantity", field, hint=hint)
    try:
        return canonical(str(value))
    except QuantityError as error:
        raise Rejection(str(error), field, hint=hint) from None
