"""Where the commit of a repository comes from: a folder on this machine, or a URL that is fetched into a cache.

A fetch takes one commit without its history, and its files only when they are asked for: first the trees, then, in one
go, the blobs that are manifests. The cache is `$XDG_CACHE_HOME/promrender/git` (or `~/.cache/...`), readable for its
owner only; where that cannot be written, a temporary folder serves and is removed at the end.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from render.sources import cache
from render.sources.git_repository import Repository, without_credentials
from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_IDENTITY = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_SCP = re.compile(r"[\w.@-]+:(?!//|:)\S")
_ONE_COMMIT = ("--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none")


def open_repository(repository: str, ref: str) -> tuple[Repository, str]:
    """The repository and the identity of the commit that `ref` names; a URL is fetched.

    :raises UnusableSourceError: there is no such repository or ref, or it cannot be reached or may not be read
    """
    if not ref or ref.startswith("-") or re.search(r"[\s~^:?*\[\\\x00-\x1f]", ref.partition("~")[0].partition("^")[0]):
        raise UnusableSourceError(f"--ref {ref!r} is no name of a commit", "name a branch, a tag or a commit")
    if Path(repository).is_dir():
        return _local(repository, ref)
    if repository.startswith("-") or not ("://" in repository or _SCP.match(repository)):
        raise UnusableSourceError(f"--repo {repository}: there is no such folder, and it is no URL", "correct it")
    return _fetched(repository, ref)


def _local(folder: str, ref: str) -> tuple[Repository, str]:
    repository = Repository(folder, folder)
    commit = repository.commit(ref)
    if not commit:
        raise UnusableSourceError(
            f"{folder} has no commit {ref}", "name a branch, a tag or a commit; in a shallow clone, fetch it first"
        )
    return repository, commit


def _fetched(url: str, ref: str) -> tuple[Repository, str]:
    shown = without_credentials(url)
    folder = _folder(shown)
    kept = f"refs/promrender/{hashlib.sha256(ref.encode()).hexdigest()[:16]}"
    with _locked(folder):
        repository = Repository(str(folder), shown, url)
        if not (_IDENTITY.match(ref) and repository.commit(kept)):
            repository.run("fetch", *_ONE_COMMIT, "--depth=1", "origin", f"+{ref}:{kept}")
        return repository, repository.commit(kept)


def fetch_blobs(repository: Repository, commit: str, identities: Collection[str]) -> None:
    """Fetch those of the blobs of a commit that are not here yet, all at once.

    :raises UnusableSourceError: the server does not give them
    """
    if not repository.url or not identities:
        return
    with _locked(Path(repository.folder)):
        listed = repository.run("rev_list", "--objects", "--no-object-names", "--missing=print", "--no-walk", commit)
        missing = {line[1:] for line in listed.decode().splitlines() if line.startswith("?")}
        wanted = sorted(missing.intersection(identities))
        if wanted:
            repository.run(
                "fetch", *_ONE_COMMIT, "--stdin", "origin", lines=wanted, setting="fetch.negotiationAlgorithm=noop"
            )


def _folder(shown: str) -> Path:
    """The folder of a URL's repository; temporary when the cache cannot be written."""
    name = hashlib.sha256(shown.encode()).hexdigest()[:32]
    with suppress(OSError, RuntimeError):
        folder = cache.folder("git", name)
        if os.access(folder, os.W_OK):
            return folder
    temporary = tempfile.mkdtemp(prefix="promrender-git-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return Path(temporary)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time fetches into a folder."""
    with (folder / "promrender.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
