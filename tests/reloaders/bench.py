"""The figures of the reloaders, each beside its limit and what the Go reloader needs: `make bench-reloaders`.

    python -m tests.reloaders.bench [config-reloader|rules-reloader|soak …]

Exit status 1 when a limit is not kept.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.reloaders.daemons import Daemon, daemon, eventually
from tests.reloaders.faulty_server import FaultyServer, faulty_server
from tests.reloaders.mounts import Mount
from tests.reloaders.soak import soak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RELOADS = 1000
SWAPS = 100
IDLE_SECONDS = 30
MEMORY = Path("/dev/shm")  # noqa: S108 - mounted files and the configuration are in memory, as in the operator's pods


@dataclass(frozen=True)
class Figure:
    """One measured value, its limit, and the Go reloader's."""

    name: str
    value: float
    limit: float
    unit: str
    go: str = ""

    @property
    def kept(self) -> bool:
        """Whether the value is within its limit."""
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.kept else "TOO MUCH"
        return f"{self.name:52}{self.value:9.2f} {self.unit:4} at most {self.limit:6.2f}   {verdict:9}{self.go}"


def flags_of(program: str, mount: Mount, url: str, delay: str) -> list[str]:
    """The command line that watches a mount and posts to a URL."""
    if program == "rules-reloader":
        return [
            f"--volume-dir={mount.folder}",
            f"--webhook-url={url}",
            f"--delay-interval={delay}",
            "--reload-at-start",
        ]
    out = mount.folder.parent / "out.yaml"
    files = [f"--config-file={mount.folder}/p.yaml", f"--config-envsubst-file={out}"]
    return [*files, f"--reload-url={url}", f"--delay-interval={delay}"]


def figures(program: str, folder: Path) -> Iterator[Figure]:
    """Measure one reloader."""
    yield Figure("start to first reload, median of 5", _start(program, folder), 0.35, "s", "Go 0.03 to 0.11")
    with faulty_server() as server, _running(program, folder, server, "0s") as (reloader, mount):
        latencies = [_swap(mount, server, number) for number in range(SWAPS)]
        yield Figure("swap to POST, no delay, median of 100", 1e3 * statistics.median(latencies), 10, "ms", "Go 4")
        yield Figure("swap to POST, no delay, worst of 100", 1e3 * max(latencies), 50, "ms")
        after_first = reloader.memory()
        for number in range(SWAPS, RELOADS):
            _swap(mount, server, number)
            if number % 100 == 0:
                reloader.page("/metrics")
        yield Figure("resident after 1,000 reloads", reloader.memory(), 30, "MB", "Go 33 to 35")
        yield Figure("growth from reload 100 to 1,000", reloader.memory() - after_first, 1, "MB")
        before = reloader.cpu_seconds()
        time.sleep(IDLE_SECONDS)
        yield Figure("idle CPU", 100 * (reloader.cpu_seconds() - before) / IDLE_SECONDS, 0.1, "%")
    with faulty_server() as server, _running(program, folder, server, "1s") as (_, mount):
        delayed = [_swap(mount, server, number) for number in range(10)]
        yield Figure("swap to POST, 1 s delay, median of 10", 1e3 * statistics.median(delayed), 1010, "ms", "Go 1004")
        yield Figure("swap to POST, 1 s delay, worst of 10", 1e3 * max(delayed), 1050, "ms")


def _start(program: str, folder: Path) -> float:
    took = []
    for number in range(5):
        mount = Mount(folder / f"start{number}" / "mount", {"p.yaml": "groups: []\n"})
        with faulty_server() as server:
            started = time.monotonic()
            with daemon(program, *flags_of(program, mount, server.url, "0s"), log=folder / "log", installed=True):
                took.append(_request(server, 0) - started)
    return statistics.median(took)


def _swap(mount: Mount, server: FaultyServer, number: int) -> float:
    """Seconds from the swap to the request that follows it."""
    seen = len(server.requests)
    swapped = mount.publish({"p.yaml": f"groups: []  # {number}\n"})
    return _request(server, seen) - swapped


def _request(server: FaultyServer, number: int) -> float:
    while len(server.requests) <= number:
        time.sleep(0.0005)
    return server.requests[number].at


class _running:  # noqa: N801 - a context manager, used as one
    def __init__(self, program: str, folder: Path, server: FaultyServer, delay: str) -> None:
        self._mount = Mount(folder / f"mount{delay}", {"p.yaml": "groups: []\n"})
        self._server = server
        flags = [*flags_of(program, self._mount, server.url, delay), "--listen-address=127.0.0.1:0"]
        self._daemon = daemon(program, *flags, log=folder / "log", installed=True)

    def __enter__(self) -> tuple[Daemon, Mount]:
        running = self._daemon.__enter__()
        eventually(lambda: self._server.requests, "the first reload")
        running.page("/metrics")
        return running, self._mount

    def __exit__(self, *raised: object) -> None:
        self._daemon.__exit__(None, None, None)


def _soak(_: str, folder: Path) -> Iterator[Figure]:
    report = soak(folder, changes=2000)
    print(report)
    yield Figure("changes that the server does not know at the end", report.lost, 0, "")
    yield Figure("metrics that do not add up", len(report.wrong), 0, "")


PARTS: dict[str, Callable[[str, Path], Iterator[Figure]]] = {
    "config-reloader": figures,
    "rules-reloader": figures,
    "soak": _soak,
}


def main() -> int:
    """Measure what the command line names, or everything."""
    kept = True
    for part in sys.argv[1:] or PARTS:
        print(f"\n{part}")
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            for figure in PARTS[part](part, Path(folder)):
                print(figure, flush=True)
                kept &= figure.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
