"""The conformance suites must not fall below the scores that the project has reached.

`scores.json` holds for each suite how many cases pass at least and how many of them to the byte. Raise a number when it
can be raised; lower none without saying why in docs/differences.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

SCORES: dict[str, dict[str, int]] = json.loads((Path(__file__).parent / "scores.json").read_text())


def measure(conformance: Path, suite: str) -> tuple[dict[str, int], str]:
    """Counts of one suite, and the list of its failing cases as text."""
    command = [sys.executable, str(conformance / "run.py"), suite, "--json", "--list", "--jobs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    start = done.stdout.find("\n{\n") + 1 or done.stdout.find("{\n")
    assert start >= 0, f"the runner gave no scores: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    table, _ = json.JSONDecoder().raw_decode(done.stdout[start:])
    counts = {key: sum(row[key] for row in table.values()) for key in ("cases", "bytes", "equal")}
    return counts, done.stdout[:start]


@pytest.mark.parametrize("suite", SCORES)
def test_suite_keeps_its_score(conformance: Path, suite: str) -> None:
    counts, failing = measure(conformance, suite)
    reached = {"pass": counts["bytes"] + counts["equal"], "bytes": counts["bytes"]}
    assert reached["pass"] >= SCORES[suite]["pass"], f"{reached} of {counts['cases']}, failing:\n{failing}"
    assert reached["bytes"] >= SCORES[suite]["bytes"], f"{reached} of {counts['cases']}: less is equal to the byte"
