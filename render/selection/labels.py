"""Label selectors as Kubernetes evaluates them (`metav1.LabelSelectorAsSelector`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from render.findings import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from render.api.selectors import LabelSelector, LabelSelectorRequirement

    Predicate = Callable[[Mapping[str, str]], bool]

_NAME = re.compile(r"(?=.{1,63}\Z)[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?", re.ASCII)
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*", re.ASCII)
_LONGEST_PREFIX = 253


def compile_selector(selector: LabelSelector | None, field: str = "") -> Predicate:
    """A predicate over labels. No selector matches nothing, an empty one everything.

    Raises Rejection when an expression has an unknown operator, or values where none belong or none where some do, or
    when a key or a value is no label of Kubernetes. `field` is the selector's own path.
    """
    if selector is None:
        return lambda _labels: False
    below = f"{field}." if field else ""
    _check_labels(selector, below)
    wanted = dict(selector.matchLabels or {})
    expressions = [
        _requirement(expression, f"{below}matchExpressions[{number}]")
        for number, expression in enumerate(selector.matchExpressions or ())
    ]
    if not wanted and not expressions:
        return lambda _labels: True

    def matches(labels: Mapping[str, str]) -> bool:
        return all(labels.get(key) == value for key, value in wanted.items()) and all(
            holds(labels) for holds in expressions
        )

    return matches


def _check_labels(selector: LabelSelector, below: str) -> None:
    """Every key and value of the selector can be a label in Kubernetes. Raises Rejection."""
    for key, value in (selector.matchLabels or {}).items():
        _check_label(key, (value,), f"{below}matchLabels")
    for number, expression in enumerate(selector.matchExpressions or ()):
        _check_label(expression.key, expression.values or (), f"{below}matchExpressions[{number}]")


def _check_label(key: str, values: Iterable[str], field: str) -> None:
    prefix, slash, name = key.rpartition("/")
    if not _NAME.fullmatch(name) or (slash and not (_SUBDOMAIN.fullmatch(prefix) and len(prefix) <= _LONGEST_PREFIX)):
        raise Rejection(
            f"{key!r} is no label key of Kubernetes", field, hint="write a key such as app or example.com/app"
        )
    for value in values:
        if value and not _NAME.fullmatch(value):
            hint = "write at most 63 letters, digits, dots, dashes and underscores"
            raise Rejection(f"{value!r} is no label value of Kubernetes", field, hint=hint)


def _requirement(expression: LabelSelectorRequirement, field: str) -> Predicate:
    key, values = expression.key, frozenset(expression.values or ())
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


def format_selector(selector: LabelSelector) -> str:
    """The selector as Kubernetes prints it, terms by key and values sorted: `app=web,env in (dev,prod)`."""
    terms = [(key, f"{key}={value}") for key, value in (selector.matchLabels or {}).items()]
    terms += [(expression.key, _format_requirement(expression)) for expression in selector.matchExpressions or ()]
    return ",".join(text for _, text in sorted(terms, key=lambda term: term[0]))


def _format_requirement(expression: LabelSelectorRequirement) -> str:
    key, values = expression.key, ",".join(sorted(expression.values or ()))
    match expression.operator:
        case "In":
            return f"{key} in ({values})"
        case "NotIn":
            return f"{key} notin ({values})"
        case "Exists":
            return key
        case _:
            return f"!{key}"
