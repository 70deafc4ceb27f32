"""Which workload objects are rendered: the operator's instance scope, the user's `--only`.

And objects that are paused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.selection.labels import parse_selector
from render.selection.namespaces import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.findings import Report
    from render.objects.index import Object, Objects
    from render.options import Options

CONTROLLER_ID = "operator.prometheus.io/controller-id"


def workload_objects(kind: str, objects: Objects, options: Options, report: Report) -> Iterator[Object[Any]]:
    """The objects of `kind` to render, in order of namespace and name.

    Objects out of the operator's scope are passed over with a notice, paused ones with a warning.
    """
    namespaces, selector = _instance_scope(kind, options)
    matches = parse_selector(selector)
    for workload in objects.of_kind(kind):
        if not _wanted(workload, options):
            continue
        in_namespace = workload.key.namespace in namespaces if namespaces else watched(workload.key.namespace, options)
        if not in_namespace or not matches(workload.value.metadata.labels) or not _controlled(workload, options):
            report.info(
                "out-of-scope", "not rendered: the operator's flags leave it to another controller", workload.key
            )
        elif workload.value.spec.paused:
            report.warning(
                "paused", "spec.paused is set: nothing is rendered for it", workload.key, field="spec.paused"
            )
        else:
            yield workload


def _instance_scope(kind: str, options: Options) -> tuple[frozenset[str], str]:
    if kind == "Alertmanager":
        return options.alertmanager_instance_namespaces, options.alertmanager_instance_selector
    if kind == "ThanosRuler":
        return options.thanos_ruler_instance_namespaces, options.thanos_ruler_instance_selector
    return options.prometheus_instance_namespaces, options.prometheus_instance_selector


def _wanted(workload: Object[Any], options: Options) -> bool:
    if options.only_namespaces and workload.key.namespace not in options.only_namespaces:
        return False
    return not options.only or (workload.key.kind, workload.key.name) in options.only


def _controlled(workload: Object[Any], options: Options) -> bool:
    assigned: str = workload.value.metadata.annotations.get(CONTROLLER_ID, "")
    return assigned == options.controller_id
