"""Sizes in bytes as the server's options write them: `512MB`, `1GiB`, `0`. Both `KB` and `KiB` are 1024 bytes."""

from __future__ import annotations

import re

from render.golang.durations import MAX_INT64

_PATTERN = re.compile(r"([0-9]*\.?[0-9]+)([KMGTPE]?)i?B")
_POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def parse_byte_size(text: str) -> int:
    """Bytes; a text that is no size, or none that 64 bits hold, counts as 0, as in the reference. A fraction is cut."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return 0
    size = int(float(found[1]) * 1024 ** _POWER[found[2]])
    return size if size <= MAX_INT64 else 0
