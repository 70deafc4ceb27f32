"""PrometheusRule: recording and alerting rules."""

from typing import Annotated

from msgspec import field

from render.api.model import Model, Resource
from render.api.scalars import Duration, IntOrString, NonEmpty, NonEmptyDuration, keyed_by, schema


class Rule(Model, kw_only=True, frozen=True):
    """A recording rule or an alerting rule."""

    alert: str | None = None
    annotations: dict[str, str] | None = None
    expr: IntOrString
    for_: Duration | None = field(default=None, name="for")
    keep_firing_for: NonEmptyDuration | None = None
    labels: dict[str, str] | None = None
    record: str | None = None


class RuleGroup(Model, kw_only=True, frozen=True):
    """Rules that are evaluated one after the other at the same interval."""

    interval: Duration | None = None
    labels: dict[str, str] | None = None
    limit: int | None = None
    name: NonEmpty
    partial_response_strategy: Annotated[str, schema(pattern="^(?i)(abort|warn)?$")] | None = None
    query_offset: Duration | None = None
    rules: list[Rule] | None = None


class PrometheusRuleSpec(Model, kw_only=True, frozen=True):
    """Groups of rules."""

    groups: Annotated[list[RuleGroup], keyed_by("name")] | None = None


class PrometheusRule(Resource, kw_only=True, frozen=True):
    """One PrometheusRule object."""

    spec: PrometheusRuleSpec
