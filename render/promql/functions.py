"""The functions of PromQL: the types of their arguments and of their result.

Source: Prometheus 3.13, `promql/parser/functions.go`.
"""

from __future__ import annotations

from typing import NamedTuple

VECTOR, MATRIX, SCALAR, STRING = "instant vector", "range vector", "scalar", "string"


class Function(NamedTuple):
    """A function. The last argument may be left out, or repeated `variadic` times at most; -1 is without limit."""

    name: str
    args: tuple[str, ...]
    result: str = VECTOR
    variadic: int = 0
    experimental: bool = False


_OF_VECTOR = (
    "abs", "absent", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg", "exp",
    "floor", "histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum", "ln",
    "log10", "log2", "rad", "sgn", "sin", "sinh", "sort", "sort_desc", "sqrt", "tan", "tanh", "timestamp",
)  # fmt: skip
_OF_OPTIONAL_VECTOR = (
    "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year",
)  # fmt: skip
_OF_MATRIX = (
    "absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv", "idelta", "increase",
    "irate", "last_over_time", "max_over_time", "min_over_time", "present_over_time", "rate", "resets",
    "stddev_over_time", "stdvar_over_time", "sum_over_time",
)  # fmt: skip
_OF_MATRIX_EXPERIMENTAL = (
    "first_over_time", "mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time",
    "ts_of_min_over_time",
)  # fmt: skip
_OTHERS = (
    Function("clamp", (VECTOR, SCALAR, SCALAR)),
    Function("clamp_max", (VECTOR, SCALAR)),
    Function("clamp_min", (VECTOR, SCALAR)),
    Function("double_exponential_smoothing", (MATRIX, SCALAR, SCALAR), experimental=True),
    Function("end", (), SCALAR, experimental=True),
    Function("histogram_fraction", (SCALAR, SCALAR, VECTOR)),
    Function("histogram_quantile", (SCALAR, VECTOR)),
    Function("histogram_quantiles", (VECTOR, STRING, SCALAR, SCALAR), variadic=9, experimental=True),
    Function("info", (VECTOR, VECTOR), variadic=1, experimental=True),
    Function("label_join", (VECTOR, STRING, STRING, STRING), variadic=-1),
    Function("label_replace", (VECTOR, STRING, STRING, STRING, STRING)),
    Function("max_of", (SCALAR, SCALAR), SCALAR, experimental=True),
    Function("min_of", (SCALAR, SCALAR), SCALAR, experimental=True),
    Function("pi", (), SCALAR),
    Function("predict_linear", (MATRIX, SCALAR)),
    Function("quantile_over_time", (SCALAR, MATRIX)),
    Function("range", (), SCALAR, experimental=True),
    Function("round", (VECTOR, SCALAR), variadic=1),
    Function("scalar", (VECTOR,), SCALAR),
    Function("sort_by_label", (VECTOR, STRING), variadic=-1, experimental=True),
    Function("sort_by_label_desc", (VECTOR, STRING), variadic=-1, experimental=True),
    Function("start", (), SCALAR, experimental=True),
    Function("step", (), SCALAR, experimental=True),
    Function("time", (), SCALAR),
    Function("vector", (SCALAR,)),
)

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        *(Function(name, (VECTOR,)) for name in _OF_VECTOR),
        *(Function(name, (VECTOR,), variadic=1) for name in _OF_OPTIONAL_VECTOR),
        *(Function(name, (MATRIX,)) for name in _OF_MATRIX),
        *(Function(name, (MATRIX,), experimental=True) for name in _OF_MATRIX_EXPERIMENTAL),
        *_OTHERS,
    )
}
