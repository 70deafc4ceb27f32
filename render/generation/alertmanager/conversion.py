"""AlertmanagerConfig v1beta1 as v1alpha1, the form that the operator stores and generates from.

The two differ in a name: `timeIntervals` is `muteTimeIntervals` in v1alpha1. Key selectors have the same fields.
"""

from __future__ import annotations

from typing import Any

import msgspec

from render.api.alertmanager_config_v1alpha1 import AlertmanagerConfig, AlertmanagerConfigSpec

V1ALPHA1 = "monitoring.coreos.com/v1alpha1"


def spec_of(found: Any) -> AlertmanagerConfigSpec:  # noqa: ANN401 - the struct of either version
    """The spec in its stored form."""
    if isinstance(found, AlertmanagerConfig):
        return found.spec
    raw = {key: value for key, value in msgspec.to_builtins(found.spec).items() if value is not None}
    if "timeIntervals" in raw:
        raw["muteTimeIntervals"] = raw.pop("timeIntervals")
    return msgspec.convert(_without_nulls(raw), AlertmanagerConfigSpec)


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: _without_nulls(entry) for key, entry in value.items() if entry is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
