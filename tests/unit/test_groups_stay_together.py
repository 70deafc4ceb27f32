"""Tests of one `xdist_group` run in one process, so that they share what they started; others are spread."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GROUPED = """
import os, pathlib, pytest
@MARK
@pytest.mark.parametrize("number", range(12))
def test_that_tells_its_process(number):
    pathlib.Path(FOLDER, f"{os.getpid()}.pid").touch()
"""


@pytest.mark.parametrize(
    ("mark", "processes"), [("pytest.mark.xdist_group('g')", 1), ("pytest.mark.filterwarnings('error')", 2)]
)
def test_groups(tmp_path: Path, mark: str, processes: int) -> None:
    text = GROUPED.replace("MARK", mark).replace("FOLDER", repr(str(tmp_path)))
    (tmp_path / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "2"]
    command += ["--dist=loadgroup", f"--rootdir={tmp_path}", "-c", os.devnull, str(tmp_path / "test_it.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(tmp_path.glob("*.pid"))) == processes
