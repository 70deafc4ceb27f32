"""Likely typos: a selector that would match if one of its labels were spelled otherwise."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from render.findings import Rejection
from render.selection.labels import compile_selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from render.api.selectors import LabelSelector

LIKE = 0.85
"""From this similarity on (0 to 1), two texts may be one word, once mistyped."""
SHORTEST = 4
"""Shorter words are like each other by chance."""
MOST = 300
"""So many candidates are compared with a selector."""
_DIGITS = re.compile(r"\d+")


class Near(NamedTuple):
    """A label of a selector and what it probably means."""

    label: str
    value: str
    meant_label: str
    meant_value: str

    def __str__(self) -> str:
        return f"{self.label}={self.value} is probably meant to be {self.meant_label}={self.meant_value}"


def nearest(selector: LabelSelector, candidates: Iterable[Mapping[str, str]]) -> Near | None:
    """The label of a selector that alone keeps it from matching one of the candidates' labels, spelled much alike.

    None when there is no such label or candidate.
    """
    try:
        expressions = compile_selector(_without_labels(selector))
    except Rejection:
        return None
    wanted = selector.matchLabels or {}
    found = (_near(wanted, labels) for labels in islice(candidates, MOST) if expressions(labels))
    return next((near for near in found if near is not None), None)


def _without_labels(selector: LabelSelector) -> LabelSelector:
    return type(selector)(matchExpressions=selector.matchExpressions)


def _near(wanted: Mapping[str, str], labels: Mapping[str, str]) -> Near | None:
    missing = [(label, value) for label, value in wanted.items() if labels.get(label) != value]
    if len(missing) != 1:
        return None
    label, value = missing[0]
    if label in labels:
        return Near(label, value, label, labels[label]) if alike(value, labels[label]) else None
    others = (other for other, text in labels.items() if text == value and other not in wanted and alike(label, other))
    other = next(others, None)
    return Near(label, value, other, value) if other is not None else None


def alike(one: str, other: str) -> bool:
    """Whether two texts look like one word, once mistyped; those that differ in numbers alone are two names."""
    if one == other or len(one) < SHORTEST or len(other) < SHORTEST:
        return False
    if _DIGITS.sub("", one) == _DIGITS.sub("", other):
        return False
    return SequenceMatcher(None, one.lower(), other.lower()).ratio() >= LIKE
