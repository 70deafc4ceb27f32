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


def plain(value: Any, field: str) -> Any:  # noqa: ANN401 - any part of a pod
    """A part of a custom resource as plain values: quantities in their canonical form, nulls and absent zeros left out.

    `field` is its path, for the Rejection that a bad quantity raises.
    """
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, list):
        return [plain(item, f"{field}[{number}]") for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    return {key: _entry(key, item, f"{field}.{key}") for key, item in value.items() if not _absent(key, item)}


def _absent(key: str, value: Any) -> bool:  # noqa: ANN401 - any part of a pod
    return value is None or (key in ZERO_IS_ABSENT and not value)


def _entry(key: str, value: Any, field: str) -> Any:  # noqa: ANN401 - any part of a pod
    if key in SINGLE_QUANTITIES:
        return _quantity(value, field)
    if key in QUANTITIES and isinstance(value, dict):
        return {name: _quantity(item, f"{field}.{name}") for name, item in value.items() if item is not None}
    return plain(value, field)


def _quantity(value: Any, field: str) -> str:  # noqa: ANN401 - what a user wrote
    try:
        return canonical(value)
    except QuantityError as error:
        raise Rejection(str(error), field, hint="write a quantity such as 500m or 1Gi") from None
