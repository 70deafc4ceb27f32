r"""Literals of strings, characters and numbers as Go reads and writes them.

A string literal may spell bytes that are no UTF-8 (`"\xff"`). Such a byte is kept as a lone surrogate, as Python's
`surrogateescape` has it.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from render.golang.printable import is_printable

_ESCAPE = re.compile(r"""\\(?:([abfnrtv\\'"])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))""")
_CONTROLS = dict(zip("abfnrtv\\'\"", "\a\b\f\n\r\t\v\\'\"", strict=True))
_WRITTEN = {value: f"\\{letter}" for letter, value in _CONTROLS.items() if letter != "'"}
_LAST_BYTE, _LAST_CHARACTER, _SURROGATES = 0xFF, 0x10FFFF, range(0xD800, 0xE000)
_PLAIN_EXPONENTS = range(-4, 6)
_STRAY_BYTES = range(0xDC80, 0xDD00)
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_CHAR = re.compile(rf"'(?:[^'\\\n]|{_ESCAPE.pattern})'")

_INTEGER = re.compile(r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*")
_DECIMAL = re.compile(r"(?:[0-9](?:_?[0-9])*\.?|\.(?=[0-9]))(?:[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?")
_BASES = {"0x": 16, "0o": 8, "0b": 2}


class LiteralError(ValueError):
    """A literal that Go refuses."""


def unquote(literal: str) -> str:
    """The value of a literal in double, single or back quotes, the quotes included. Raises LiteralError."""
    quote, body = literal[0], literal[1:-1]
    if quote == "`" or "\\" not in body:
        return body
    value = bytearray()
    position = 0
    while (start := body.find("\\", position)) >= 0:
        value += body[position:start].encode("utf-8", "surrogateescape")
        escape = _ESCAPE.match(body, start)
        if escape is None or (escape[1] in ("'", '"') and escape[1] != quote):
            msg = f"unknown escape sequence {body[start : start + 2]!r} in a string"
            raise LiteralError(msg)
        value += _escaped(escape)
        position = escape.end()
    value += body[position:].encode("utf-8", "surrogateescape")
    return value.decode("utf-8", "surrogateescape")


def _escaped(escape: re.Match[str]) -> bytes:
    """The bytes that an escape sequence stands for."""
    control, octal, byte, short, long = escape.groups()
    if control:
        return _CONTROLS[control].encode()
    if octal or byte:
        number = int(octal, 8) if octal else int(byte, 16)
        if number > _LAST_BYTE:
            msg = f"{escape[0]!r} is no byte"
            raise LiteralError(msg)
        return bytes((number,))
    code = int(short or long, 16)
    if code > _LAST_CHARACTER or code in _SURROGATES:
        msg = f"{escape[0]!r} is no Unicode character"
        raise LiteralError(msg)
    return chr(code).encode()


def quote(value: str) -> str:
    """Write a value as a literal in double quotes, escaped as Go's `strconv.Quote` does."""
    if _PLAIN.fullmatch(value):
        return f'"{value}"'
    return f'"{"".join(map(_written, value))}"'


def _written(char: str) -> str:
    """One character within double quotes."""
    known = _WRITTEN.get(char)
    if known:
        return known
    if is_printable(char):
        return char
    code = ord(char)
    if char.isascii():
        return f"\\x{code:02x}"
    if code in _STRAY_BYTES:
        return f"\\x{code & _LAST_BYTE:02x}"
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def check_char(literal: str) -> None:
    """Raise LiteralError unless the literal, the single quotes included, is one character."""
    if not _CHAR.fullmatch(literal):
        msg = f"{literal} is not one character"
        raise LiteralError(msg)
    unquote(literal)


def integer_value(text: str) -> int | None:
    """The value of an integer without a sign, of any base, with underscores (`0755` is 493); None when it is none."""
    if not _INTEGER.fullmatch(text):
        return None
    octal = len(text) > 1 and text[0] == "0"
    return int(text.replace("_", ""), _BASES.get(text[:2].lower(), 8 if octal else 10))


def decimal_value(text: str) -> float | None:
    """The value of a decimal number without a sign, with or without fraction and exponent, or None when it is none."""
    if not _DECIMAL.fullmatch(text):
        return None
    value = float(text.replace("_", ""))
    return None if math.isinf(value) else value


def format_float(value: float, *, exponent: bool = True) -> str:
    """Print a number with as few digits as tell it: with an exponent from 1e+06 on and below 0.0001, or never."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    number = Decimal(repr(value)).normalize()
    if not exponent or not number or number.adjusted() in _PLAIN_EXPONENTS:
        return format(number, "f")
    digits = "".join(map(str, number.as_tuple().digits))
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{'-' if value < 0 else ''}{mantissa}e{number.adjusted():+03d}"
