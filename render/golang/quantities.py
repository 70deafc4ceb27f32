"""Quantities of Kubernetes (`250m`, `1Gi`, `0.5`, `1e3`) as floating-point numbers."""

from __future__ import annotations

import re
from functools import lru_cache

_QUANTITY = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE])i|([numkMGTPE]?)|[eE]([+-]?[0-9]+))")
_BINARY = {suffix: 1 << (10 * (power + 1)) for power, suffix in enumerate("KMGTPE")}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_FINEST = -9


class QuantityError(ValueError):
    """The text is no quantity."""


@lru_cache(maxsize=1024)
def approximate_float(quantity: int | str) -> float:
    """The value of a quantity as `AsApproximateFloat64` of Kubernetes' resource package gives it.

    It multiplies the digits by a power of ten, so that `0.3` is 0.30000000000000004. Digits below a billionth are
    rounded away from zero. Raises QuantityError.
    """
    found = _QUANTITY.fullmatch(str(quantity).strip())
    if found is None or not (found[2] or found[3]):
        message = f"{quantity!r} is not a quantity such as 0.5, 250m or 1Gi"
        raise QuantityError(message)
    sign, whole, fraction, binary, decimal, power = found.groups()
    digits = int((whole or "") + (fraction or "")) * _BINARY.get(binary or "", 1)
    exponent = _DECIMAL[decimal or ""] + int(power or 0) - len(fraction or "")
    if exponent < _FINEST:
        digits, exponent = -(-digits // 10 ** (_FINEST - exponent)), _FINEST
    value = float(digits) * float(f"1e{exponent}") if exponent else float(digits)
    return -value if sign == "-" else value
