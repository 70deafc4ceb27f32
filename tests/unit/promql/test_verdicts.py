"""Which expressions are accepted, by our own reading and by the real promtool, over the rows of expressions.json."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from render import promql

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS: dict[str, list[str]] = json.loads((Path(__file__).parent / "expressions.json").read_text())
ALL = promql.Syntax(*[True] * len(promql.STABLE))
# The flag that admits each list of rows. No promtool knows the last one.
FLAGS = {
    "functions": "promql-experimental-functions",
    "durations": "promql-duration-expr",
    "ranges": "promql-extended-range-selectors",
    "fills": "promql-binop-fill-modifiers",
}


@pytest.mark.parametrize("expr", ROWS["accepted"])
def test_accepted(expr: str) -> None:
    assert promql.check(expr) is None
    assert promql.check(expr, ALL) is None


@pytest.mark.parametrize(("kind", "expr"), [(kind, expr) for kind in FLAGS for expr in ROWS[kind]])
def test_accepted_with_one_flag_only(kind: str, expr: str) -> None:
    assert promql.check(expr, promql.syntax_of(["unrelated", FLAGS[kind]])) is None
    others = promql.syntax_of(flag for other, flag in FLAGS.items() if other != kind)
    assert promql.check(expr, others) is not None


@pytest.mark.parametrize("expr", ROWS["refused"])
def test_refused(expr: str) -> None:
    for syntax in (promql.STABLE, ALL):
        message = promql.check(expr, syntax)
        assert message is not None
        assert re.match(r"[1-9]\d*:[1-9]\d*: .", message)


@pytest.mark.parametrize("flags", [[], ["functions"], ["durations", "ranges"]], ids=",".join)
def test_promtool_says_the_same(tool: Callable[[str], Path], tmp_path: Path, flags: list[str]) -> None:
    features = [FLAGS[flag] for flag in flags]
    promtool = [str(tool("promtool")), *(f"--enable-feature={feature}" for feature in features)]
    exprs = [expr for rows in ROWS.values() for expr in rows]
    ours = {expr for expr in exprs if promql.check(expr, promql.syntax_of(features)) is not None}
    assert _refused_by(promtool, exprs, tmp_path) == ours


def _refused_by(promtool: list[str], exprs: list[str], folder: Path) -> set[str]:
    """The expressions that promtool refuses, from one file with a recording rule for each."""
    rules = [{"record": "row", "labels": {"row": str(number)}, "expr": expr} for number, expr in enumerate(exprs)]
    file = folder / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "rows", "rules": rules}]}))
    command = [*promtool, "check", "rules", str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    errors = re.findall(r'group "rows", rule (\d+), "row": (?:could not parse|field \'expr\')', done.stdout)
    return {exprs[int(number) - 1] for number in errors}


@pytest.mark.parametrize(
    ("expr", "position"),
    [
        ("sum(", "1:5"),
        ("a +\n  * b", "2:3"),
        ("rate(\n a\n)", "2:2"),
        ("é", "1:1"),
        ('{a="é"} $', "1:9"),
        ("a[5m] offset 1x", "1:14"),
    ],
)
def test_messages_tell_the_position(expr: str, position: str) -> None:
    assert str(promql.check(expr)).startswith(f"{position}: ")


def test_expressions_of_one_template_are_read_once() -> None:
    before = promql._is_accepted.cache_info().misses
    for number in range(1000):
        assert promql.check(f'rate(requests_of_a_template{{job="svc{number}",code=~"5.."}}[5m]) > 1') is None
    assert promql._is_accepted.cache_info().misses == before + 1


def test_values_that_look_alike_are_told_apart() -> None:
    """Expressions that differ only in plain values of labels are read once; nothing else may be mistaken for that."""
    assert promql.check('f("b=", "c")') is not None
    assert promql.check('label_join(a, "b=", "c")') is None
    assert promql.check('label_join(a, "b=" )( "c")') is not None
    assert promql.check('{a="x"}') is None
    assert promql.check('{a=""}') is not None
    assert promql.check('{a!="x"}') is not None
    assert promql.check("{a='x'}") is None
    assert promql.check('{a="\\q"}') is not None
    assert promql.check('x # {a="\n') is None
    assert promql.check('x # {a="\n}') is not None


def test_long_chains_are_no_deep_nesting() -> None:
    chain = " + ".join(["a"] * 5000)
    assert promql.check(chain) is None
    assert promql.enforce(chain, "b", "c") == " + ".join(['a{b="c"}'] * 5000)


def test_deep_nesting_is_refused_without_a_crash() -> None:
    assert "deep" in str(promql.check("(" * 100_000 + "1" + ")" * 100_000))
