"""A test that is skipped is a failure in CI, with the reason it gave; on a laptop it is just skipped."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SKIPPING = """
import pytest
def test_that_lacks_a_tool():
    pytest.skip("there is no frobnicator")
"""
SKIPPING_MODULE = """
import pytest
pytest.skip("there is no frobnicator", allow_module_level=True)
"""


@pytest.mark.parametrize("text", [SKIPPING, SKIPPING_MODULE], ids=["test", "module"])
@pytest.mark.parametrize(("ci", "status", "word"), [("true", (1, 2), "skipped in CI"), ("", (0, 5), "SKIPPED")])
def test_skip(tmp_path: Path, text: str, ci: str, status: tuple[int, ...], word: str) -> None:
    (tmp_path / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-rs"]
    command += [f"--rootdir={tmp_path}", "-c", os.devnull, str(tmp_path / "test_it.py")]
    environment = os.environ | {"CI": ci}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in status, done.stdout
    assert word in done.stdout
    assert "there is no frobnicator" in done.stdout
