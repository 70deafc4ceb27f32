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
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from render.sources.git_commands import GitError, Repository, without_credentials
from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_IDENTITY = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_SCP = re.compile(r"[\w.@-]+:(?!//|:)\S")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none")
_HINTS = (
    ("terminal prompts disabled", "give Git credentials: a credential helper, or an ssh key for an ssh URL"),
    ("Authentication failed", "correct the credentials that Git's helper gives"),
    ("Permission denied (publickey", "give ssh a key that may read the repository"),
    ("couldn't find remote ref", "name a branch, a tag or all 40 digits of a commit"),
    ("dubious ownership", "trust the folder: git config --global --add safe.directory FOLDER"),
    ("not our ref", "name a commit that the server still has"),
)


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
    try:
        repository.run("rev-parse", "--git-dir")
    except GitError as error:
        raise _unusable(f"{folder} cannot be used", error) from None
    try:
        return repository, _commit(repository, ref)
    except GitError:
        message = f"{folder} has no commit {ref}"
        raise UnusableSourceError(
            message, "name a branch, a tag or a commit; in a shallow clone, fetch it first"
        ) from None


def _commit(repository: Repository, ref: str) -> str:
    return repository.run("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode().strip()


def _fetched(url: str, ref: str) -> tuple[Repository, str]:
    shown = without_credentials(url)
    folder = _folder(shown)
    repository = Repository(str(folder), shown, url)
    kept = f"refs/promrender/{hashlib.sha256(ref.encode()).hexdigest()[:16]}"
    try:
        with _locked(folder):
            if not (folder / "HEAD").exists():
                repository.run("init", "--quiet", "--bare", ".")
            if not (_IDENTITY.match(ref) and _has(repository, kept)):
                repository.run(*_FETCH, "--depth=1", "origin", f"+{ref}:{kept}")
            return repository, _commit(repository, kept)
    except GitError as error:
        raise _unusable(f"{shown}@{ref} cannot be fetched", error) from None


def fetch_blobs(repository: Repository, commit: str, identities: Sequence[str]) -> None:
    """Fetch those of the blobs of a commit that are not here yet, all at once.

    :raises UnusableSourceError: the server does not give them
    """
    if not repository.url:
        return
    try:
        with _locked(Path(repository.folder)):
            listed = repository.run(
                "rev-list", "--objects", "--no-object-names", "--missing=print", "--no-walk", commit
            )
            missing = {line[1:] for line in listed.decode().splitlines() if line.startswith("?")}
            wanted = sorted(missing.intersection(identities))
            if wanted:
                repository.run("-c", "fetch.negotiationAlgorithm=noop", *_FETCH, "--stdin", "origin", lines=wanted)
    except GitError as error:
        raise _unusable(f"{repository.shown}: its files cannot be fetched", error) from None


def _has(repository: Repository, name: str) -> bool:
    try:
        repository.run("rev-parse", "--verify", "--quiet", name)
    except GitError:
        return False
    return True


def _folder(shown: str) -> Path:
    """The folder of a URL's repository; temporary when the cache cannot be written."""
    name = hashlib.sha256(shown.encode()).hexdigest()[:32]
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = cache / "promrender" / "git" / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):  # RuntimeError: no home
        pass
    temporary = tempfile.mkdtemp(prefix="promrender-git-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return Path(temporary)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time fetches into a folder."""
    with (folder / "promrender.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unusable(message: str, error: GitError) -> UnusableSourceError:
    said = str(error)
    hint = next((hint for words, hint in _HINTS if words in said), "see that the URL is right and can be reached")
    return UnusableSourceError(f"{message}: {said}", hint)
