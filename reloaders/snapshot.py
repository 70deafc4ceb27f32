"""What the watched folders hold: one SHA-256 over the paths and contents of all files."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK = 1 << 18


class Unreadable(Exception):  # noqa: N818 - a verdict about a file
    """A watched file or folder cannot be read; the text names it and says why."""


def of_folders(folders: Iterable[str]) -> bytes:
    """Digest of all files below the folders; raises `Unreadable`.

    Links to files are followed, links to folders are not. Names that start with two dots belong to kubelet (`..data`
    and the folder that it points to): their files are read through the links beside them.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for path in files(folder):
            _add(digest, path)
    return digest.digest()


def of_file(path: str) -> bytes:
    """Digest of one file; raises `Unreadable`, also when it is not there."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as below
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None


def files(folder: str) -> Iterator[str]:
    """Paths of all files in a folder, each folder's entries in the order of their names."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if not entry.name.startswith("..")), key=lambda e: e.name)
    except OSError as error:
        raise Unreadable(f"{folder}: {error.strerror}") from None
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from files(entry.path)
        elif not _leads_to_folder(entry):
            yield entry.path


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError as error:
        raise Unreadable(f"{entry.path}: {error.strerror}") from None


def _add(digest: hashlib._Hash, path: str) -> None:
    """Add a file's path and content; a file that went away meanwhile (or a link to nothing) is as if not there."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - pathlib costs a third of the time of a small file
            name = os.fsencode(path)
            digest.update(b"\xff%d:%s\xff%d:" % (len(name), name, os.fstat(file.fileno()).st_size))
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
