"""A short soak in every test run; `make bench-reloaders` runs the long one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reloaders.soak import soak

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_content_is_the_loaded_one(tmp_path: Path) -> None:
    report = soak(tmp_path, changes=200, seed=4)
    assert (report.lost, report.wrong) == (0, [])
