"""Versions of the servers (semantic versioning 2.0.0, read tolerantly) and the gates that depend on them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

DEFAULT_PROMETHEUS = "v3.13.2"
DEFAULT_ALERTMANAGER = "v0.33.1"
DEFAULT_THANOS = "v0.42.4"

_TOLERANT = re.compile(r"\s*v?0*(\d+)(?:\.0*(\d+))?(?:\.0*(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?\s*")


class Version(NamedTuple):
    """A version; tuples compare as semantic versions do: a pre-release sorts below its release."""

    major: int
    minor: int
    patch: int
    prerelease: tuple[tuple[int, int, str], ...] = ((2, 0, ""),)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def _prerelease_key(text: str | None) -> tuple[tuple[int, int, str], ...]:
    """Sort key of a pre-release: numeric identifiers below alphanumeric ones, a longer list above its prefix.

    A release above all.
    """
    if not text:
        return ((2, 0, ""),)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.split("."))


@lru_cache(maxsize=1024)
def parse(text: str) -> Version:
    """Read `v2.53.0`, `2.53` or `3.0.0-rc.0+build`.

    Raises ValueError when `text` is no version.
    """
    found = _TOLERANT.fullmatch(text)
    if found is None:
        message = f"{text!r} is not a version such as v3.13.2"
        raise ValueError(message)
    major, minor, patch, prerelease, _build = found.groups()
    return Version(int(major), int(minor or 0), int(patch or 0), _prerelease_key(prerelease))


def canonical(text: str) -> str:
    """`v3.0` and `3.0.0-rc.1` as `3.0.0` and `3.0.0-rc.1`: all three numbers, no `v`.

    Raises ValueError when `text` is no version.
    """
    version = parse(text)
    found = _TOLERANT.fullmatch(text)
    prerelease, build = (found[4], found[5]) if found is not None else (None, None)
    return str(version) + (f"-{prerelease}" if prerelease else "") + (f"+{build}" if build else "")
