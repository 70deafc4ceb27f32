"""What a rule file must look like, as Prometheus and Thanos read it.

Source of the rules: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ and alerting_rules.
Fields of any version are accepted: the reloader does not know which server will read the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DURATION = re.compile(r"(?=.)(?:0|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)")
_GROUP = {"name", "interval", "query_offset", "limit", "labels", "rules", "partial_response_strategy"}
_RULE = {"record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"}
_ALERT_ONLY = ("for", "keep_firing_for", "annotations")


def faults(content: object, promql: Callable[[str], str]) -> Iterator[str]:
    """What is wrong with a parsed rule file; `promql` says what is wrong with an expression, or nothing."""
    if not isinstance(content, dict):
        yield "the file must be a mapping with groups"
        return
    yield from _unknown("", content, {"groups"})
    groups = content.get("groups") or []
    if not isinstance(groups, list):
        yield "groups: must be a list"
        return
    names: set[str] = set()
    for number, group in enumerate(groups):
        place = f"groups[{number}]"
        yield from _group(place, group, promql)
        name = str(group.get("name")) if isinstance(group, dict) else ""
        if name in names:
            yield f"{place}.name: {name} is there twice"
        names.add(name)


def _group(place: str, group: object, promql: Callable[[str], str]) -> Iterator[str]:
    if not isinstance(group, dict):
        yield f"{place}: must be a mapping"
        return
    yield from _unknown(place, group, _GROUP)
    if not group.get("name"):
        yield f"{place}.name: must not be empty"
    yield from _durations(place, group, ("interval", "query_offset"))
    yield from _texts(place, group, "labels")
    rules = group.get("rules") or []
    if not isinstance(rules, list):
        yield f"{place}.rules: must be a list"
        return
    for number, rule in enumerate(rules):
        yield from _rule(f"{place}.rules[{number}]", rule, promql)


def _rule(place: str, rule: object, promql: Callable[[str], str]) -> Iterator[str]:
    if not isinstance(rule, dict):
        yield f"{place}: must be a mapping"
        return
    yield from _unknown(place, rule, _RULE)
    if bool(rule.get("record")) == bool(rule.get("alert")):
        yield f"{place}: must have either record or alert"
    if rule.get("record"):
        yield from (f"{place}.{name}: only an alert has it" for name in _ALERT_ONLY if rule.get(name))
    yield from _durations(place, rule, ("for", "keep_firing_for"))
    yield from _texts(place, rule, "labels")
    yield from _texts(place, rule, "annotations")
    expression = rule.get("expr")
    if not isinstance(expression, str) or not expression.strip():
        yield f"{place}.expr: must not be empty"
        return
    wrong = promql(expression)
    if wrong:
        yield f"{place}.expr: {wrong}"


def _unknown(place: str, mapping: dict[object, object], known: set[str]) -> Iterator[str]:
    for name in mapping:
        if name not in known:
            yield f"{place}.{name}: no such field".removeprefix(".")


def _durations(place: str, mapping: dict[str, object], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = mapping.get(name)
        if value and not (isinstance(value, str) and _DURATION.fullmatch(value)):
            yield f"{place}.{name}: {value!r} is not a duration like 1m30s"


def _texts(place: str, mapping: dict[str, object], name: str) -> Iterator[str]:
    value = mapping.get(name) or {}
    if not isinstance(value, dict):
        yield f"{place}.{name}: must be a mapping"
        return
    for key, text in value.items():
        if not isinstance(text, str):
            yield f"{place}.{name}.{key}: must be a text"
        elif key == "" or (name == "labels" and key == "__name__"):
            yield f"{place}.{name}: {key!r} cannot be a label"
