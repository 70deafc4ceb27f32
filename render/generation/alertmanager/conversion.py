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
    raw = msgspec.to_builtins(found.spec)
    raw["muteTimeIntervals"] = raw.pop("timeIntervals", None)
    return msgspec.convert(raw, AlertmanagerConfigSpec)


def field_of(found: Any, field: str) -> str:  # noqa: ANN401 - the struct of either version
    """The path, in the version that the user wrote, of a field of the stored form."""
    stored, written = "spec.muteTimeIntervals", "spec.timeIntervals"
    if isinstance(found, AlertmanagerConfig) or not field.startswith(stored):
        return field
    return f"{written}{field.removeprefix(stored)}"
