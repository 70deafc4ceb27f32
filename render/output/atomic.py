"""Writes and removes files so that a reader sees the old or the new content, never a part."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

_TEMPORARY = ".promrender-"


def write_file(path: Path, content: bytes, mode: int) -> bool:
    """Write a file by way of a temporary one beside it, unless it has this content already; whether that was needed.

    :raises OSError: it could not be written; what was there before is still there
    """
    if _holds(path, content):
        return False
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return True


def remove_file(path: Path, root: Path) -> None:
    """Remove a file, and its folder below `root` when that was the last one. It is fine when the file is gone already.

    :raises OSError: it could not be removed
    """
    path.unlink(missing_ok=True)
    if path.parent != root:
        with suppress(OSError):
            path.parent.rmdir()


def _holds(path: Path, content: bytes) -> bool:
    """Whether an ordinary file holds exactly this content."""
    try:
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """Make a rename last; not every file system knows how."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
