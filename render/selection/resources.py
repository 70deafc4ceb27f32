"""Selects the configuration resources of one kind for a workload object: by namespace, by label, by its own check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection, Report
from render.selection.labels import compile_selector
from render.selection.namespaces import namespace_filter, watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.api.selectors import LabelSelector
    from render.objects.index import Object, Objects
    from render.options import Options

SELECTED_BY = {
    "ServiceMonitor": "Prometheus or PrometheusAgent",
    "PodMonitor": "Prometheus or PrometheusAgent",
    "Probe": "Prometheus or PrometheusAgent",
    "ScrapeConfig": "Prometheus or PrometheusAgent",
    "PrometheusRule": "Prometheus or ThanosRuler",
    "AlertmanagerConfig": "Alertmanager",
}
"""Kinds of configuration resources and what selects them."""


def select(
    kind: str,
    selectors: tuple[LabelSelector | None, LabelSelector | None],
    own_namespace: str,
    objects: Objects,
    options: Options,
    report: Report | None = None,
) -> list[Object[Any]]:
    """The resources that `selectors` (labels, namespaces) pick, in the order of the text `namespace/name`.

    `report` remembers them. Raises Rejection when a selector is not valid.
    """
    labels, namespaces = selectors
    if labels is None:
        return []
    matches = compile_selector(labels)
    in_scope = namespace_filter(namespaces, own_namespace, objects)
    found = [
        candidate
        for candidate in objects.of_kind(kind)
        if watched(candidate.key.namespace, options)
        and in_scope(candidate.key.namespace)
        and matches(candidate.value.metadata.labels or {})
    ]
    if report is not None:
        report.selected.update(candidate.key for candidate in found)
    return sorted(found, key=lambda candidate: f"{candidate.key.namespace}/{candidate.key.name}")


def accept(candidates: list[Object[Any]], check: Callable[[Object[Any]], None], report: Report) -> list[Object[Any]]:
    """The candidates that pass `check`; each of the others is reported as rejected, and never stops the rest."""
    accepted = []
    for candidate in candidates:
        try:
            check(candidate)
        except Rejection as rejection:
            report.rejected(candidate.key, rejection)
        else:
            accepted.append(candidate)
    return accepted


def report_unselected(objects: Objects, report: Report) -> None:
    """A notice for each configuration resource that no workload object takes: nothing is left out in silence."""
    for kind, selecting in SELECTED_BY.items():
        for found in objects.of_kind(kind):
            if found.key not in report.selected:
                report.info(
                    "not-selected",
                    f"no {selecting} selects it",
                    found.key,
                    hint="compare its labels and namespace with the selectors; promrender validate says more",
                )
