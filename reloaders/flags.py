"""Command lines as Go programs have them, for all reloaders."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn
from urllib.parse import urlsplit

from reloaders import durations, process


class Parser(argparse.ArgumentParser):
    """Flags written as Go programs write them: never shortened, `--flag=value` or `--flag value`, exit status 2."""

    def __init__(self, program: str, description: str) -> None:
        super().__init__(prog=program, description=description, allow_abbrev=False)
        self.add_argument("--version", action=_Version, form=f"{program}, version {{}}", help="show the version")
        self.add_argument("--short-version", action=_Version, form="{}", help="show nothing but the version")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the flags and end with status 2."""
        self.exit(process.USAGE, f"{self.prog}: error: {message}, try --help\n")


class _Version(argparse.Action):
    """Prints the version of the distribution, which is looked up only then: that costs a megabyte."""

    def __init__(self, form: str, **options: Any) -> None:  # noqa: ANN401 - argparse's own
        super().__init__(nargs=0, **options)
        self._form = form

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(0, self._form.format(version("promrender")) + "\n")


def duration(text: str) -> float:
    """A flag's Go duration, in seconds."""
    try:
        return durations.seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def interval(text: str) -> float:
    """A flag's Go duration that must not be 0, in seconds."""
    found = duration(text)
    if not found:
        raise argparse.ArgumentTypeError("it must be greater than 0")
    return found


def http_url(text: str) -> str:
    """A flag's address of a server."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise argparse.ArgumentTypeError("it must be a URL like http://127.0.0.1:9090/-/reload")
    return text
