"""The configuration file on its way to the server: unpacked, `$(NAME)` replaced, written in one step."""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDINAL = "STATEFULSET_ORDINAL_NUMBER"
PUBLIC_MODE = 0o644
SECRET_MODE = 0o600

_GZIP = b"\x1f\x8b\x08"
_VARIABLE = re.compile(rb"\$\(([a-zA-Z_0-9]+)\)")


class CannotMaterialize(Exception):  # noqa: N818 - a verdict about a file
    """The configuration cannot be read, unpacked, completed or written; the text names the file and says why."""


def set_ordinal(environment: dict[str, str] | os._Environ[str], source: str) -> None:
    """Set STATEFULSET_ORDINAL_NUMBER to the digits at the end of a variable's value, or to nothing."""
    digits = re.search(r"[0-9]+\Z", environment.get(source, ""))
    environment[ORDINAL] = digits.group() if digits else ""


def read(path: str) -> bytes:
    """Content of a configuration file, unpacked when it starts as gzip does; raises `CannotMaterialize`."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise CannotMaterialize(f"{path}: {error.strerror}") from None
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise CannotMaterialize(f"{path}: broken gzip: {error}") from None


def expand(content: bytes, environment: Mapping[str, str]) -> tuple[bytes, tuple[str, ...]]:
    """Replace every `$(NAME)`; what is not set stays as written and is returned by name, each name once."""
    unset: dict[str, None] = {}

    def value(match: re.Match[bytes]) -> bytes:
        name = match.group(1).decode()
        if name not in environment:
            unset[name] = None
            return match.group()
        return os.fsencode(environment[name])

    return _VARIABLE.sub(value, content), tuple(unset)


def write(path: str, content: bytes, mode: int = PUBLIC_MODE) -> bool:
    """Put content into a file in one step (temporary file beside it, fsync, rename); False when it is there already.

    The file has the mode given whatever the umask says. Raises `CannotMaterialize`; the file then is as it was.
    """
    target = Path(path)
    with contextlib.suppress(OSError):
        if target.read_bytes() == content and target.stat().st_mode & 0o777 == mode:
            return False
    fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        _write_through(fresh, content, mode)
        fresh.replace(target)
    except OSError as error:
        raise CannotMaterialize(f"{path}: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()
    return True


def _write_through(path: Path, content: bytes, mode: int) -> None:
    """Write a new file and have the disk take it; a left-over of the same name is removed first."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
