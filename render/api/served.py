"""How the API server presents each kind: its columns in `kubectl get`, what `kubectl scale` changes, its versions."""

from __future__ import annotations

from typing import NamedTuple

from render.api import ALL, Kind

CATEGORY = "prometheus-operator"
"""`kubectl get prometheus-operator` lists the objects of all kinds."""


class Column(NamedTuple):
    """A column of `kubectl get`; those of priority 1 are shown with `-o wide` only."""

    name: str
    type: str
    path: str
    priority: int = 0


def _workload_columns(replicas: str) -> tuple[Column, ...]:
    return (
        Column("Version", "string", ".spec.version"),
        Column(replicas, "integer", ".spec.replicas"),
        Column("Ready", "integer", ".status.availableReplicas"),
        Column("Reconciled", "string", ".status.conditions[?(@.type == 'Reconciled')].status"),
        Column("Available", "string", ".status.conditions[?(@.type == 'Available')].status"),
        Column("Age", "date", ".metadata.creationTimestamp"),
        Column("Paused", "boolean", ".status.paused", priority=1),
    )


COLUMNS = {
    "Alertmanager": _workload_columns("Replicas"),
    "Prometheus": _workload_columns("Desired"),
    "PrometheusAgent": _workload_columns("Desired"),
    "ThanosRuler": _workload_columns("Replicas"),
}
"""The other kinds have the API server's own columns."""

SCALED_BY = {"Alertmanager": "replicas", "Prometheus": "shards", "PrometheusAgent": "shards"}
"""The field that `kubectl scale` and autoscalers change; the status has one of the same name."""

STORED = {"AlertmanagerConfig": "v1alpha1"}
"""The version that is kept in the store, where a kind has several."""


def definitions() -> dict[str, tuple[Kind, ...]]:
    """Return the versions of each kind by its plural, in the order of their names."""
    found: dict[str, tuple[Kind, ...]] = {}
    for kind in ALL:
        found[kind.plural] = (*found.get(kind.plural, ()), kind)
    return found
