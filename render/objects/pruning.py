"""What the API server does to an object before it looks at it."""

from __future__ import annotations

from typing import Any


def prune_nulls(raw: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """Return a copy as the API server stores it: without null fields, and with whole numbers as such (1.0 is 1).

    A null among the items of a list stays, for it is an error. Source: Kubernetes' documentation of structural schemas,
    "Defaulting and nullable".
    """
    if isinstance(raw, dict):
        return {key: prune_nulls(value) for key, value in raw.items() if value is not None}
    if isinstance(raw, list):
        return [prune_nulls(item) for item in raw]
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return raw
