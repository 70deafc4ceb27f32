"""Exceptions from the enforced namespace label."""

from typing import Literal

from render.api.model import Model
from render.api.scalars import NonEmpty


class ObjectReference(Model, kw_only=True, frozen=True):
    """An object, or all of a namespace, that is left alone by the enforced namespace label."""

    group: Literal["monitoring.coreos.com"] = "monitoring.coreos.com"
    name: str | None = None
    namespace: NonEmpty
    resource: Literal["prometheusrules", "servicemonitors", "podmonitors", "probes", "scrapeconfigs"]


class PrometheusRuleExcludeConfig(Model, kw_only=True, frozen=True):
    """A PrometheusRule that is left alone by the enforced namespace label (the older form)."""

    ruleName: str
    ruleNamespace: str
