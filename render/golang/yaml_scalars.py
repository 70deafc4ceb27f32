"""Scalars of YAML 1.1 as Go reads and prints them: which text is a boolean, a number, a date or just text.

The reader (`kyaml`) asks what a plain scalar means, the writer (`render.output.goyaml`) whether a string must be
quoted because it would mean something else. The rules are those of go-yaml v2, which Kubernetes and the Prometheus
Operator use; they differ from YAML 1.1 (`1:30` is text) and from YAML 1.2 (`017` is 15, `yes` is true).
tests/unit/output/goyaml_verdicts asks Go itself.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from calendar import monthrange

Scalar = str | int | float | bool | None

#: Texts with a meaning of their own. The infinities and not-a-number are floats here; JSON, and so Kubernetes,
#: refuses them.
CONSTANTS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

#: What the first character of a number or a date can be.
NUMBER_START = frozenset("+-.0123456789")

_INTEGER = re.compile(r"[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)\Z", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_STRAY_UNDERSCORE = re.compile(r"(?<![0-9])_|_(?![0-9])")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:(?P<t>[Tt])| )([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})?)?\Z",
    re.ASCII,
)
_BASES = {"b": 2, "B": 2, "o": 8, "O": 8, "x": 16, "X": 16}
_INT64_MIN, _INT64_MAX, _UINT64_MAX = -(1 << 63), (1 << 63) - 1, (1 << 64) - 1
_HOURS, _MINUTES = 24, 60
_TAG = "tag:yaml.org,2002:"


def resolve(text: str) -> Scalar:
    """The meaning of a plain (unquoted) scalar; dates stay text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    return number(text) if text[0] in NUMBER_START else text


def number(text: str) -> str | int | float:
    """The number that `text` stands for, or `text` itself; `text` starts with a character of `NUMBER_START`."""
    digits = text
    if "_" in text and (text[0] != "." or not _STRAY_UNDERSCORE.search(text)):
        digits = text.replace("_", "")
    if _INTEGER.match(digits):
        value = _integer(digits)
        if _INT64_MIN <= value <= (_INT64_MAX if digits[0] == "+" else _UINT64_MAX):
            return value
    if _FLOAT.match(digits):
        real = float(digits)
        if not math.isinf(real):
            return real
    return text


def _integer(digits: str) -> int:
    """An integer in the notations of Go: a leading 0 or 0o is octal, 0x hexadecimal, 0b binary."""
    sign, unsigned = (-1 if digits[0] == "-" else 1), digits.lstrip("+-")
    if len(unsigned) > 1 and unsigned[0] == "0":
        base = _BASES.get(unsigned[1])
        return sign * (int(unsigned[2:], base) if base else int(unsigned, 8))
    return sign * int(unsigned)


def is_date(text: str) -> bool:
    """Whether go-yaml takes `text` for a timestamp: a date, a date with a time, or RFC 3339 with fewer digits."""
    found = _DATE.match(text)
    if not found:
        return False
    year, month, day = (int(part) for part in found.group(1, 2, 3))
    if not (1 <= month <= 12 and 1 <= day <= _days(year, month)):  # noqa: PLR2004 - the months of a year
        return False
    if found.group(5) is None:
        return True
    hour, minute, second = (int(part) for part in found.group(5, 6, 7))
    zone = found.group("zone")
    on_the_clock = hour < _HOURS and minute < _MINUTES and second < _MINUTES
    return on_the_clock and (found.group("t") is None) == (zone is None) and _zone_exists(zone)


def _days(year: int, month: int) -> int:
    return monthrange(year or 4, month)[1]  # Python has no year 0; it was a leap year as year 4 was


def _zone_exists(zone: str | None) -> bool:
    """Whether a time zone has hours up to 24 and minutes up to 60: what Go accepts."""
    return zone is None or zone == "Z" or (int(zone[1:3]) <= _HOURS and int(zone[4:6]) <= _MINUTES)


def means_something_else(text: str) -> bool:
    """Whether the string `text`, written plain, would be read back as something that is no string."""
    if text in CONSTANTS:
        return True
    if not text or text[0] not in NUMBER_START:
        return False
    return type(number(text)) is not str or is_date(text)


def read_tagged(tag: str, text: str) -> Scalar:
    """The value of a scalar with an explicit tag. An unknown tag leaves the text as it is.

    :raises ValueError: the text does not fit the tag, in words of our own
    """
    name = tag.removeprefix(_TAG) if tag.startswith(_TAG) else ""
    if name == "binary":
        return _decode_binary(text)
    if name not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = resolve(text)
    if name == "timestamp" and is_date(text):
        return text
    if name == "float" and type(value) is int and value <= _INT64_MAX:
        return float(value)
    if {"bool": bool, "int": int, "float": float, "null": type(None)}.get(name) is not type(value):
        raise ValueError(f"the value does not fit its tag !!{name}")
    return value


def _decode_binary(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8", "replace")
    except binascii.Error:
        raise ValueError("the value of tag !!binary is not base64") from None


def format_float(value: float, bits: int = 64) -> str:
    """A float as Go's format 'g' prints it: the fewest digits that read back as the same float32 or float64.

    The form with an exponent is taken below 1e-04 and from 1e+06 on.
    """
    if bits == 32:  # noqa: PLR2004 - the size of a float32
        value = _to_float32(value)
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    shortest = value if bits == 64 else _shortest_float32(value)  # noqa: PLR2004 - the size of a float64
    places = _significant(repr(shortest)) - 1
    scientific = f"{shortest:.{places}e}"
    exponent = int(scientific.partition("e")[2])
    return f"{shortest:.{max(places - exponent, 0)}f}" if -4 <= exponent < 6 else scientific  # noqa: PLR2004 - the limits of format 'g'


def _shortest_float32(value: float) -> float:
    return next(
        short for short in (float(f"{value:.{places}g}") for places in range(1, 18)) if _to_float32(short) == value
    )


def _significant(text: str) -> int:
    """How many significant digits a printed float has."""
    digits = text.lstrip("-").partition("e")[0].replace(".", "").lstrip("0").rstrip("0")
    return max(len(digits), 1)


def _to_float32(value: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
