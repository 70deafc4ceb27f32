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

    from render.sources.git_repository import Repository

_LINK, _SUBMODULE = "120000", "160000"
_MOST_LINKS = 40
_ASTRAY = "the link leads out of the repository, or to itself"
_ELSEWHERE = (
    "a submodule: its files are in another repository",
    "name the folders beside it with --path, and its repository with a --repo of its own",
)


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
        search = _Search(self._entries, _targets(self._repository, commit, self._entries), self._prefix)
        search.named(_normal(path))
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
    listed = repository.run("ls_tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    rows = (row.partition("\t") for row in listed.split("\0") if row)
    found = {path: _Entry(*about.split(" ")[::2]) for about, _, path in rows}
    return dict(sorted(found.items(), key=lambda entry: entry[0].split("/")))


def _targets(repository: Repository, commit: str, entries: dict[str, _Entry]) -> dict[str, str]:
    """Where each link of a commit leads, as it stands in the link."""
    links = {path: entry.identity for path, entry in entries.items() if entry.mode == _LINK}
    fetch_blobs(repository, commit, links.values())
    targets = repository.blobs(list(links.values()))
    return {path: target.decode("utf-8", "surrogateescape") for path, target in zip(links, targets, strict=True)}


def _normal(path: str) -> str:
    """A path below the root: no leading or trailing slash, nothing for the root itself."""
    normal = posixpath.normpath(path.strip("/")) if path.strip("/") else ""
    return "" if normal == "." else normal


class _Search:
    """Finds manifests below a path, as `files` does in folders."""

    def __init__(self, entries: dict[str, _Entry], links: dict[str, str], prefix: str) -> None:
        self._entries, self._links, self._prefix = entries, links, prefix
        self._seen: set[str] = set()
        self.files: list[File] = []
        self.findings: list[Finding] = []

    def named(self, path: str) -> None:
        """Add what is at the path that the user named, a folder or a file.

        :raises UnusableSourceError: there is nothing, or it is not in this repository
        """
        real, shown = self._resolved(path), self._prefix + path
        if real is None:
            raise UnusableSourceError(f"{shown}: {_ASTRAY}", "correct --path")
        if self._in_submodule(real):
            raise UnusableSourceError(f"{shown} is in a submodule", "name the repository of that with --repo")
        if real in self._entries:
            self._keep(real, path, named=True)
        elif self._is_folder(real):
            self._folder(real, path)
        else:
            hint = "correct --path; it counts from the root of the repository"
            raise UnusableSourceError(f"{shown} does not exist", hint)

    def _folder(self, real: str, shown: str) -> None:
        below = f"{real}/" if real else ""
        for path, entry in self._entries.items():
            if path.startswith(below) and not _hidden(path[len(below) :]):
                self._entry(path, posixpath.join(shown, path[len(below) :]), entry)

    def _is_folder(self, path: str) -> bool:
        return not path or any(other.startswith(f"{path}/") for other in self._entries)

    def _in_submodule(self, path: str) -> bool:
        return any(way in self._entries and self._entries[way].mode == _SUBMODULE for way in _ways(path))

    def _entry(self, path: str, shown: str, entry: _Entry) -> None:
        if entry.mode == _SUBMODULE:
            self._say("source-submodule", shown, *_ELSEWHERE)
        elif entry.mode == _LINK:
            self._link(path, shown)
        elif path.endswith(EXTENSIONS):
            self._keep(path, shown)

    def _keep(self, path: str, shown: str, *, named: bool = False) -> None:
        if path not in self._seen:
            self._seen.add(path)
            self.files.append(File(self._prefix + shown, named, self._entries[path].identity))

    def _link(self, path: str, shown: str) -> None:
        real = self._resolved(path)
        if real is None:
            self._say("source-outside", shown, _ASTRAY, "replace it by what it points to")
        elif self._in_submodule(real):
            self._say("source-submodule", shown, *_ELSEWHERE)
        elif real in self._entries:
            if path.endswith(EXTENSIONS):
                self._keep(real, shown)
        elif self._is_folder(real):
            if real not in self._seen:
                self._seen.add(real)
                self._folder(real, shown)
        elif path.endswith(EXTENSIONS):
            self._say("source-unreadable", shown, "the link points to no file", "correct or remove it")

    def _resolved(self, path: str) -> str | None:
        """The path without links on its way; None when they lead out of the repository or around in circles."""
        for _ in range(_MOST_LINKS):
            link = next((part for part in _ways(path) if part in self._links), None)
            if link is None:
                return path
            path = _normal_inside(posixpath.dirname(link), self._links[link], path[len(link) :])
            if path == "..":
                return None
        return None

    def _say(self, code: str, shown: str, message: str, hint: str) -> None:
        self.findings.append(Finding(Severity.ERROR, code, message, file=self._prefix + shown, hint=hint))


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
