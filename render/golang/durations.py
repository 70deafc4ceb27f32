"""Durations as Prometheus writes them (`1h30m`) and as Go's time package does (`1.5h`), measured in nanoseconds."""

from __future__ import annotations

import re
from functools import lru_cache

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MAX_INT64 = (1 << 63) - 1
_MAX_UINT64 = (1 << 64) - 1

# From the largest to the smallest: the order in which Prometheus wants them.
_UNITS = (("y", 365 * DAY), ("w", 7 * DAY), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", MILLISECOND))
_UNIT_SIZES = tuple(size for _, size in _UNITS)
_PATTERN = re.compile("".join(rf"(?:([0-9]+){unit}(?![a-z]))?" for unit, _ in _UNITS))
# Years and weeks are printed only when nothing is left over: 90d reads better than 12w6d.
_PRINTED_WHEN_EXACT = frozenset({"y", "w"})

_GO_UNITS = {
    "ns": 1,
    "us": MICROSECOND,
    "µs": MICROSECOND,
    "μs": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_GO_PART = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]*)")


class DurationError(ValueError):
    """The text is no duration, or one that 64 bits of nanoseconds cannot hold."""


@lru_cache(maxsize=4096)
def parse_duration(text: str) -> int:
    """Read a Prometheus duration such as `1d12h` and give its nanoseconds.

    Units go from large to small, each at most once; a bare `0` is allowed, a sign or a fraction is not.
    Source: `ParseDuration` in prometheus/common's model package. Raises DurationError.
    """
    if text == "0":
        return 0
    match = _PATTERN.fullmatch(text)
    if not text or match is None:
        msg = f"{text!r} is not a duration: expected numbers with units from large to small, such as 1d12h or 30s"
        raise DurationError(msg)
    counts = [int(count) if count else 0 for count in match.groups()]
    if any(count > _MAX_UINT64 for count in counts):
        msg = f"{text!r} is not a duration: a number in it is too large"
        raise DurationError(msg)
    total = sum(count * size for count, size in zip(counts, _UNIT_SIZES, strict=True))
    if total > MAX_INT64:
        msg = f"{text!r} is longer than the longest duration, about 292 years"
        raise DurationError(msg)
    return total


def format_duration(nanoseconds: int) -> str:
    """Print a duration as the Prometheus server does, cut to milliseconds: 5400000000000 is `1h30m`."""
    rest = abs(nanoseconds) // MILLISECOND * MILLISECOND
    if rest == 0:
        return "0s"
    parts = ["-"] if nanoseconds < 0 else []
    for unit, size in _UNITS:
        count, remainder = divmod(rest, size)
        if count and not (unit in _PRINTED_WHEN_EXACT and remainder):
            parts.append(f"{count}{unit}")
            rest = remainder
    return "".join(parts)


@lru_cache(maxsize=4096)
def parse_go_duration(text: str) -> int:
    """Read a duration as Go's `time.ParseDuration` does (`-1.5h`, `100us`, `1h2m`) and give its nanoseconds.

    Raises DurationError.
    """
    unsigned = text[1:] if text[:1] in ("-", "+") else text
    if unsigned == "0":
        return 0
    if not unsigned:
        msg = f"{text!r} is not a duration"
        raise DurationError(msg)
    total, position = 0, 0
    while position < len(unsigned):
        part = _GO_PART.match(unsigned, position)
        if part is None or not (part[1] or part[2]):
            msg = f"{text!r} is not a duration: expected a number with a unit, such as 1.5h or 300ms"
            raise DurationError(msg)
        total += _go_part(text, part)
        position = part.end()
    limit = MAX_INT64 + 1 if text[0] == "-" else MAX_INT64
    if total > limit:
        msg = f"{text!r} is longer than the longest duration, about 292 years"
        raise DurationError(msg)
    return -total if text[0] == "-" else total


def _go_part(text: str, part: re.Match[str]) -> int:
    """Nanoseconds of one number with its unit; the fraction is cut to whole nanoseconds."""
    whole, fraction, unit = part[1], part[2] or "", part[3]
    size = _GO_UNITS.get(unit)
    if size is None:
        problem = f"unknown unit {unit!r}" if unit else "a unit is missing"
        msg = f"{text!r} is not a duration: {problem}"
        raise DurationError(msg)
    nanoseconds = int(whole or "0") * size
    if nanoseconds > MAX_INT64 + 1:
        msg = f"{text!r} is longer than the longest duration, about 292 years"
        raise DurationError(msg)
    return nanoseconds + (int(fraction) * size // 10 ** len(fraction) if fraction else 0)
