"""Values and the texts that Go writes for them. Run as a program, it asks Go anew and writes verdicts.json."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
FILE = FOLDER / "verdicts.json"
MODES = ("ordered", "kubernetes", "flow")

# What decides about quotes: texts with a meaning in some YAML, indicators, blanks, line breaks, odd characters, widths.
MEANINGFUL = (
    "",
    "~",
    "null",
    "Null",
    "nULL",
    "y",
    "N",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "False",
    "tRUE",
    ".inf",
    "-.Inf",
    ".nan",
    "inf",
    "0",
    "7",
    "-7",
    "+7",
    "007",
    "08",
    "0o7",
    "0o8",
    "0x1F",
    "0X1f",
    "0b10",
    "0b12",
    "1_000",
    "_1",
    ".5",
    "5.",
    "+.5",
    "-5.5",
    ".5_0",
    "._5",
    "1e3",
    "1E-3",
    "1e",
    "1e999",
    "1.2.3",
    "10.0.0.1",
    "18446744073709551615",
    "18446744073709551616",
    "-",
    "1:30",
    "1:60",
    "-1:30:59.5",
    "1:30x",
    "2026-11-21",
    "2026-02-29",
    "2024-02-29",
    "2026-1-1",
    "2026-11-21 10:20:30",
    "2026-11-21T10:20:30Z",
    "2026-11-21t10:20:30.5+01:00",
    "2026-11-21T10:20:30",
    "2026-11-21T25:00:00Z",
    "0000-01-01",
    "<<",
    "=",
    "!",
    "15s",
    "5m",
    "1h30m",
    "100Mi",
    "50%",
    "$1",
    "${1}-$2",
    "(.+):(?:\\d+)",
    ".*",
    "/metrics",
    "http://a:80/b",
)
INDICATORS = tuple(
    form.format(sign)
    for sign in "#,[]{}&*!|>'\"%@`?:-.=~+\\;/$()^<_"
    for form in ("{}", "{}a", "a{}", "{} a", "a {}", "a{} b", "a {}b", "{0}{0}{0}a")
)
UNUSUAL = (
    " a",
    "a ",
    " ",
    "a  b",
    "\t",
    "a\tb",
    "a\r\nb",
    "\r",
    "\n",
    "\n\n",
    "a\nb",
    "a\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a\n b",
    "a \nb",
    "a\nb ",
    "a\n\tb",
    "a\n\nb\n",
    "a: b\n- c\n",
    "é",
    "日本",
    "😀",
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\x85",
    "a\x85b",
    "\xa0",
    "\u2028",
    "a\u2028b",
    "a\u2028 b",
    "a \u2029b",
    "\ufeff",
    "\ufeffa b",
    "a\ufeffb",
    "\ufffd",
    "\ufffe",
    "\U00010000",
    "it's # a",
)
WIDE = (
    "word " * 30 + "end",
    "it's " * 30 + "#",
    'say "a"\\ ' * 20 + "\t",
    "two  spaces  " * 15 + "end",
    "a:  b  " * 20,
    "é " * 60 + "é",
    "x" * 90 + " y",
    "x" * 79 + " y",
    "x" * 77 + " yy z",
    "x" * 128,
    "x" * 129,
    "é" * 65,
    "x" * 120 + "\n" + "y " * 60,
    "- " * 60,
)
NUMBERS = (
    0,
    1,
    -1,
    1 << 40,
    0.5,
    -0.0,
    1.0,
    100000.0,
    999999.5,
    1e6,
    1234567.0,
    1e-4,
    1e-5,
    1.5e-7,
    1e21,
    3.141592653589793,
    5e-324,
)
KEYS = (
    "a1",
    "a2",
    "a10",
    "a02",
    "a010",
    "a0",
    "A1",
    "_a",
    "a_b",
    "a.b",
    "a-b",
    "a",
    "",
    "1",
    "2",
    "10",
    "01",
    "é",
    "B",
    "ab",
    "a b",
    "x99y1",
)


def values(mode: str) -> list[Any]:
    """What Go is asked about; the same every time."""
    strings = [*MEANINGFUL, *INDICATORS, *UNUSUAL, *WIDE]
    if mode == "flow":
        inline = [
            text for text in strings if "\n" not in text and "\u2028" not in text and not text.startswith("\ufeff")
        ]
        return [[text] for text in inline] + [inline[at : at + 7] for at in range(0, len(inline), 7)]
    if mode == "kubernetes":
        strings = [text for text in strings if not set(text) & set("\x7f\x85\u2028\u2029\ufeff\ufffe")]
    choose = random.Random(7)  # noqa: S311 - not a secret
    shapes = [_shape(choose, strings, 0) for _ in range(150)]
    sorting = [dict.fromkeys(choose.sample(KEYS, 8), 1) for _ in range(40)]
    return [*([text, {text: text}] for text in strings), *strings[::9], list(NUMBERS), *sorting, *shapes]


def _shape(choose: random.Random, strings: list[str], depth: int) -> Any:  # noqa: ANN401 - plain values of any shape
    kind = choose.random()
    if depth < 5 and kind < 0.35:
        return {choose.choice(strings): _shape(choose, strings, depth + 1) for _ in range(choose.randint(0, 3))}
    if depth < 5 and kind < 0.6:
        return [_shape(choose, strings, depth + 1) for _ in range(choose.randint(0, 3))]
    return choose.choice([choose.choice(strings), choose.choice(NUMBERS), True, False, None])


def ask_go(mode: str, asked: list[Any]) -> list[str]:
    """The texts that Go writes."""
    lines = "".join(json.dumps(value) + "\n" for value in asked)
    run = subprocess.run(["go", "run", ".", mode], cwd=FOLDER, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


if __name__ == "__main__":
    answers = {
        mode: [[value, text] for value, text in zip(values(mode), ask_go(mode, values(mode)), strict=True)]
        for mode in MODES
    }
    lines = {mode: ",\n".join(json.dumps(pair) for pair in pairs) for mode, pairs in answers.items()}
    FILE.write_text("{" + ",\n".join(f'"{mode}": [\n{text}\n]' for mode, text in lines.items()) + "}\n")
