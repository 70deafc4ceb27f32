"""The ThanosRuler that is being rendered, as the modules beside this one see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render import promql, versions
from render.findings import ObjectKey, Rejection, Report
from render.generation import enforcement, rules
from render.generation.rules import Dialect
from render.generation.scope import Scope
from render.selection.references import References

if TYPE_CHECKING:
    from render.api.thanos_ruler import ThanosRulerSpec
    from render.objects.index import Object, Objects
    from render.options import Options
    from render.versions import Version

PRODUCT = "Thanos"


@dataclass(slots=True)
class Ruler:
    """One ThanosRuler with what its modules share."""

    key: ObjectKey
    spec: ThanosRulerSpec
    version: Version
    references: References
    report: Report

    @property
    def scope(self) -> Scope:
        """The view of the object itself."""
        return Scope(self.key, self.version, self.references, self.report, PRODUCT)


def open_ruler(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Ruler:
    """The ruler of a workload object. Raises Rejection when its version is none."""
    spec: ThanosRulerSpec = workload.value.spec
    references = References(objects, reference_faults=options.reference_faults, by_reference=options.by_reference)
    return Ruler(workload.key, spec, _version(spec.version), references, report)


def _version(text: str | None) -> Version:
    try:
        return versions.parse(text or versions.DEFAULT_THANOS)
    except ValueError as error:
        hint = f"write a version such as {versions.DEFAULT_THANOS}"
        raise Rejection(str(error), "spec.version", code="version-invalid", hint=hint) from None


def rule_view(ruler: Ruler, rule: Object[Any], report: Report) -> tuple[Dialect, Scope]:
    """How a PrometheusRule is read for this ruler, and its own view that reports to `report`."""
    syntax = promql.syntax_of(ruler.spec.enableFeatures or ())
    enforced = enforcement.enforced_label(ruler.spec, rule.key)
    dialect = Dialect(rules.THANOS, syntax, enforced)
    return dialect, Scope(rule.key, ruler.version, ruler.references, report, PRODUCT)
