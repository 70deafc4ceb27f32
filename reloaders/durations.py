"""Durations as Go writes them (`3m`, `1m30s`, `1.5h`), in seconds."""

from __future__ import annotations

import re

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST = 2**63 / 1e9  # what 64 bits of nanoseconds hold


def seconds(text: str) -> float:
    """Length of a Go duration in seconds; raises ValueError when the text is none, is negative or is too long."""
    if text == "0":
        return 0.0
    unsigned = text.removeprefix("+")
    if not unsigned or _PART.sub("", unsigned):
        raise ValueError(f"{text!r} is not a duration like 30s, 1m30s or 0")
    length = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(unsigned))
    if length >= _LONGEST:
        raise ValueError(f"{text!r} is longer than a duration can be")
    return length
