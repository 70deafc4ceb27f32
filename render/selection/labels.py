"""Label selectors as Kubernetes evaluates them (`metav1.LabelSelectorAsSelector`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from render.findings import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from render.api.selectors import LabelSelector, LabelSelectorRequirement

    Predicate = Callable[[Mapping[str, str]], bool]


def compile_selector(selector: LabelSelector | None) -> Predicate:
    """A predicate over labels. No selector matches nothing, an empty one everything.

    Raises Rejection when an expression has an unknown operator, or values where none belong or none where some do.
    """
    if selector is None:
        return lambda _labels: False
    wanted = dict(selector.matchLabels or {})
    expressions = [
        _requirement(expression, number) for number, expression in enumerate(selector.matchExpressions or ())
    ]
    if not wanted and not expressions:
        return lambda _labels: True

    def matches(labels: Mapping[str, str]) -> bool:
        return all(labels.get(key) == value for key, value in wanted.items()) and all(
            holds(labels) for holds in expressions
        )

    return matches


def _requirement(expression: LabelSelectorRequirement, number: int) -> Predicate:
    key, values = expression.key, frozenset(expression.values or ())
    field = f"matchExpressions[{number}]"
    match expression.operator:
        case "In" if values:
            return lambda labels: labels.get(key) in values
        case "NotIn" if values:
            return lambda labels: key not in labels or labels[key] not in values
        case "Exists" if not values:
            return lambda labels: key in labels
        case "DoesNotExist" if not values:
            return lambda labels: key not in labels
        case "In" | "NotIn":
            message = f"operator {expression.operator} of the label {key!r} needs at least one value"
        case "Exists" | "DoesNotExist":
            message = f"operator {expression.operator} of the label {key!r} takes no values"
        case other:
            message = f"{other!r} is no operator of a label selector"
    raise Rejection(message, field, hint="use In or NotIn with values, or Exists or DoesNotExist without")


_TERM = re.compile(
    r"\s*(?:(?P<absent>!)\s*(?P<absent_key>[^\s!=,()]+)"
    r"|(?P<set_key>[^\s!=,()]+)\s+(?P<set>in|notin)\s*\((?P<values>[^()]*)\)"
    r"|(?P<key>[^\s!=,()]+)\s*(?:(?P<operator>==|=|!=)\s*(?P<value>[^\s!=,()]*))?)\s*(?:,|$)",
)


def parse_selector(text: str) -> Predicate:
    """A predicate from kubectl's text form: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. An empty text matches everything.

    Raises ValueError when the text cannot be read.
    """
    terms: list[Predicate] = []
    at = 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            message = f"label selector {text!r} cannot be read from character {at + 1} on"
            raise ValueError(message)
        terms.append(_term(found))
        at = found.end()
    return lambda labels: all(holds(labels) for holds in terms)


def _term(found: re.Match[str]) -> Predicate:
    if found["absent"]:
        key = found["absent_key"]
        return lambda labels: key not in labels
    if found["set"]:
        key, values = found["set_key"], frozenset(value.strip() for value in found["values"].split(","))
        if found["set"] == "in":
            return lambda labels: labels.get(key) in values
        return lambda labels: key not in labels or labels[key] not in values
    key, operator, value = found["key"], found["operator"], found["value"]
    if operator is None:
        return lambda labels: key in labels
    if operator == "!=":
        return lambda labels: labels.get(key) != value
    return lambda labels: labels.get(key) == value
