"""`promrender crds` and `promrender docs`: they write what the checkout has, and say what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.promrender import promrender
from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("command", "folder"), [("crds", "crds"), ("docs", "docs/reference")])
def test_files_are_written_once(tmp_path: Path, command: str, folder: str) -> None:
    expected = {path.name: path.read_text() for path in (ROOT / folder).iterdir()}
    first = promrender(command, "--output-dir", tmp_path / "made/here")
    assert (first.status, first.out) == (0, "")
    assert {path.name: path.read_text() for path in (tmp_path / "made/here").iterdir()} == expected
    assert f"{len(expected)} files, {len(expected)} changed" in first.err
    assert f"{len(expected)} files, 0 changed" in promrender(command, "--output-dir", tmp_path / "made/here").err


def test_a_folder_that_is_a_file_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = promrender("crds", "--output-dir", tmp_path / "file" / "below")
    assert ran.status == 2
    assert "--output-dir" in ran.err
