"""The manifests of one commit of a Git repository, read from its trees and blobs: nothing is checked out.

Findings name a file `REPO@REF:path`. What is found follows the rules of `files`: names of manifests, nothing hidden,
links inside the repository are followed, each file is read once.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from render.findings import Finding, Severity
from render.sources.files import EXTENSIONS, File
from render.sources.git_fetch import fetch_blobs, open_repository
from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from render.sources.git_commands import Repository

_LINK, _SUBMODULE = "120000", "160000"
_MOST_LINKS = 40


class _Entry(NamedTuple):
    """A file, a link or a submodule of the commit."""

    mode: str
    identity: str


class GitTree:
    """A folder (or a file) of a commit, as a source of `reading.read`."""

    def __init__(self, repository: str, ref: str = "HEAD", path: str = "") -> None:
        """Find the manifests at `path`, counted from the root of the repository.

        :raises UnusableSourceError: there is no such repository, ref or path, or Git may not read it
        """
        self._repository, commit = open_repository(repository, ref)
        self._prefix = f"{self._repository.shown}@{ref}:"
        self._entries = _entries(self._repository, commit)
        search = _Search(self._entries, self._repository, commit, self._prefix)
        search.folder(_normal(path))
        if not search.met:
            raise UnusableSourceError(
                f"{self._prefix}{path} does not exist", "correct --path; it counts from the root of the repository"
            )
        self.files, self.findings = search.files, search.findings
        fetch_blobs(self._repository, commit, [file.blob for file in self.files])

    def contents(self, share: Sequence[File]) -> Iterator[bytes]:
        """The texts of files, in their order."""
        return self._repository.blobs([file.blob for file in share])

    def exists(self, name: str) -> bool:
        """Whether the commit has a file; `name` is that of a finding."""
        return posixpath.normpath(name.removeprefix(self._prefix)) in self._entries

    def text(self, name: str) -> bytes | None:
        """The text of a file by the name that findings use; None when it is none of this tree."""
        blob = next((file.blob for file in self.files if file.path == name), None)
        return next(self._repository.blobs([blob])) if blob else None


def _entries(repository: Repository, commit: str) -> dict[str, _Entry]:
    """Every file, link and submodule of a commit by its path, in the order of `files`: folder by folder, by name."""
    listed = repository.run("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    rows = (row.partition("\t") for row in listed.split("\0") if row)
    found = {path: _Entry(*about.split(" ")[::2]) for about, _, path in rows}
    return dict(sorted(found.items(), key=lambda entry: entry[0].split("/")))


def _normal(path: str) -> str:
    """A path below the root: no leading or trailing slash, nothing for the root itself."""
    normal = posixpath.normpath(path.strip("/")) if path.strip("/") else ""
    return "" if normal == "." else normal


class _Search:
    """Finds manifests below a path, as `files` does in folders."""

    def __init__(self, entries: dict[str, _Entry], repository: Repository, commit: str, prefix: str) -> None:
        self._entries, self._repository, self._commit, self._prefix = entries, repository, commit, prefix
        self._links = {path for path, entry in entries.items() if entry.mode == _LINK}
        self._seen: set[str] = set()
        self.files: list[File] = []
        self.findings: list[Finding] = []
        self.met = False

    def folder(self, start: str, shown: str | None = None) -> None:
        """Add what is at a path, a folder or a file; `shown` is the path of the link that led there."""
        real = self._resolved(start)
        if real is None:
            return
        below = f"{real}/" if real else ""
        for path, entry in self._entries.items():
            if path == real:
                self.met = True
                self._keep(path, start if shown is None else shown, entry, named=shown is None)
            elif path.startswith(below) and not _hidden(path[len(below) :]):
                self.met = True
                self._entry(path, posixpath.join(start if shown is None else shown, path[len(below) :]), entry)

    def _entry(self, path: str, shown: str, entry: _Entry) -> None:
        if entry.mode == _SUBMODULE:
            self._say(
                Severity.WARNING,
                "source-submodule",
                shown,
                "a submodule, whose files are in another repository",
                "name that one with a --repo of its own",
            )
        elif entry.mode == _LINK:
            self._link(path, shown)
        elif path.endswith(EXTENSIONS):
            self._keep(path, shown, entry, named=False)

    def _keep(self, path: str, shown: str, entry: _Entry, *, named: bool) -> None:
        if path not in self._seen:
            self._seen.add(path)
            self.files.append(File(self._prefix + shown, named, entry.identity))

    def _link(self, path: str, shown: str) -> None:
        real = self._resolved(path)
        if real is None:
            self._say(
                Severity.ERROR,
                "source-unreadable",
                shown,
                "the link leads out of the repository, or to itself",
                "replace it by what it points to",
            )
        elif real in self._entries:
            if path.endswith(EXTENSIONS):
                self._keep(real, shown, self._entries[real], named=False)
        elif any(other.startswith(f"{real}/") for other in self._entries):
            if real not in self._seen:
                self._seen.add(real)
                self.folder(real, shown)
        elif path.endswith(EXTENSIONS):
            self._say(Severity.ERROR, "source-unreadable", shown, "the link points to no file", "correct or remove it")

    def _resolved(self, path: str) -> str | None:
        """The path without links on its way; None when they lead out of the repository or around in circles."""
        for _ in range(_MOST_LINKS):
            link = next((part for part in _ways(path) if part in self._links), None)
            if link is None:
                return path
            target = next(self._repository.blobs([self._entries[link].identity])).decode("utf-8", "surrogateescape")
            path = _normal_inside(posixpath.dirname(link), target, path[len(link) :])
            if path == "..":
                return None
        return None

    def _say(self, severity: Severity, code: str, shown: str, message: str, hint: str) -> None:
        self.findings.append(Finding(severity, code, message, file=self._prefix + shown, hint=hint))


def _ways(path: str) -> Iterator[str]:
    """`a`, `a/b`, `a/b/c` of `a/b/c`."""
    parts = path.split("/")
    return ("/".join(parts[:length]) for length in range(1, len(parts) + 1))


def _normal_inside(folder: str, target: str, rest: str) -> str:
    """Where a link in `folder` leads, with the rest of a path behind it; `..` when that is outside."""
    joined = posixpath.normpath(posixpath.join(folder, target) + rest)
    if target.startswith("/") or joined.split("/")[0] == "..":
        return ".."
    return "" if joined == "." else joined


def _hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path
