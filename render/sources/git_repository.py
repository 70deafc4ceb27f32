"""One Git repository on this machine, by GitPython, which runs Git's own commands.

Nothing here asks the terminal. A URL is handed over in the environment, so that neither the list of processes nor the
cache on disk shows the password that it may hold.
"""

from __future__ import annotations

import configparser
import os
import re
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import ModuleType

PATIENCE = 300.0
"""Seconds that one command may take."""

_OF_A_HOOK = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
_SETTINGS = {
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}
_HINTS = (
    ("terminal prompts disabled", "give Git credentials: a credential helper, or an ssh key for an ssh URL"),
    ("Authentication failed", "correct the credentials that Git's helper gives"),
    ("Permission denied (", "give ssh a key that may read the repository"),
    ("Host key verification failed", "add the host to ssh's known_hosts, once you know that the key is right"),
    ("ould not resolve host", "correct the host in the URL"),
    ("couldn't find remote ref", "name a branch, a tag or all 40 digits of a commit"),
    ("dubious ownership", "trust the folder: git config --global --add safe.directory FOLDER"),
    ("not our ref", "name a commit that the server still has"),
    ("corrupt", "run git fsck there, or fetch it anew"),
)
_SPEAKER = re.compile(r"(fatal|error|remote): ")
_HTTP_USER = re.compile(r"(?<=://)[^/@\s]+@")
_SSH_PASSWORD = re.compile(r"(?<=://)([^/@:\s]+):[^/@\s]*@")


class GitError(UnusableSourceError):
    """A command of Git failed; `said` is the end of what it said, without credentials."""

    def __init__(self, shown: str, command: str, said: str) -> None:
        hint = next(
            (hint for words, hint in _HINTS if words in said),
            "see that the repository is the right one and can be reached",
        )
        super().__init__(f"{shown}: git {command} failed: {said or 'it gave no reason'}", hint)
        self.said = said


def without_credentials(text: str) -> str:
    """The text with what might be a password or a token taken out of its URLs; the user of an ssh URL stays."""
    if text.startswith("ssh://"):
        return _SSH_PASSWORD.sub(r"\1@", text)
    return _HTTP_USER.sub("", text)


class Repository:
    """A repository: `folder` on this machine, its name in messages, and the URL that it is fetched from, if any."""

    def __init__(self, folder: str, shown: str, url: str = "") -> None:
        """Open it; that of a URL is made where there is none yet.

        :raises UnusableSourceError: there is no repository, no Git or no GitPython
        """
        self.shown, self.url = shown, url
        git = _gitpython()
        try:
            with _outside_of_hooks():
                repo = (
                    git.Repo.init(folder, bare=True, expand_vars=False)
                    if url
                    else git.Repo(folder, search_parent_directories=True, expand_vars=False)
                )
        except (git.GitError, configparser.Error, OSError) as error:
            raise UnusableSourceError(
                f"{shown} is not a git repository, or a broken one ({type(error).__name__})",
                "name the folder of a repository; git status tells more about it",
            ) from None
        self.folder = str(repo.git_dir)
        self._git = repo.git
        self._git.update_environment(**_environment(url))
        if url and not self._has_ssh_command():
            self._git.update_environment(GIT_SSH_COMMAND="ssh -o BatchMode=yes")

    def run(self, command: str, *arguments: str, lines: Iterable[str] = (), setting: str | None = None) -> bytes:
        """Run a command (`ls_tree` for `ls-tree`) with `lines` as its standard input; gives its standard output.

        `setting`: one of Git's own for this command, as `name=value`.

        :raises GitError: it failed, or took longer than `PATIENCE`
        """
        with _as_input(lines) as given, _outside_of_hooks():
            status, out, complaint = getattr(self._git(c=setting), command)(
                *arguments,
                istream=given,
                kill_after_timeout=PATIENCE,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                with_exceptions=False,
                with_extended_output=True,
            )
        if status:
            raise GitError(self.shown, command.replace("_", "-"), _last_words(complaint))
        return bytes(out)

    def commit(self, name: str) -> str:
        """The identity of the commit that a name stands for; empty when there is none.

        By Git itself: GitPython knows no SHA-256 and not every spelling of a revision.
        """
        try:
            return self.run("rev_parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
        except GitError as error:
            if error.said:
                raise
            return ""

    def _has_ssh_command(self) -> bool:
        """Whether the user says how ssh is run; else it is run so that it asks nothing."""
        if os.environ.keys() & {"GIT_SSH_COMMAND", "GIT_SSH"}:
            return True
        try:
            return bool(self.run("config", "--get", "core.sshCommand"))
        except GitError:
            return False

    def blobs(self, identities: Sequence[str]) -> Iterator[bytes]:
        """The contents of objects, in order, from one process.

        GitPython's own way to an object waits for each answer before it asks for the next; this asks for all at once.

        :raises UnusableSourceError: an object is not there, or broken
        """
        with _as_input(identities) as asked:
            with _outside_of_hooks():
                process = self._git.cat_file("--batch", "--buffer", istream=asked, as_process=True)
            for identity in identities:
                header = process.stdout.readline().split()
                size = int(header[2]) if len(header) == 3 else 0  # noqa: PLR2004 - identity, type, size
                content = process.stdout.read(size)
                if len(header) != 3 or len(content) < size:  # noqa: PLR2004 - as above
                    raise UnusableSourceError(
                        f"{self.shown}: the object {identity} cannot be read", "run git fsck there, or fetch it anew"
                    )
                process.stdout.read(1)
                yield content


def _gitpython() -> ModuleType:
    try:
        import git
    except ModuleNotFoundError:
        raise UnusableSourceError("--repo needs GitPython", "install promrender[render,git]") from None
    except ImportError:  # it looks for the program when it is imported
        raise UnusableSourceError("there is no git on PATH", "install Git, which --repo needs") from None
    return git


@contextmanager
def _outside_of_hooks() -> Iterator[None]:
    """Start a command without the variables by which a Git hook names its repository; GitPython passes on all."""
    taken = {name: os.environ.pop(name) for name in _OF_A_HOOK if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(taken)


@contextmanager
def _as_input(lines: Iterable[str]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as given:
        given.write("".join(f"{line}\n" for line in lines).encode())
        given.seek(0)
        yield given


def _environment(url: str) -> dict[str, str]:
    """What the commands find in their environment besides that of this process."""
    settings = {**_SETTINGS, **({"remote.origin.url": url} if url else {})}
    given = os.environ.get("GIT_CONFIG_COUNT", "0")
    first = int(given) if given.isdigit() else 0
    environment = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_CONFIG_COUNT": str(first + len(settings)),
    }
    for number, (name, value) in enumerate(settings.items(), first):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def _last_words(complaint: str) -> str:
    """What Git, or the ssh that it ran, said last; the advice behind it is left out."""
    said = [line.strip() for line in complaint.strip().partition("\n\n")[0].splitlines()]
    telling = [_SPEAKER.sub("", line) for line in said if not line.startswith(("hint:", "warning:"))]
    return without_credentials("; ".join(telling[-3:]))
