"""Runs Git on one repository: its own commands know its formats, its credentials and its partial clones best.

Nothing here asks the terminal. A URL is handed over in the environment, so that neither the list of processes nor the
cache on disk shows the password that it may hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATIENCE = 300.0
"""Seconds that one command may take."""

_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE")
_ALWAYS = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1"}
_FEW_FILES_CONFIG = {
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}
_HTTP_USER = re.compile(r"(?<=://)[^/@\s]+@")
_SSH_PASSWORD = re.compile(r"(?<=://)([^/@:\s]+):[^/@\s]*@")


class GitError(Exception):
    """A command of Git failed; the text is the end of what it said, without credentials."""


def without_credentials(text: str) -> str:
    """The text with what might be a password or a token taken out of its URLs; the user of an ssh URL stays."""
    if text.startswith("ssh://"):
        return _SSH_PASSWORD.sub(r"\1@", text)
    return _HTTP_USER.sub("", text)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine: its folder, its name in messages, and the URL that it is fetched from, if any."""

    folder: str
    shown: str
    url: str = ""

    def run(self, *arguments: str, lines: Sequence[str] = ()) -> bytes:
        """Run a command with `lines` as its standard input and give its standard output.

        :raises GitError: it failed, or took longer than `PATIENCE`
        """
        command = ["git", *arguments]
        given = "".join(f"{line}\n" for line in lines).encode()
        try:
            ran = subprocess.run(  # noqa: S603 - arguments are a list, refs and oids are checked by their callers
                command,
                cwd=self.folder,
                env=self._environment(),
                input=given,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GitError(f"no end after {PATIENCE:.0f} seconds") from None
        except OSError as error:
            raise _not_runnable(error) from None
        if ran.returncode:
            raise GitError(_last_words(ran.stderr))
        return ran.stdout

    def blobs(self, identities: Sequence[str]) -> Iterator[bytes]:
        """The contents of objects, in order, from one process.

        :raises UnusableSourceError: an object is not there
        """
        with self._batch(identities) as stream:
            for identity in identities:
                header = stream.readline().split()
                if len(header) != 3:  # noqa: PLR2004 - identity, type, size
                    raise UnusableSourceError(
                        f"{self.shown}: the object {identity} cannot be read", "run git fsck there, or fetch it anew"
                    )
                content = stream.read(int(header[2]))
                stream.read(1)
                yield content

    @contextmanager
    def _batch(self, identities: Sequence[str]) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{identity}\n" for identity in identities).encode())
            asked.seek(0)
            process = subprocess.Popen(
                ["git", "cat-file", "--batch"],  # noqa: S607 - found on PATH, as in a shell
                cwd=self.folder,
                env=self._environment(),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            with process:
                try:
                    yield process.stdout  # type: ignore[misc] # a pipe, as asked for
                finally:
                    process.kill()

    def _environment(self) -> dict[str, str]:
        """The environment of this process, less the repository that a Git hook may be running in."""
        environment = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER} | _ALWAYS
        settings = {**_FEW_FILES_CONFIG, **({"remote.origin.url": self.url} if self.url else {})}
        given = environment.get("GIT_CONFIG_COUNT", "0")
        first = int(given) if given.isdigit() else 0
        for number, (name, value) in enumerate(settings.items(), first):
            environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        return environment | {"GIT_CONFIG_COUNT": str(first + len(settings))}


def _not_runnable(error: OSError) -> UnusableSourceError:
    if isinstance(error, FileNotFoundError):
        return UnusableSourceError("there is no git on PATH", "install Git, which --repo needs")
    return UnusableSourceError(f"git cannot be run: {(error.strerror or type(error).__name__).lower()}")


def _last_words(stderr: bytes) -> str:
    """What Git said last, its hints left out."""
    said = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = (
        [line for line in said if line.startswith(("fatal:", "error:", "remote:"))] or said or ["it gave no reason"]
    )
    return without_credentials("; ".join(line.partition(": ")[2] or line for line in telling[-3:]))
