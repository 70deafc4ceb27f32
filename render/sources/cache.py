"""What files gave when they were read before, by their content, so that only those that changed are read again.

A cache is one file for the same sources, read by the same code: a digest of its own and a mapping from the digest of a
text to what was kept of it. One that cannot be used is none, and one that cannot be written is not: nothing depends on
it. What may be stored is for the caller to say (`reading.Wish`); a Secret never is.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DIGEST = 16
_MOST_FILES = 8
"""So many trees are remembered; the one that was not written for the longest time goes first."""
_SUFFIX = ".read"
_decode = msgspec.msgpack.Decoder(dict[bytes, bytes]).decode
_encode = msgspec.msgpack.Encoder().encode


def digest(*pieces: bytes) -> bytes:
    """What tells texts apart."""
    return hashlib.blake2b(b"\0".join(pieces), digest_size=_DIGEST).digest()


def folder(*names: str) -> Path:
    """A folder for what can be made again, in `$XDG_CACHE_HOME` or `~/.cache`; for its owner alone.

    :raises OSError, RuntimeError: there is none that can be written (RuntimeError: no home)
    """
    found = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").joinpath("promrender", *names)
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    found.chmod(0o700)
    return found


class Cache:
    """The cache of some sources; `known` maps the digest of a text to what was kept of it."""

    def __init__(self, *sources: str) -> None:
        """Open the cache of sources: paths, and whatever else makes a difference to what is kept."""
        self.known: Mapping[bytes, bytes] = {}
        self._file: Path | None = None
        with suppress(OSError, RuntimeError, msgspec.DecodeError):
            named = digest(_code(), str(Path.cwd()).encode("utf-8", "surrogateescape"), *_texts(sources))
            self._file = folder("read") / f"{named.hex()}{_SUFFIX}"
            stored = self._file.read_bytes()
            if stored[:_DIGEST] == digest(stored[_DIGEST:]):
                self.known = _decode(memoryview(stored)[_DIGEST:])

    def keep(self, entries: Mapping[bytes, bytes]) -> None:
        """Store what was kept this time, if there is anything new in it."""
        if self._file is None or not entries.keys() - self.known.keys():
            return
        packed = _encode(entries)
        with suppress(OSError):
            handle, temporary = tempfile.mkstemp(dir=self._file.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(digest(packed))
                file.write(packed)
            Path(temporary).replace(self._file)
            _forget_oldest(self._file.parent)


def _texts(names: Iterable[str]) -> Iterator[bytes]:
    return (name.encode("utf-8", "surrogateescape") for name in names)


def _code() -> bytes:
    """Tells versions of this program apart, also while it is being changed."""
    package = Path(render.__file__).parent
    found = sorted((str(file), file.stat()) for file in package.rglob("*") if file.suffix in {".json", ".py", ".toml"})
    return digest(*(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode() for name, stat in found))


def _forget_oldest(found: Path) -> None:
    """Remove caches beyond the last few, and what an interrupted run may have left."""
    newest = sorted(found.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest[_MOST_FILES:]:
        file.unlink(missing_ok=True)
