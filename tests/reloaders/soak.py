"""Thousands of changes in bursts against a server that answers 200, 500, late, or is not there at all."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from tests.reloaders.daemons import Daemon, daemon, eventually
from tests.reloaders.faulty_server import FaultyServer, faulty_server
from tests.reloaders.mounts import Mount
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from pathlib import Path

_BURST = 20  # changes
_MODES = ("fine", "fine", "refuses", "late", "silent", "away")


@dataclass(frozen=True)
class Report:
    """What a soak showed: changes, requests, changes that the server never loaded, sums that are wrong."""

    changes: int
    requests: int
    lost: int
    wrong: list[str]
    memory: float

    def __str__(self) -> str:
        return (
            f"{self.changes} changes, {self.requests} requests seen, {self.memory:.1f} MB resident, {self.wrong or ''}"
        )


def soak(folder: Path, changes: int, seed: int = 6) -> Report:
    """Run config-reloader through many changes; the server loads the output file when it answers 200."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    mount = Mount(folder / "mount", {"p.yaml": "change: 0\n"})
    out, port = folder / "out.yaml", free_port()
    flags = [f"--config-file={mount.folder}/p.yaml", f"--config-envsubst-file={out}", "--listen-address=127.0.0.1:0"]
    flags += [f"--reload-url=http://127.0.0.1:{port}/-/reload", "--delay-interval=5ms", "--retry-interval=50ms"]
    seen = 0
    with daemon("config-reloader", *flags, "--reload-timeout=200ms", log=folder / "log") as reloader:
        number = 0
        while number < changes:
            mode = dice.choice(_MODES)
            if mode == "away":
                number = _burst(mount, number, dice)
                continue
            with faulty_server(port) as server:
                _behave(server, mode)
                number = _burst(mount, number, dice)
                seen += len(server.requests)
        loaded: list[str] = []
        with faulty_server(port) as server:
            server.on_request = lambda: loaded.append(out.read_text())
            number += 1  # a content of its own: the last burst may have been loaded to its end
            last = f"change: {number}\n"
            mount.publish({"p.yaml": last})
            eventually(lambda: last in loaded, "the last content")
            eventually(lambda: reloader.metric("reloader_last_reload_successful") == 1, "the success")
            seen += len(server.requests)
            time.sleep(0.3)
            lost = 0 if loaded[-1] == last else 1
            return Report(number, seen, lost, _wrong(reloader, seen), reloader.memory())


def _behave(server: FaultyServer, mode: str) -> None:
    answers = {"fine": (200, "", 0.0), "refuses": (500, "no", 0.0), "late": (200, "", 0.05), "silent": (200, "", 0.5)}
    server.answer(*answers[mode])


def _burst(mount: Mount, number: int, dice: random.Random) -> int:
    for _ in range(_BURST):
        number += 1
        mount.publish({"p.yaml": f"change: {number}\n"})
        time.sleep(dice.choice((0, 0, 0.001, 0.01)))
    time.sleep(dice.choice((0.0, 0.05)))
    return number


def _wrong(reloader: Daemon, seen: int) -> list[str]:
    """The sums that do not come out."""
    text = requests.get(f"{reloader.url}/metrics", timeout=10).text
    values = {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if not line.startswith("#")}
    reloads, failed = values["reloader_reloads_total"], values["reloader_reloads_failed_total"]
    successes = reloader.log.count('msg="Reload triggered"')
    applies_failed = values["reloader_config_apply_operations_failed_total"]
    sums = {
        "reloads = successes + failures": reloads == successes + failed,
        "failures are logged": failed == reloader.log.count('msg="Reload failed"'),
        "every request seen is counted": reloads >= seen,
        "a failed apply is a failed reload": applies_failed == failed,
        "latencies are those of successes": values["reloader_change_to_reload_seconds_count"] <= successes,
        "the last one went well": values["reloader_last_reload_successful"] == 1,
        "no watch failed": values["reloader_watch_errors_total"] == 0,
        "events came": values["reloader_watch_events_total"] > 0,
    }
    return [name for name, right in sums.items() if not right]
