"""Quantities of Kubernetes (`250m`, `1Gi`, `0.5`, `1e3`): as floating-point numbers, and as its API writes them."""

from __future__ import annotations

import re
from functools import lru_cache

_QUANTITY = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE])i|([numkMGTPE]?)|[eE]([+-]?[0-9]+))")
_BINARY = {suffix: 1 << (10 * (power + 1)) for power, suffix in enumerate("KMGTPE")}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIXES = {power: suffix for suffix, power in _DECIMAL.items()}
_FINEST = -9
_KIBI = 1024


class QuantityError(ValueError):
    """The text is no quantity."""


@lru_cache(maxsize=1024)
def approximate_float(quantity: int | str) -> float:
    """The value of a quantity as `AsApproximateFloat64` of Kubernetes' resource package gives it.

    It multiplies the digits by a power of ten, so that `0.3` is 0.30000000000000004. Digits below a billionth are
    rounded away from zero. Raises QuantityError.
    """
    sign, digits, exponent, _format = _parsed(quantity)
    value = float(digits) * float(f"1e{exponent}") if exponent else float(digits)
    return -value if sign == "-" else value


@lru_cache(maxsize=1024)
def canonical(quantity: int | str) -> str:
    """The quantity as the Kubernetes API writes it: no fraction, and the largest suffix that needs none.

    `0.5` is `500m`, `1000m` is `1`, `1.5Gi` is `1536Mi`; a power of ten stays one (`1e3`). Raises QuantityError.
    Source: the canonical form of quantities in Kubernetes' API conventions.
    """
    sign, digits, exponent, form = _parsed(quantity)
    if not digits:
        return "0"
    sign = "-" if sign == "-" else ""
    while digits % 10 == 0:
        digits, exponent = digits // 10, exponent + 1
    if form == "binary" and exponent >= 0 and digits * 10**exponent >= _KIBI:
        return sign + _binary(digits * 10**exponent)
    digits, exponent = digits * 10 ** (exponent % 3), exponent - exponent % 3
    if form == "exponent" or exponent not in _SUFFIXES:
        return f"{sign}{digits}e{exponent}" if exponent else f"{sign}{digits}"
    return f"{sign}{digits}{_SUFFIXES[exponent]}"


def _binary(value: int) -> str:
    power = 0
    while value % _KIBI == 0 and power < len(_BINARY):
        value, power = value // _KIBI, power + 1
    return f"{value}{'KMGTPE'[power - 1]}i" if power else str(value)


def _parsed(quantity: int | str) -> tuple[str, int, int, str]:
    """Sign, digits, power of ten, and the form that the quantity was written in: binary, exponent or decimal."""
    found = _QUANTITY.fullmatch(str(quantity).strip())
    if found is None or not (found[2] or found[3]):
        message = f"{quantity!r} is not a quantity such as 0.5, 250m or 1Gi"
        raise QuantityError(message)
    sign, whole, fraction, binary, decimal, power = found.groups()
    digits = int((whole or "") + (fraction or "")) * _BINARY.get(binary or "", 1)
    exponent = _DECIMAL[decimal or ""] + int(power or 0) - len(fraction or "")
    if exponent < _FINEST:
        digits, exponent = -(-digits // 10 ** (_FINEST - exponent)), _FINEST
    return sign, digits, exponent, "binary" if binary else "exponent" if power else "decimal"
