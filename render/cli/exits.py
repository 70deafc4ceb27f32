"""Exit statuses, and the one place where an exception becomes one."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

FINE = 0
FINDINGS = 1
TROUBLE = 2
BUG = 3
INTERRUPTED = 130

LACKING_CODES = frozenset({"source-missing", "source-outside", "source-submodule", "lfs-pointer"})
"""Findings about manifests that were asked for and are elsewhere: without them nothing is rendered."""
TROUBLE_CODES = LACKING_CODES | {"source-unreadable", "output-unwritable"}
"""Findings about what lies outside of the manifests; they end with exit status 2."""

DEBUG_VARIABLE = "PROMRENDER_DEBUG"


class Trouble(click.ClickException):
    """Something outside cannot be used (a source, a target, a flag's value); the text says what and what to do."""

    exit_code = TROUBLE


@contextmanager
def boundary() -> Iterator[None]:
    """Turn every exception into a message and an exit status.

    A traceback is shown only when PROMRENDER_DEBUG is set.
    """
    try:
        yield
    except click.exceptions.Exit as asked:
        sys.exit(asked.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _close_stdout()
        sys.exit(FINE)
    except Exception as error:  # noqa: BLE001 - the boundary of the program
        _show_bug(error)
        sys.exit(BUG)


def _show_bug(error: Exception) -> None:
    """Name the place, never the text of the exception: it might hold a value."""
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
        return
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno} ({frame.name})"
    click.echo(f"promrender: internal error: {type(error).__name__} in {place}.", err=True)
    advice = f"run again with {DEBUG_VARIABLE}=1 and report the traceback (look it over for secret values first)"
    click.echo(f"This is a bug: {advice}.", err=True)


def _close_stdout() -> None:
    """The reader of a pipe went away: let the interpreter end without complaining about it."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
