"""PrometheusRule objects to rule files, for Prometheus and for Thanos.

What is accepted follows Prometheus' own check of rule files (`model/rulefmt`, 3.13); which fields are dropped follows
the operator 0.93.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from render import promql
from render.findings import Rejection
from render.golang import durations, names, templates
from render.output import goyaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from render.api.prometheus_rule import PrometheusRule, Rule, RuleGroup
    from render.generation.fields import Block
    from render.generation.scope import Scope
    from render.objects.index import Object

FILE_LIMIT = 524_288
"""Bytes of one rule file, and of all files in one ConfigMap, at most: half of what Kubernetes stores."""

METRIC_NAME_LABEL = "__name__"


@dataclass(frozen=True, slots=True)
class RuleFormat:
    """What a server reads in rule files: the version since which it knows a field, and whether names may be UTF-8."""

    limit_since: str
    query_offset_since: str
    labels_since: str
    keep_firing_for_since: str
    utf8_since: str
    partial_response: bool


PROMETHEUS = RuleFormat("2.31.0", "2.53.0", "3.0.0", "2.42.0", "3.0.0", partial_response=False)
THANOS = RuleFormat("0.24.0", "0.38.0", "0.39.0", "0.34.0", "0.38.0", partial_response=True)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the expressions of one workload object are read.

    `enforced_label` is the label to put into every selector and onto every rule, empty when none is enforced;
    `legacy_names` refuses names in UTF-8 also where the version knows them.
    """

    form: RuleFormat
    syntax: promql.Syntax = promql.STABLE
    enforced_label: str = ""
    legacy_names: bool = False

    def utf8(self, scope: Scope) -> bool:
        """Whether names may hold any character."""
        return not self.legacy_names and scope.at_least(self.form.utf8_since)


def rule_file(rule: Object[PrometheusRule], dialect: Dialect, scope: Scope) -> str:
    """The text of the rule file that a PrometheusRule becomes.

    Raises Rejection with the first thing that the server would refuse, or when the file is over `FILE_LIMIT`.
    """
    groups = rule.value.spec.groups or []
    made = [_group(group, f"spec.groups[{number}]", dialect, scope) for number, group in enumerate(groups)]
    content: Block = {"groups": made} if made else {}
    text = goyaml.dumps(content)
    _check_size(text, content)
    return text


def _check_size(text: str, content: Block) -> None:
    """The limit is measured without what a server ignores: empty durations and the partial response strategy."""
    size = len(text.encode())
    if size <= FILE_LIMIT:
        return
    size = len(goyaml.dumps({"groups": [_measured(group) for group in content["groups"]]}).encode())
    if size > FILE_LIMIT:
        message = f"its rule file has {size} bytes, at most {FILE_LIMIT} fit into a ConfigMap"
        raise Rejection(
            message, "spec.groups", code="rule-file-too-large", hint="split it into several PrometheusRules"
        )


def _measured(group: Block) -> Block:
    kept = {
        key: value
        for key, value in group.items()
        if key != "partial_response_strategy" and (key, value) != ("interval", "")
    }
    if "rules" in kept:
        kept["rules"] = [
            {key: value for key, value in rule.items() if (key, value) != ("for", "")} for rule in kept["rules"]
        ]
    return kept


def faults(rule: Object[PrometheusRule], dialect: Dialect, scope: Scope) -> list[Rejection]:
    """All that a server would refuse in a PrometheusRule that has no rule file: of each group and rule the first fault.

    The size of the file is looked at in `rule_file` alone.
    """
    checks: list[Callable[[], Block]] = []
    for number, group in enumerate(rule.value.spec.groups or []):
        field = f"spec.groups[{number}]"
        checks.append(partial(_settings, group, field, dialect, scope))
        for place, entry in enumerate(group.rules or []):
            checks.append(partial(_rule, entry, f"{field}.rules[{place}]", dialect, scope))
    return [fault for fault in map(_fault, checks) if fault is not None]


def _fault(check: Callable[[], Block]) -> Rejection | None:
    try:
        check()
    except Rejection as rejection:
        return rejection
    return None


def _group(group: RuleGroup, field: str, dialect: Dialect, scope: Scope) -> Block:
    out = _settings(group, field, dialect, scope)
    if group.rules:
        out["rules"] = [
            _rule(rule, f"{field}.rules[{number}]", dialect, scope) for number, rule in enumerate(group.rules)
        ]
    return out


def _settings(group: RuleGroup, field: str, dialect: Dialect, scope: Scope) -> Block:
    form = dialect.form
    out: Block = {}
    if group.interval is not None:
        out["interval"] = group.interval
        _check_duration(group.interval or "0", f"{field}.interval")
    if group.labels and scope.allows(f"{field}.labels", form.labels_since):
        _check_labels(group.labels, f"{field}.labels", utf8=dialect.utf8(scope))
        out["labels"] = goyaml.sort_keys(group.labels)
    if group.limit is not None and scope.allows(f"{field}.limit", form.limit_since):
        out["limit"] = group.limit
    out["name"] = group.name
    if group.partial_response_strategy and form.partial_response:
        out["partial_response_strategy"] = group.partial_response_strategy
    if group.query_offset is not None and scope.allows(f"{field}.query_offset", form.query_offset_since):
        _check_duration(group.query_offset, f"{field}.query_offset")
        out["query_offset"] = group.query_offset
    return out


def _rule(rule: Rule, field: str, dialect: Dialect, scope: Scope) -> Block:
    utf8 = dialect.utf8(scope)
    keep_firing_for = rule.keep_firing_for
    if keep_firing_for is not None and not scope.allows(f"{field}.keep_firing_for", dialect.form.keep_firing_for_since):
        keep_firing_for = None
    _check_kind(rule, keep_firing_for, field, utf8=utf8)
    expression = _expression(rule.expr, f"{field}.expr", dialect, scope)
    labels = _enforced_labels(rule.labels, dialect, scope)
    _check_labels(labels, f"{field}.labels", utf8=utf8)
    for name in rule.annotations or {}:
        _check_name(name, f"{field}.annotations", utf8=utf8)
    if rule.alert:
        _check_templates(labels, f"{field}.labels")
        _check_templates(rule.annotations or {}, f"{field}.annotations")
    for duration, key in ((rule.for_ or "0", "for"), (keep_firing_for or "0", "keep_firing_for")):
        _check_duration(duration, f"{field}.{key}")
    values = (
        ("alert", rule.alert or None),
        ("annotations", goyaml.sort_keys(rule.annotations) if rule.annotations else None),
        ("expr", expression),
        ("for", rule.for_),
        ("keep_firing_for", keep_firing_for),
        ("labels", labels or None),
        ("record", rule.record or None),
    )
    return {key: value for key, value in values if value is not None}


def _check_kind(rule: Rule, keep_firing_for: str | None, field: str, *, utf8: bool) -> None:
    """Either an alerting or a recording rule, with the fields that belong to it."""
    if bool(rule.record) == bool(rule.alert):
        message = "record and alert are both set" if rule.record else "neither record nor alert is set"
        raise Rejection(message, field, code="rule-invalid", hint="set exactly one of them")
    if not rule.record:
        return
    for key, present in (
        ("annotations", bool(rule.annotations)),
        ("for", _lasts(rule.for_)),
        ("keep_firing_for", _lasts(keep_firing_for)),
    ):
        if present:
            message = f"a recording rule has no {key}"
            raise Rejection(
                message, f"{field}.{key}", code="rule-invalid", hint=f"remove {key}, or make it an alerting rule"
            )
    if not names.is_metric_name(rule.record, utf8=utf8) or "{" in rule.record or "}" in rule.record:
        message = f"{rule.record!r} is no metric name"
        raise Rejection(
            message, f"{field}.record", code="rule-invalid", hint="use letters, digits, underscores and colons"
        )


def _lasts(duration: str | None) -> bool:
    return bool(duration) and durations.parse_duration(duration or "0") != 0


def _expression(expr: str | int, field: str, dialect: Dialect, scope: Scope) -> str | int:
    text = str(expr)
    if not text:
        message = "expr is empty"
        raise Rejection(message, field, code="promql-invalid", hint="write a PromQL expression")
    if dialect.enforced_label:
        try:
            return promql.enforce(text, dialect.enforced_label, scope.namespace, dialect.syntax)
        except ValueError as error:
            message = f"the enforced label {dialect.enforced_label!r} cannot be put into the expression: {error}"
            raise Rejection(message, field, code="promql-invalid", hint="correct the expression") from None
    verdict = promql.check(text, dialect.syntax)
    if verdict is not None:
        raise Rejection(f"PromQL {verdict}", field, code="promql-invalid", hint="correct the expression")
    return expr


def _enforced_labels(labels: Mapping[str, str] | None, dialect: Dialect, scope: Scope) -> dict[str, str]:
    enforced = {dialect.enforced_label: scope.namespace} if dialect.enforced_label else {}
    return goyaml.sort_keys({**(labels or {}), **enforced})


def _check_labels(labels: Mapping[str, str], field: str, *, utf8: bool) -> None:
    for name in labels:
        _check_name(name, field, utf8=utf8)
        if name == METRIC_NAME_LABEL:
            message = f"the label {METRIC_NAME_LABEL} cannot be set"
            raise Rejection(message, field, code="rule-invalid", hint="remove it")


def _check_name(name: str, field: str, *, utf8: bool) -> None:
    if not names.is_label_name(name, utf8=utf8):
        message = f"{name!r} is no label name{'' if utf8 else ' for this version'}"
        raise Rejection(message, field, code="rule-invalid", hint="use letters, digits and underscores")


def _check_templates(texts: Mapping[str, str], field: str) -> None:
    for name, text in texts.items():
        try:
            templates.check_alert_template(text)
        except ValueError as error:
            message = f"the template of {name!r} does not parse: {error}"
            raise Rejection(message, f"{field}.{name}", code="template-invalid", hint="correct the template") from None


def _check_duration(text: str, field: str) -> None:
    try:
        durations.parse_duration(text)
    except ValueError as error:
        raise Rejection(
            str(error), field, code="duration-invalid", hint="write a duration such as 5m or 1h30m"
        ) from None


def config_maps(files: Mapping[str, str]) -> list[dict[str, str]]:
    """Rule files in groups that fit into one ConfigMap each: in order of their names, always into the last group.

    At least one.
    """
    out: list[dict[str, str]] = [{}]
    size = 0
    for name in sorted(files):
        weight = len(files[name].encode())
        if size + weight > FILE_LIMIT:
            out.append({})
            size = 0
        out[-1][name] = files[name]
        size += weight
    return out


def mounted_names(prefix: str, made: Iterable[Any], least: int) -> list[str]:
    """Names of the ConfigMaps that the server's pod mounts: those made, and as many more as make up `least`."""
    return [f"{prefix}-rulefiles-{number}" for number in range(max(len(list(made)), least))]
