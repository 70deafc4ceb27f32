"""The tree of an expression: the parser makes it, `types` checks it, `enforcement` changes it, `printer` writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.promql.functions import Function


@dataclass(slots=True)
class Number:
    """A number; `duration` when it was written as one (`5m`) and is to be printed so. The value is then in seconds."""

    value: float
    duration: bool
    offset: int


@dataclass(slots=True)
class String:
    """A string literal; stray bytes are lone surrogates."""

    value: str
    offset: int


@dataclass(slots=True)
class Matcher:
    """A label matcher; `op` is one of `=`, `!=`, `=~`, `!~`."""

    name: str
    op: str
    value: str


@dataclass(slots=True)
class Arithmetic:
    """A duration that the server works out: an operator, `step`, `range`, `max_of` or `min_of`.

    A sign has no left side; `step` and `range` have neither. `wrapped` when it stands in parentheses.
    """

    op: str
    left: Number | Arithmetic | None = None
    right: Number | Arithmetic | None = None
    wrapped: bool = False


Length = int | Arithmetic
"""A duration in nanoseconds, or one that is worked out."""


@dataclass(slots=True)
class Placement:
    """When a selector or subquery looks: `at` is in milliseconds, or `start` or `end`."""

    offset: Length = 0
    at: int | str | None = None


@dataclass(slots=True)
class VectorSelector:
    """A selector of series. `name` is the one before the braces; it stands among the matchers too, as the last.

    `extension` is `anchored`, `smoothed` or empty.
    """

    name: str
    matchers: list[Matcher]
    offset: int
    placement: Placement = field(default_factory=Placement)
    extension: str = ""


@dataclass(slots=True)
class MatrixSelector:
    """A selector over a range. Its placement is that of the inner selector."""

    selector: VectorSelector
    range: Length
    offset: int


@dataclass(slots=True)
class Subquery:
    """An expression evaluated over a range; `step` is 0 for the default."""

    expr: Expr
    range: Length
    step: Length
    offset: int
    placement: Placement = field(default_factory=Placement)


@dataclass(slots=True)
class Paren:
    """An expression in parentheses."""

    expr: Expr
    offset: int


@dataclass(slots=True)
class Unary:
    """`+` or `-` before something that is not a plain number."""

    op: str
    expr: Expr
    offset: int


@dataclass(slots=True)
class Matching:
    """How the series of two vectors are paired; `group` is `left`, `right` or empty.

    `fill` holds the values for series that are missing on the left and on the right, each None when there is none.
    """

    on: bool = False
    labels: list[str] = field(default_factory=list)
    group: str = ""
    include: list[str] = field(default_factory=list)
    fill: tuple[float | None, float | None] = (None, None)


@dataclass(slots=True)
class Binary:
    """Two operands; `offset` is the operator's. The type check drops `matching` unless both are vectors."""

    op: str
    left: Expr
    right: Expr
    return_bool: bool
    matching: Matching | None
    offset: int


@dataclass(slots=True)
class Aggregation:
    """An aggregation; `param` is the first argument of those that take two."""

    op: str
    expr: Expr
    param: Expr | None
    without: bool
    grouping: list[str]
    offset: int


@dataclass(slots=True)
class Call:
    """A function call."""

    function: Function
    args: list[Expr]
    offset: int


def left_chain(node: Binary) -> list[Binary]:
    """The operator, the one that is its left operand, the one that is that one's, and so on."""
    chain = [node]
    while isinstance(chain[-1].left, Binary):
        chain.append(chain[-1].left)
    return chain


Expr = Number | String | VectorSelector | MatrixSelector | Subquery | Paren | Unary | Binary | Aggregation | Call
