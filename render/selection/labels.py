"""Label selectors as Kubernetes evaluates them (`metav1.LabelSelectorAsSelector`)."""

from __future__ import annotations

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
    expressions = [_requirement(expression, number) for number, expression in enumerate(selector.matchExpressions or ())]
    if not wanted and not expressions:
        return lambda _labels: True

    def matches(labels: Mapping[str, str]) -> bool:
        return all(labels.get(key) == value for key, value in wanted.items()) and all(holds(labels) for holds in expressions)

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
