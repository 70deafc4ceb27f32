"""Durations and names as Prometheus judges them, by our reading and by the real promtool, old and new."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from render.golang import durations, names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

DURATIONS = {
    "0": "0s", "0s": "0s", "1ms": "1ms", "1s": "1s", "90s": "1m30s", "1m": "1m", "05m": "5m", "60m": "1h", "24h": "1d",
    "1h30m": "1h30m", "36h": "1d12h", "7d": "1w", "8d": "8d", "14d": "2w", "365d": "1y", "1y": "1y", "1y1w": "372d",
    "1y2w3d4h5m6s7ms": "382d4h5m6s7ms", "1500ms": "1s500ms", "292y": "292y", "52w": "52w", "1d1ms": "1d1ms",
}  # fmt: skip
NO_DURATIONS = (
    "", "1", "s", "1.5h", "-1s", "+1s", "1m1h", "1m1m", "1h 1m", " 1s", "1us", "1ns", "1M", "1S", "5mm", "300y",
    "106752d", "00", "1_0s", "٣s", "99999999999999999999s",
)  # fmt: skip
METRICS = ("a", "a:b", ":a", "_a", "A1", "1a", "a-b", "a.b", "a b", "é", "aé", " ")
LABELS = ("a", "_", "a1", "A", "a:b", "1a", "a-b", "a.b", "é", "a b", "__a")


@pytest.mark.parametrize("text", DURATIONS)
def test_durations_are_read_and_printed(text: str) -> None:
    assert durations.format_duration(durations.parse_duration(text)) == DURATIONS[text]


@pytest.mark.parametrize("text", NO_DURATIONS)
def test_no_durations(text: str) -> None:
    with pytest.raises(durations.DurationError):
        durations.parse_duration(text)


@pytest.mark.parametrize("text", [*DURATIONS, *NO_DURATIONS])
def test_promtool_reads_the_same_durations(tool: Callable[[str], Path], tmp_path: Path, text: str) -> None:
    rule = {"alert": "row", "expr": "up", "for": text}
    assert _accepts(tool("promtool"), rule, tmp_path) is (text in DURATIONS)


def test_negative_and_huge_durations_are_printed() -> None:
    assert durations.format_duration(-durations.HOUR) == "-1h"
    assert durations.format_duration(durations.MILLISECOND - 1) == "0s"
    assert durations.format_duration(durations.MAX_INT64) == "106751d23h47m16s854ms"


@pytest.mark.parametrize(("program", "utf8"), [("promtool", True), ("promtool-2.42", False)])
def test_promtool_takes_the_same_names(
    tool: Callable[[str], Path], tmp_path: Path, program: str, *, utf8: bool
) -> None:
    promtool = tool(program)
    for name in METRICS:
        accepted = _accepts(promtool, {"record": name, "expr": "up"}, tmp_path)
        assert names.is_metric_name(name, utf8=utf8) is accepted, name
    for name in LABELS:
        accepted = _accepts(promtool, {"record": "a", "expr": "up", "labels": {name: "b"}}, tmp_path)
        assert names.is_label_name(name, utf8=utf8) is accepted, name


def test_names_that_no_file_can_hold() -> None:
    for utf8 in (False, True):
        assert not names.is_metric_name("", utf8=utf8)
        assert not names.is_label_name("", utf8=utf8)
        assert not names.is_label_name("a\udcff", utf8=utf8)
    assert not names.is_label_name("a\n", utf8=False)
    with pytest.raises(names.InvalidNameError, match="UTF-8"):
        names.check_label_value("\udc80")
    with pytest.raises(names.InvalidNameError, match=r"before Prometheus 3\.0"):
        names.check_label_name("a.b", utf8=False)
    with pytest.raises(names.InvalidNameError, match="colons"):
        names.check_metric_name("a.b", utf8=False)


def _accepts(promtool: Path, rule: Mapping[str, object], folder: Path) -> bool:
    file = folder / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "rows", "rules": [rule]}]}))
    return subprocess.run([promtool, "check", "rules", file], capture_output=True, check=False).returncode == 0
