"""The folder that the server reads: the files of all objects, each written in one step, none of them outside."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reloaders import materialize
from reloaders.dashboards.manifest import NAME, Manifest
from reloaders.materialize import CannotMaterialize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reloaders.cluster import Object
    from reloaders.dashboards.metrics import Metrics
    from reloaders.dashboards.settings import Settings
    from reloaders.logs import Logger

_URL = ".url"


class Refused(Exception):  # noqa: N818 - a verdict about a name
    """A file would be outside of the folder, or has no name."""


class CannotFetch(Exception):  # noqa: N818 - a verdict about a server
    """The content that a `.url` key names cannot be had."""


@dataclass(frozen=True)
class Source:
    """An object of the cluster as far as its files need it."""

    key: Object
    annotations: dict[str, str]
    values: dict[str, bytes] = field(repr=False)


class Tree:
    """Brings the folder to what the objects say; any thread may call."""

    def __init__(self, settings: Settings, fetch: Callable[[str], bytes], metrics: Metrics, log: Logger) -> None:
        self._settings = settings
        self._fetch = fetch
        self._metrics = metrics
        self._log = log
        self._lock = threading.RLock()
        self._manifest = Manifest(settings.folder)
        self._unsettled: set[Object] = set()
        self.changes = 0

    def load(self) -> None:
        """Make the folder and read what earlier runs wrote; raises OSError or `CannotMaterialize`."""
        self._settings.folder.mkdir(parents=True, exist_ok=True)
        self._manifest.load()

    def put(self, source: Source) -> None:
        """Write the files of an object, remove those that it has no more."""
        contents = self._contents(source)
        with self._lock:
            written = [
                content is not None and self._write(path, content, source.key) for path, content in contents.items()
            ]
            self._remove(path for path in self._owned(str(source.key)) if path not in contents)
            self._unsettled.discard(source.key)
            if not all(written):
                self._unsettled.add(source.key)
            self._metrics.files.set(len(self._manifest.owners))

    def drop(self, key: Object) -> None:
        """Remove the files of an object that is gone."""
        with self._lock:
            self._unsettled.discard(key)
            self._remove(self._owned(str(key)))
            self._metrics.files.set(len(self._manifest.owners))

    def retain(self, seen: Iterable[Object], within: Callable[[str], bool]) -> None:
        """Remove the files of objects (by their text) that are `within` a scope and were not seen in it."""
        alive = {str(key) for key in seen}
        with self._lock:
            gone = {owner for owner in self._manifest.owners.values() if within(owner) and owner not in alive}
            for owner in sorted(gone):
                self._log.info("Cleaning up after an object that is gone", object=owner)
                self._remove(self._owned(owner))
            self._metrics.files.set(len(self._manifest.owners))

    def unsettled(self) -> list[Object]:
        """Objects with files that could not be written or fetched, or that another object has: to be read again."""
        with self._lock:
            return sorted(self._unsettled)

    def _contents(self, source: Source) -> dict[str, bytes | None]:
        """Path to content; None where the content cannot be had now."""
        contents: dict[str, bytes | None] = {}
        for key, value in sorted(source.values.items()):
            try:
                path = self._path(source, key)
            except Refused as error:
                self._tell("refused", source.key, f"key {key}: {error}")
                continue
            try:
                contents[path] = self._fetch(value.decode().strip()) if key.endswith(_URL) else value
            except (CannotFetch, UnicodeDecodeError) as error:
                contents[path] = None
                reason = error if isinstance(error, CannotFetch) else "the address is no text"
                self._tell("fetch", source.key, f"key {key}: {reason}")
        return contents

    def _path(self, source: Source, key: str) -> str:
        """Where a key is written, below the folder; raises `Refused` when that would be elsewhere."""
        settings, root = self._settings, os.path.realpath(self._settings.folder)
        name = key.removesuffix(_URL)
        if settings.unique_names:
            name = f"namespace_{source.key.namespace}.{source.key.kind}_{source.key.name}.{name}"
        if name in {"", ".", "..", NAME} or "/" in name or "\0" in name:
            raise Refused(f"{name!r} is not a name for a file here")
        asked = source.annotations.get(settings.folder_annotation, "")
        folder = os.path.realpath(Path(root) / asked)
        if os.path.commonpath([root, folder]) != root:
            raise Refused(f"the annotation leads out of {settings.folder} to {asked!r}")
        return os.path.relpath(Path(folder) / name, root)

    def _write(self, path: str, content: bytes, key: Object) -> bool:
        """Write a file; False when it must wait, since another object has it or the disk does not take it."""
        owner = self._manifest.owners.get(path, "")
        if owner not in {"", str(key)}:
            self._tell("conflict", key, f"{path} belongs to {owner}")
            return False
        target = self._settings.folder / path
        try:
            self._manifest.set(path, str(key))
            target.parent.mkdir(parents=True, exist_ok=True)
            if materialize.write(str(target), content, self._settings.file_mode):
                self._log.info("Written", file=path, object=str(key))
                self._metrics.writes.inc()
                self.changes += 1
        except (CannotMaterialize, OSError) as error:
            self._tell("write", key, str(error))
            return False
        return True

    def _remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            try:
                (self._settings.folder / path).unlink(missing_ok=True)
                self._manifest.set(path, "")
            except (CannotMaterialize, OSError) as error:
                self._tell("remove", None, f"{path}: {error}")
                continue
            self._log.info("Removed", file=path)
            self._metrics.removals.inc()
            self.changes += 1

    def _owned(self, owner: str) -> list[str]:
        return [path for path, other in self._manifest.owners.items() if other == owner]

    def _tell(self, kind: str, key: Object | None, reason: str) -> None:
        self._metrics.errors.labels(kind).inc()
        self._log.error("A file is not what the cluster says", object=str(key or ""), reason=reason)
