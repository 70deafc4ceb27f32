"""The stages in order: read this file first.

    sources → objects → selection → generation → assembly → output

`load` takes what the sources read to the index of objects; `render` takes the index to final Kubernetes objects.
Reading files and writing the result are the command line's part; nothing here does I/O.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from render.assembly import alertmanager as alertmanager_objects
from render.assembly import prometheus as prometheus_objects
from render.assembly import rbac
from render.assembly import thanos as thanos_objects
from render.assembly.workloads import share_services
from render.findings import Finding, ObjectKey, Rejection, Report
from render.selection.resources import report_unselected
from render.selection.workloads import workload_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest
    from render.objects.index import Objects
    from render.options import Options

MAKERS = {
    "Prometheus": prometheus_objects.make,
    "PrometheusAgent": prometheus_objects.make,
    "Alertmanager": alertmanager_objects.make,
    "ThanosRuler": thanos_objects.make,
}
"""What makes the final objects of each kind of workload object."""


@dataclass(frozen=True, slots=True)
class Result:
    """Final objects, ordered by namespace, kind and name, and everything there is to say."""

    objects: list[Manifest]
    findings: list[Finding]


def render(objects: Objects, options: Options) -> Result:
    """Render every workload object of the index. One that fails is an error of its own and never stops the others."""
    report = Report(list(objects.findings))
    made = [manifest for kind in MAKERS for manifest in _of_kind(kind, objects, options, report)]
    if not options.only and not options.only_namespaces:
        report_unselected(objects, report)
    return Result(sorted(rbac.share_accounts(share_services(made)), key=_order), report.findings)


def _of_kind(kind: str, objects: Objects, options: Options, report: Report) -> Iterator[Manifest]:
    for workload in workload_objects(kind, objects, options, report):
        try:
            yield from MAKERS[kind](rbac.with_account(workload, options), objects, options, report)
        except Rejection as rejection:
            report.rejected(workload.key, rejection)


def _order(manifest: Manifest) -> ObjectKey:
    metadata = manifest["metadata"]
    return ObjectKey(metadata.get("namespace", ""), manifest["kind"], metadata["name"])
