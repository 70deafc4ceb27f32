"""Which files there are to read: those that are named, and all manifests in the folders that are named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from render.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STDIN = "-"
EXTENSIONS = (".yaml", ".yml", ".json")


class File(NamedTuple):
    """A file to read. `named`: the user named it, so it is read whatever it is called and must be fine.

    `blob` is the identity of its content where that is in a Git repository.
    """

    path: str
    named: bool
    blob: str = ""


def find(paths: Iterable[str]) -> tuple[list[File], list[Finding]]:
    """Every file of `paths`, in a fixed order and each one once; a finding for what cannot be read.

    Folders are searched to any depth for `.yaml`, `.yml` and `.json`, sorted by name; hidden files and folders are
    left out. Symbolic links are followed as far as they stay within one of `paths`; a folder is searched once however
    many links lead to it.
    """
    paths = list(paths)
    search = _Search([os.path.realpath(path) for path in paths if path != STDIN])
    for path in paths:
        search.add(path)
    return search.files, search.findings


class _Search:
    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = roots
        self.files: list[File] = []
        self.findings: list[Finding] = []
        self._seen: set[str] = set()

    def add(self, path: str) -> None:
        """A path that the user named."""
        try:
            self._named(path)
        except OSError as error:
            self.findings.append(unreadable(path, error))

    def _named(self, path: str) -> None:
        if path == STDIN:
            self._keep(File(STDIN, named=True), STDIN)
        elif Path(path).is_dir():
            self._folder(os.path.normpath(path), os.path.realpath(path))
        elif Path(path).exists():
            self._keep(File(os.path.normpath(path), named=True), os.path.realpath(path))
        else:
            hint = "correct the path; a link may point nowhere" if Path(path).is_symlink() else "correct the path"
            self.findings.append(
                Finding(Severity.ERROR, "source-missing", "there is no such file or folder", file=path, hint=hint)
            )

    def _keep(self, file: File, real: str) -> None:
        if real not in self._seen:
            self._seen.add(real)
            self.files.append(file)

    def _folder(self, shown: str, real: str) -> None:
        if real in self._seen:
            return
        self._seen.add(real)
        try:
            with os.scandir(shown) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.findings.append(unreadable(shown, error))
            return
        for entry in entries:
            if not entry.name.startswith("."):
                try:
                    self._entry(entry, f"{real}/{entry.name}")
                except OSError as error:  # a link to itself, say; the other entries are read all the same
                    self.findings.append(unreadable(entry.path.removeprefix("./"), error))

    def _entry(self, entry: os.DirEntry[str], real: str) -> None:
        path = entry.path.removeprefix("./")
        if entry.is_symlink():
            real = os.path.realpath(entry.path)
            read = entry.is_dir() or entry.name.endswith(EXTENSIONS)
            if read and not any(_within(real, root) for root in self._roots):
                hint = f"name {real} as a source of its own, or replace the link by what it points to"
                self._bad_link("source-outside", path, "the link leads out of the folder that is read", hint)
                return
        if entry.is_dir():
            self._folder(path, real)
        elif entry.name.endswith(EXTENSIONS):
            if entry.is_file():
                self._keep(File(path, named=False), real)
            elif entry.is_symlink():
                self._bad_link("source-unreadable", path, "the link points to no file", "correct or remove it")

    def _bad_link(self, code: str, path: str, message: str, hint: str) -> None:
        self.findings.append(Finding(Severity.ERROR, code, message, file=path, hint=hint))


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def unreadable(path: str, error: OSError) -> Finding:
    """The finding for a file or folder that the system does not let us read."""
    reason = (error.strerror or type(error).__name__).lower()
    return Finding(
        Severity.ERROR,
        "source-unreadable",
        f"cannot be read: {reason}",
        file=path,
        hint="make it readable or leave it out",
    )
