"""The enforced namespace label: which objects it applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.api.common_prometheus import CommonPrometheusFields
    from render.api.thanos_ruler import ThanosRulerSpec
    from render.findings import ObjectKey

RESOURCE_OF = {
    "PrometheusRule": "prometheusrules",
    "ServiceMonitor": "servicemonitors",
    "PodMonitor": "podmonitors",
    "Probe": "probes",
    "ScrapeConfig": "scrapeconfigs",
}
"""The API resource of each kind, as exclusions name it."""


def enforced_label(spec: CommonPrometheusFields | ThanosRulerSpec, key: ObjectKey) -> str:
    """The label that must carry the namespace of the object `key`; empty when none is enforced on it."""
    label = spec.enforcedNamespaceLabel or ""
    return "" if label and _excluded(spec, key) else label


def _excluded(spec: CommonPrometheusFields | ThanosRulerSpec, key: ObjectKey) -> bool:
    """Exclusions without a name hold for all objects of the kind in the namespace."""
    group = (key.namespace, RESOURCE_OF[key.kind])
    for reference in spec.excludedFromEnforcement or ():
        if (reference.namespace, reference.resource) == group and reference.name in (None, "", key.name):
            return True
    if key.kind != "PrometheusRule":
        return False
    return any(
        rule.ruleNamespace == key.namespace and rule.ruleName in ("", key.name)
        for rule in getattr(spec, "prometheusRulesExcludedFromEnforce", None) or ()
    )
