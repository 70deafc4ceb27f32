"""Random expressions, sound and broken, read by us and by the real promtool."""

from __future__ import annotations

import json
import random
import re
import subprocess
from typing import TYPE_CHECKING

from render import promql

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXPRESSIONS = 3000
DEPTH = 5
# Each name has its alternatives, the first of which comes to an end.
GRAMMAR = {
    "expr": ("<vector>", "<scalar>", "(<expr>)", "<sign><expr>", "<expr> <operator><matching> <expr>", "<string>"),
    "vector": ("<selector>", "<selector><when>", "<vector> <operator><matching> <vector>", "<aggregation>", "<call>"),
    "scalar": ("1", "<number>", "<number>", "scalar(<vector>)", "time()", "<scalar> <operator> <scalar>", "pi()"),
    "number": ("5", "0.5", ".5", "5.", "1e3", "0x1F", "0755", "089", "1_000", "nan", "5m", "1h30m", "1e", "1m1h"),
    "selector": ("a", "<metric>", "<metric>{<matchers>}", "{<matchers>}", "{<string>}", "<metric>{<matchers>,}"),
    "metric": ("a", "b:c", "sum", "offset", "by", "and", "start", "step", "fill", "anchored", "on", "bool", "Inf"),
    "matchers": ("<matcher>", "<matcher>,<matcher>", ""),
    "matcher": ("x='y'", "<label><equals><string>", "<label><equals><string>", "__name__=~<string>", "<string>"),
    "equals": ("=", "!=", "=~", "!~", " = ", "=="),
    "string": ('"s"', "'s'", "`s`", '""', '".*"', '"a|b"', '"\\\\d+"', '"("', '"\\xff"', '"\\q"', '"é"', '"a b"'),
    "label": ("x", "le", "sum", "by", '"x"', '"x y"', "__name__", "x:y"),
    "labels": ("<label>", "<label>, <label>", "", "<label>,"),
    "when": (
        " offset 5m", " offset <sign><number>", " offset (5m)", " offset -(5m)", " @ <number>", " @ <sign><number>",
        " @ start()", " @ end()", " offset 1h @ 5", " @ 5 offset 1h", " anchored",
    ),
    "range": (
        "[5m]", "[<number>]", "[5m:]", "[5m:1m]", "[<sign><number>]", "[<number>:<number>]", "[5m]<when>",
        "[5m:]<when>", "[2*5m]",
    ),
    "matrix": ("a[5m]", "<selector><range>", "<selector><range>", "<vector>[5m:]"),
    "grouping": ("by (<labels>)", "without (<labels>)", "BY(<labels>)"),
    "aggregation": (
        "sum(a)", "<one>(<vector>)", "<one> <grouping> (<vector>)", "<one>(<vector>) <grouping>",
        "topk(<scalar>, <vector>)",
        "quantile <grouping> (0.9, <vector>)", "count_values(<string>, <vector>)", "<one>(<expr>, <expr>)",
        "limitk(1, a)",
    ),
    "one": ("sum", "avg", "min", "max", "count", "group", "stddev", "topk", "AVG"),
    "call": (
        "abs(a)", "rate(<matrix>)", "increase(<matrix>)", "abs(<vector>)", "round(<vector>, <scalar>)",
        "round(<vector>)",
        "histogram_quantile(<scalar>, <vector>)", "label_join(<vector>, <string>, <string>)", "hour()",
        "vector(<scalar>)",
        "label_replace(<vector>, <string>, <string>, <string>, <string>)", "predict_linear(<matrix>, <scalar>)",
        "clamp(<vector>, <scalar>, <scalar>)", "absent(<expr>)", "rate(<expr>)", "mad_over_time(<matrix>)",
        "info(<vector>, {<matchers>})", "unknown(<expr>)", "step()",
    ),
    "operator": ("+", "-", "*", "/", "%", "^", "==", "!=", "<", ">=", "and", "or", "unless", "atan2", "</"),
    "matching": (
        "", "", "", " bool", " on(<labels>)", " ignoring(<labels>)", " on(<labels>) group_left", " group_right",
        " bool on(x) group_right(<labels>)", " fill(0)",
    ),
    "sign": ("", "-", "+", "--"),
}  # fmt: skip
NOISE = ("(", ")", "[", "]", "{", "}", ",", " ", "=", "5m", "a", "by", '"', "#", ":", "@", "offset", "\n", "-")
NAME = re.compile(r"<([a-z]+)>")


def _grow(name: str, depth: int, chance: random.Random) -> str:
    alternatives = GRAMMAR[name]
    text = chance.choice(alternatives) if depth else alternatives[0]
    return NAME.sub(lambda match: _grow(match[1], max(depth - 1, 0), chance), text)


def _break(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + chance.choice(NOISE) + text[start + chance.randint(0, 2) :]


def _expressions() -> list[str]:
    chance = random.Random(0)  # noqa: S311 - the same expressions in every run
    grown = [_grow("expr", DEPTH, chance) for _ in range(EXPRESSIONS)]
    return [_break(expr, chance) if chance.random() < 1 / 4 else expr for expr in grown]


def test_promtool_takes_and_refuses_the_same(tool: Callable[[str], Path], tmp_path: Path) -> None:
    exprs = _expressions()
    rules = [{"record": "row", "labels": {"row": str(number)}, "expr": expr} for number, expr in enumerate(exprs)]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "rows", "rules": rules}]}))
    feature = "promql-experimental-functions"
    command = [str(tool("promtool")), f"--enable-feature={feature}", "check", "rules", str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    refused = {int(number) - 1 for number in re.findall(r'group "rows", rule (\d+), "row": ', done.stdout)}
    syntax = promql.syntax_of([feature])
    ours = {number for number, expr in enumerate(exprs) if promql.check(expr, syntax) is not None}
    assert [exprs[number] for number in ours ^ refused] == []
    assert EXPRESSIONS / 5 < len(ours) < EXPRESSIONS * 4 / 5
