"""Expressions with an enforced label, in the canonical form that the real promtool prints."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from render import promql

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS: dict[str, list[str]] = json.loads((Path(__file__).parent / "expressions.json").read_text())

PRINTED = {
    "up": 'up{ns="a"}',
    "sum (rate( x{b='c'}[300] ) )by(z)": 'sum by (z) (rate(x{b="c",ns="a"}[5m]))',
    'x{ns="b",ns!="c",ns=~"d"}': 'x{ns="a"}',
    '{"my.metric"}': '{__name__="my.metric",ns="a"}',
    "-2^2+-(1)": "-2 ^ 2 + -(1)",
    "a*on(x)group_left b": 'a{ns="a"} * on (x) group_left () b{ns="a"}',
    "1+on()a": '1 + a{ns="a"}',
    "a[1h:5m]@start()offset -1d12h": 'a{ns="a"}[1h:5m] @ start() offset -1d12h',
    "a @ 1.5": 'a{ns="a"} @ 1.500',
    "0x1F + 1e21 + 1_000 + .5 + 90m + -inf": "31 + 1000000000000000000000 + 1000 + 0.5 + 1h30m + -Inf",
    '"\\x41\\xff\\u2028é\'"': '"A\\xff\\u2028é\'"',
    "topk(scalar(a), b)": 'topk(scalar(a), b{ns="a"})',
    'sum by ("b.c", d) (a)': 'sum by ("b.c", d) (a{ns="a"})',
    "A AND B": 'A{ns="a"} and B{ns="a"}',
}
FLAGGED = {
    "a[5m*-2] offset (5m)+3": 'a{ns="a"}[5m * -2] offset 5m + 3',
    "a[max_of(5m,step())^2:RANGE()]": 'a{ns="a"}[max_of(5m, step()) ^ 2:range()]',
    "a offset -((step()-1m)*2)": 'a{ns="a"} offset -((step() - 1m) * 2)',
    "a[5m] smoothed @ 5 offset 1m": 'a{ns="a"}[5m] smoothed @ 5.000 offset 1m',
    "a anchored @ 5 offset 1m": 'a{ns="a"} @ 5.000 anchored offset 1m',
    "a+fill(0)b": 'a{ns="a"} + fill (0) b{ns="a"}',
    "a+on(x)fill_right(1e6)fill_left(-5m)b": 'a{ns="a"} + on (x) fill_left (-300) fill_right (1e+06) b{ns="a"}',
    "a + fill(nan) b": 'a{ns="a"} + fill_left (NaN) fill_right (NaN) b{ns="a"}',
    "info(a, {})": 'info(a{ns="a"}, {ns="a"})',
}
ALL = promql.Syntax(*[True] * len(promql.STABLE))


@pytest.mark.parametrize("expr", PRINTED)
def test_printed(expr: str) -> None:
    assert promql.enforce(expr, "ns", "a") == PRINTED[expr]


@pytest.mark.parametrize("expr", FLAGGED)
def test_printed_with_all_flags(expr: str) -> None:
    assert promql.enforce(expr, "ns", "a", ALL) == FLAGGED[expr]


@pytest.mark.parametrize("expr", ROWS["refused"])
def test_what_is_refused_raises(expr: str) -> None:
    with pytest.raises(promql.PromQLError, match=r"^[1-9]\d*:[1-9]\d*: ."):
        promql.enforce(expr, "ns", "a", ALL)


@pytest.mark.parametrize("expr", ROWS["accepted"])
def test_printing_is_stable(expr: str) -> None:
    """What was printed is accepted, and printed the same again."""
    printed = promql.enforce(expr, "ns", 'a"b')
    assert promql.check(printed) is None
    assert promql.enforce(printed, "ns", 'a"b') == printed


def _comparable(expr: str) -> bool:
    """Whether promtool's command prints what the operator would.

    It enforces the parameters of aggregations too, changes a matcher where it stands, breaks long lines, and takes a
    leading sign for a flag.
    """
    long = len(promql.enforce(expr, "ns", 'a"b')) > 100
    return not (long or "(scalar(" in expr or "ns=" in expr or expr.startswith("-"))


@pytest.mark.parametrize("expr", [expr for expr in (*ROWS["accepted"], *PRINTED) if _comparable(expr)])
def test_promtool_prints_the_same(tool: Callable[[str], Path], expr: str) -> None:
    command = [str(tool("promtool")), "--experimental", "promql", "label-matchers", "set", expr, "ns", 'a"b']
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert promql.enforce(expr, "ns", 'a"b') == done.stdout.rstrip("\n")
