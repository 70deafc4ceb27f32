"""What inotify tells, and how soon."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from reloaders.watch import Watcher

if TYPE_CHECKING:
    from pathlib import Path

SOON = 0.3
"""Seconds; the library would keep half of a rename for half a second."""


def test_what_is_moved_away_is_told_at_once(tmp_path: Path) -> None:
    watched, elsewhere = tmp_path / "watched", tmp_path / "elsewhere"
    watched.mkdir()
    elsewhere.mkdir()
    told = threading.Event()
    watcher = Watcher([str(watched)], told.set)
    for number in range(5):
        (watched / str(number)).write_text("")
    assert watcher.renew() == []
    for number in range(5):
        told.clear()
        moved = time.monotonic()
        (watched / str(number)).rename(elsewhere / str(number))
        assert told.wait(10)
        assert time.monotonic() - moved < SOON


def test_renames_within_a_folder_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "..data").symlink_to("one")
    told = threading.Event()
    watcher = Watcher([str(tmp_path)], told.set)
    assert watcher.renew() == []
    for number in range(200):
        (tmp_path / "..data_tmp").symlink_to(f"n{number}")
        time.sleep(0.002)
        told.clear()
        moved = time.monotonic()
        (tmp_path / "..data_tmp").rename(tmp_path / "..data")
        assert told.wait(10)
        assert time.monotonic() - moved < SOON
