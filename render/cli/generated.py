"""Writes the files of the commands that make something of the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from render.cli import exits

if TYPE_CHECKING:
    from collections.abc import Mapping

READABLE = 0o644


def write_all(folder: str, files: Mapping[str, str]) -> None:
    """Write files, by name, to a folder and say so; those that are the same already are not touched.

    :raises exits.Trouble: the folder or a file cannot be written
    """
    from render.output.atomic import write_file

    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        changed = sum(write_file(target / name, text.encode(), READABLE) for name, text in files.items())
    except OSError as error:
        message = f"{error.filename or folder}: {error.strerror}; name a folder that can be written with --output-dir"
        raise exits.Trouble(message) from None
    click.echo(f"{folder}: {len(files)} files, {changed} changed", err=True)
