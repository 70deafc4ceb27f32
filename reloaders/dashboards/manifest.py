"""Which object each written file came from, kept on disk so that a restart knows what to clean up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reloaders import materialize

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".dashboard-reloader.manifest"

_HISTORY = 1000  # lines


class Manifest:
    """File (path below the folder) to object (`kind namespace/name`).

    Every change is appended to a journal before the file itself is touched: whatever moment the program ends at, no
    file of ours is forgotten. The journal is written anew at the start, and when most of it is history.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._lines = 0
        self.owners: dict[str, str] = {}

    def load(self) -> None:
        """Read the journal, but for a torn line, and write it anew; raises OSError or `CannotMaterialize`."""
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        for line in lines:
            try:
                path, owner = json.loads(line)
            except ValueError:
                continue
            self._remember(path, owner)
        self._write_anew()

    def _write_anew(self) -> None:
        content = "".join(_line(path, owner) for path, owner in sorted(self.owners.items()))
        materialize.write(str(self._path), content.encode(), materialize.SECRET_MODE)
        self._lines = len(self.owners)

    def set(self, path: str, owner: str) -> None:
        """A file belongs to an object from now on, or to none when it is empty; raises as `load`."""
        if self.owners.get(path, "") != owner:
            with self._path.open("a", encoding="utf-8") as journal:
                journal.write(_line(path, owner))
            self._remember(path, owner)
            self._lines += 1
            if self._lines > _HISTORY + 2 * len(self.owners):
                self._write_anew()

    def _remember(self, path: str, owner: str) -> None:
        if owner:
            self.owners[path] = owner
        else:
            self.owners.pop(path, None)


def _line(path: str, owner: str) -> str:
    return json.dumps([path, owner]) + "\n"
