"""Watches folders for changes with inotify; what it cannot watch is left to the poll and tried again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.inotify import InotifyObserver
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from watchdog.observers.api import ObservedWatch

# Not the first write to an open file (it is half written), nor reading, which we do ourselves.
EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]

# Half of a rename is a change for us: the library would wait half a second for the other half, and sometimes does even
# though that has come.
InotifyMoveEventGrouper.delay = 0.0

_Place = tuple[int, int]


class _Listener(FileSystemEventHandler):
    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        del event
        self._tell()


class Watcher:
    """Calls back, in a thread of its own, for every change of an entry of the folders."""

    def __init__(self, folders: Iterable[str], tell: Callable[[], None]) -> None:
        self._folders = tuple(dict.fromkeys(folders))
        self._listener = _Listener(tell)
        self._observer: InotifyObserver | None = None
        self._watched: dict[str, tuple[_Place, ObservedWatch]] = {}

    @property
    def count(self) -> int:
        """How many folders are watched now."""
        return len(self._watched)

    def renew(self) -> list[str]:
        """Watch the folders that are new or not watched yet; gives those that cannot be watched, and why."""
        faults = []
        for folder in self._folders:
            try:
                self._renew_one(self._running_observer(), folder)
            except OSError as error:
                faults.append(f"{folder}: {error.strerror}")
        return faults

    def _running_observer(self) -> InotifyObserver:
        """The observer; raises OSError when the system gives no more of them."""
        if self._observer is None:
            observer = InotifyObserver()
            observer.start()
            self._observer = observer
        return self._observer

    def _renew_one(self, observer: InotifyObserver, folder: str) -> None:
        known = self._watched.get(folder)
        place = _place(folder)
        if known is not None:
            if known[0] == place and _runs(observer, known[1]):
                return
            del self._watched[folder]
            observer.unschedule(known[1])
        if place is None:
            raise NotADirectoryError(0, "no such folder")
        watch = observer.schedule(self._listener, folder, event_filter=EVENTS, follow_symlink=True)
        self._watched[folder] = (place, watch)


def _runs(observer: InotifyObserver, watch: ObservedWatch) -> bool:
    """Whether a watch still gives events: it ends by itself when its folder is deleted."""
    return any(emitter.watch == watch and emitter.is_alive() for emitter in observer.emitters.copy())


def _place(folder: str) -> _Place | None:
    """What tells a folder from another one of the same name; None when there is none."""
    if not os.path.isdir(folder):  # noqa: PTH112 - an empty name is the current folder, as for Go
        return None
    found = os.stat(folder)  # noqa: PTH116
    return found.st_dev, found.st_ino
