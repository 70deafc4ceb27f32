"""A volume as kubelet mounts and updates it: all files change at once, by one rename of the link `..data`."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NUMBERS = itertools.count()


class Mount:
    """A mounted Secret or ConfigMap in a folder."""

    def __init__(self, folder: Path, files: dict[str, str | bytes]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.publish(files)

    def publish(self, files: dict[str, str | bytes]) -> float:
        """Replace the whole content, as when the object in the cluster changed; gives the time of the swap."""
        fresh = self._prepare(files)
        old = (self.folder / "..data").resolve() if (self.folder / "..data").exists() else None
        (self.folder / "..data_tmp").symlink_to(fresh.name)
        (self.folder / "..data_tmp").rename(self.folder / "..data")
        swapped = time.monotonic()
        self._show(files)
        if old:
            for path in old.iterdir():
                path.unlink()
            old.rmdir()
        return swapped

    def _prepare(self, files: dict[str, str | bytes]) -> Path:
        fresh = self.folder / f"..2026_11_21_{next(_NUMBERS):09d}"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return fresh

    def _show(self, files: dict[str, str | bytes]) -> None:
        """The links that users see: made for new files, removed for those that went."""
        shown = {path.name for path in self.folder.iterdir() if not path.name.startswith("..")}
        for name in set(files) - shown:
            (self.folder / name).symlink_to(f"..data/{name}")
        for name in shown - set(files):
            (self.folder / name).unlink()
