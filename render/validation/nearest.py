"""Likely typos: a selector that would match if one of its labels were spelled otherwise."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from render.findings import Rejection
from render.selection.labels import compile_selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from render.api.selectors import LabelSelector

SHORTEST = 4
"""Shorter words are like each other by chance."""
LETTERS_PER_TYPO = 4
MOST_TYPOS = 2
MOST = 300
"""So many candidates are compared with a selector."""
_DIGITS = re.compile(r"\d+")
_SEPARATORS = re.compile(r"[-._/]")


class Near(NamedTuple):
    """A label of a selector and what it probably means."""

    label: str
    value: str
    meant_label: str
    meant_value: str

    @property
    def meant(self) -> str:
        """What is probably meant, as `label=value`."""
        return f"{self.meant_label}={self.meant_value}"

    def __str__(self) -> str:
        return f"{self.label}={self.value} is probably meant to be {self.meant}"


def nearest(selector: LabelSelector, candidates: Iterable[Mapping[str, str]]) -> Near | None:
    """The label of a selector that alone keeps it from matching one of the candidates' labels, spelled much alike.

    None when there is no such label or candidate.
    """
    wanted = {label: [value] for label, value in (selector.matchLabels or {}).items()}
    others = []
    for expression in selector.matchExpressions or ():
        if expression.operator == "In" and expression.key not in wanted:
            wanted[expression.key] = list(expression.values or ())
        else:
            others.append(expression)
    try:
        holds = compile_selector(type(selector)(matchExpressions=others))
    except Rejection:
        return None
    found = (_near(wanted, labels) for labels in islice(candidates, MOST) if holds(labels))
    return next((near for near in found if near is not None), None)


def _near(wanted: Mapping[str, list[str]], labels: Mapping[str, str]) -> Near | None:
    """`wanted`: by label the values of which one must be there."""
    missing = [label for label, values in wanted.items() if labels.get(label) not in values]
    if len(missing) != 1:
        return None
    (label,) = missing
    for value in wanted[label]:
        if label not in labels:
            spelled = (other for other, text in labels.items() if text == value and other not in wanted)
            other = next((other for other in spelled if alike(label, other)), None)
            if other is not None:
                return Near(label, value, other, value)
        elif alike(value, labels[label]):
            return Near(label, value, label, labels[label])
    return None


def alike(one: str, other: str) -> bool:
    """Whether two texts look like one, once mistyped: a typo for each four letters of a word, and at most two.

    Names that differ in numbers alone, or in a short part between separators (team-a and team-b), are two names.
    """
    if one == other or _DIGITS.sub("", one) == _DIGITS.sub("", other):
        return False
    words, others = _SEPARATORS.split(one), _SEPARATORS.split(other)
    if len(words) != len(others):
        return _mistyped(one, other)
    different = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(different) <= 1 and all(_mistyped(*pair) for pair in different)


def _mistyped(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return shorter >= SHORTEST and within(one.lower(), other.lower(), min(shorter // LETTERS_PER_TYPO, MOST_TYPOS))


def within(one: str, other: str, typos: int) -> bool:
    """Whether at most so many letters are added, left out, replaced or swapped with the next.

    One of these must have happened at the first difference.
    """
    if one == other:
        return True
    if not typos or abs(len(one) - len(other)) > typos:
        return False
    pairs = enumerate(zip(one, other, strict=False))
    same = next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
    one, other = one[same:], other[same:]
    rests = [(one[1:], other), (one, other[1:]), (one[1:], other[1:])]
    if one[:2] == other[1::-1]:
        rests.append((one[2:], other[2:]))
    return any(within(*rest, typos - 1) for rest in rests)
