"""What goes wrong around config-reloader: the last good output stays, the reason is told, it heals alone."""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from tests.reloaders.daemons import SCRIPTS, Daemon, daemon, eventually
from tests.reloaders.faulty_server import FaultyServer, faulty_server
from tests.reloaders.mounts import Mount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FAILED = "reloader_config_apply_operations_failed_total"


@contextmanager
def _reloader(
    folder: Path, url: str, *flags: str, watched: Path | None = None, prefix: tuple[str, ...] = ()
) -> Iterator[Daemon]:
    own = [f"--config-file={folder}/in/p.yaml", f"--config-envsubst-file={folder}/out/p.yaml", f"--reload-url={url}"]
    own += ["--listen-address=127.0.0.1:0", "--delay-interval=10ms", "--retry-interval=100ms"]
    own += [f"--watched-dir={watched}"] if watched else []
    with daemon("config-reloader", *own, *flags, log=folder / "log", prefix=prefix) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "p.yaml").write_text("good: 1\n")
    return tmp_path


@pytest.fixture
def served() -> Iterator[FaultyServer]:
    with faulty_server() as server:
        yield server


def _break_and_heal(place: Path, served: FaultyServer, reloader: Daemon, spoil: Callable[[], None], says: str) -> None:
    """Spoil the input of a running reloader, see what it says and keeps, heal the input and see it loaded."""
    out = place / "out" / "p.yaml"
    eventually(lambda: served.requests, "the first reload")
    spoil()
    eventually(lambda: says in reloader.log, f"{says!r} in the log")
    eventually(lambda: reloader.metric(FAILED) > 0, "the count")
    assert says in reloader.page("/status").json()["apply"]["reason"]
    assert out.read_text() == "good: 1\n"
    _healthy_input(place)
    eventually(lambda: out.read_text() == "good: 2\n", "the healed output")
    eventually(lambda: len(served.requests) == 2, "the reload")
    assert not [path for path in out.parent.iterdir() if path != out], "left-over files"


def _healthy_input(place: Path) -> None:
    path = place / "in" / "p.yaml"
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_text("good: 2\n")


def _by_truncated_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(b"x" * 5000)[:-9])


def _by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _by_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


SPOILERS: list[tuple[Callable[[Path], None], str]] = [
    (_by_truncated_gzip, "in/p.yaml: broken gzip"),
    (_by_folder, "in/p.yaml: Is a directory"),
    (_by_loop, "in/p.yaml: Too many levels of symbolic links"),
    (lambda path: path.unlink(), "in/p.yaml: No such file or directory"),
]


@pytest.mark.parametrize(("spoil", "says"), SPOILERS, ids=["gzip", "folder", "loop", "gone"])
def test_spoiled_file(place: Path, served: FaultyServer, spoil: Callable[[Path], None], says: str) -> None:
    with _reloader(place, served.url) as reloader:
        _break_and_heal(place, served, reloader, lambda: spoil(place / "in" / "p.yaml"), says)


def test_missing_file_and_folders_at_start(tmp_path: Path, served: FaultyServer) -> None:
    with _reloader(tmp_path, served.url, watched=tmp_path / "rules") as reloader:
        eventually(lambda: "No such file or directory" in reloader.log, "the reason")
        assert reloader.page("/readyz").status_code == 503
        assert reloader.page("/healthz").json() == {"status": "up"}
        assert reloader.metric("reloader_watch_errors_total") >= 2
        for name in ("in", "out", "rules"):
            (tmp_path / name).mkdir()
        (tmp_path / "in" / "p.yaml").write_text("late: 1\n")
        eventually(lambda: served.requests, "the first reload")
        eventually(lambda: reloader.page("/readyz").status_code == 200, "readiness")
        assert reloader.metric("reloader_watches") == 2


def test_missing_file_ends_a_single_run(tmp_path: Path) -> None:
    flags = [f"--config-file={tmp_path}/none", f"--config-envsubst-file={tmp_path}/out", "--watch-interval=0"]
    done = subprocess.run([SCRIPTS / "config-reloader", *flags], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{tmp_path}/none: No such file or directory" in done.stderr


def test_link_loop_in_a_watched_folder(place: Path, served: FaultyServer) -> None:
    rules = place / "rules"
    rules.mkdir()
    with _reloader(place, served.url, watched=rules) as reloader:
        eventually(lambda: served.requests, "the first reload")
        (rules / "loop.yaml").symlink_to("loop.yaml")
        eventually(lambda: "rules/loop.yaml: Too many levels" in reloader.log, "the reason")
        (rules / "loop.yaml").unlink()
        (rules / "fine.yaml").write_text("groups: []\n")
        eventually(lambda: len(served.requests) == 2, "the reload")


def test_watched_folder_deleted_and_made_again(place: Path, served: FaultyServer) -> None:
    rules = place / "rules"
    rules.mkdir()
    with _reloader(place, served.url, watched=rules) as reloader:
        eventually(lambda: served.requests, "the first reload")
        rules.rmdir()
        eventually(lambda: f"{rules}: no such folder" in reloader.log, "the reason")
        rules.mkdir()
        eventually(lambda: reloader.metric("reloader_watches") == 2, "the new watch")
        (rules / "a.yaml").write_text("groups: []\n")
        eventually(lambda: len(served.requests) == 2, "the reload")


def test_thousands_of_files(place: Path, served: FaultyServer) -> None:
    mount = Mount(place / "rules", {f"{number}.yaml": f"groups: [] # {number}\n" for number in range(5000)})
    with _reloader(place, served.url, watched=mount.folder):
        eventually(lambda: served.requests, "the first reload")
        started = time.monotonic()
        mount.publish({f"{number}.yaml": f"groups: [] # {number + 1}\n" for number in range(5000)})
        eventually(lambda: len(served.requests) >= 2, "the reload")
        assert time.monotonic() - started < 5


def test_nothing_is_reloaded_when_contents_are_the_same(place: Path, served: FaultyServer) -> None:
    mount = Mount(place / "rules", {"a.yaml": "groups: []\n"})
    with _reloader(place, served.url, watched=mount.folder) as reloader:
        eventually(lambda: served.requests, "the first reload")
        mount.publish({"a.yaml": "groups: []\n"})
        eventually(lambda: reloader.metric("reloader_config_apply_operations_total") >= 2, "the second look")
        assert len(served.requests) == 1


def test_disk_that_takes_no_more(place: Path, served: FaultyServer) -> None:
    """The limit on a file's size fails the write in its middle, as a full disk does."""

    def fill() -> None:
        resource.prlimit(reloader.process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        (place / "in" / "p.yaml").write_text("x" * 5000)

    with _reloader(place, served.url) as reloader:
        _break_and_heal(place, served, reloader, fill, "out/p.yaml: File too large")


@pytest.fixture
def without_override() -> tuple[str, ...]:
    """What takes root's right to read and write everything from a command; nothing when root is not who runs it."""
    if os.geteuid():
        return ()
    kept = "-dac_override,-dac_read_search"
    return ("setpriv", f"--bounding-set={kept}", f"--inh-caps={kept}", "--")


def test_no_right_to_read(place: Path, served: FaultyServer, without_override: tuple[str, ...]) -> None:
    with _reloader(place, served.url, prefix=without_override) as reloader:

        def forbid() -> None:
            (place / "in" / "p.yaml").write_text("secret: 1\n")
            (place / "in" / "p.yaml").chmod(0)

        _break_and_heal(place, served, reloader, forbid, "in/p.yaml: Permission denied")


def test_no_right_to_write(place: Path, served: FaultyServer, without_override: tuple[str, ...]) -> None:
    with _reloader(place, served.url, prefix=without_override) as reloader:
        eventually(lambda: served.requests, "the first reload")
        (place / "out").chmod(0o555)
        (place / "in" / "p.yaml").write_text("good: 2\n")
        eventually(lambda: "out/p.yaml: Permission denied" in reloader.log, "the reason")
        assert (place / "out" / "p.yaml").read_text() == "good: 1\n"
        (place / "out").chmod(0o777)
        eventually(lambda: len(served.requests) == 2, "the reload")
        assert (place / "out" / "p.yaml").read_text() == "good: 2\n"


ANSWERS = [
    (401, "the server wants credentials"),
    (403, "lifecycle"),
    (404, "path of --reload-url"),
    (500, "500 Internal Server Error"),
]


@pytest.mark.parametrize(("status", "says"), ANSWERS)
def test_server_that_refuses(place: Path, served: FaultyServer, status: int, says: str) -> None:
    served.answer(status)
    with _reloader(place, served.url) as reloader:
        eventually(lambda: says in reloader.log, "the reason")
        served.answer(200)
        eventually(lambda: reloader.page("/readyz").status_code == 200, "readiness")
        assert reloader.metric("reloader_reloads_failed_total") >= 1
        assert reloader.metric("reloader_last_reload_successful") == 1


DRIPS = [b"HTTP/1.1 ", b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n"]


@pytest.mark.parametrize("begins", DRIPS, ids=["headers", "body"])
def test_server_that_is_down_slow_or_drips(place: Path, begins: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"http://somebody:s3cr3tpass@127.0.0.1:{port}"
        with _reloader(place, url, "--reload-timeout=300ms") as reloader:
            connection, _ = silent.accept()
            connection.sendall(begins)
            for _ in range(6):  # always alive, never done: the limit is for the whole answer
                time.sleep(0.1)
                with suppress(OSError):
                    connection.sendall(b"2")
            eventually(lambda: "no answer within 0.3s" in reloader.log, "the time limit")
            assert "Traceback" not in reloader.log
            connection.close()
            silent.close()
            eventually(lambda: "Connection refused" in reloader.log, "the reason")
            with faulty_server(port) as server:
                eventually(lambda: reloader.page("/readyz").status_code == 200, "readiness")
                assert server.requests[0].headers["Authorization"].startswith("Basic ")
            assert "s3cr3tpass" not in reloader.log + reloader.page("/status").text


def test_without_inotify_it_polls(place: Path, served: FaultyServer) -> None:
    """A system that gives no more inotify instances; the limit is that of a user namespace of the test's own."""
    limit = 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"'
    prefix = ("unshare", "--user", "--map-root-user", "sh", "-c", limit, "sh")
    with _reloader(place, served.url, "--watch-interval=200ms", prefix=prefix) as reloader:
        eventually(lambda: served.requests, "the first reload")
        assert "inotify instance limit reached" in reloader.log
        (place / "in" / "p.yaml").write_text("good: 2\n")
        eventually(lambda: len(served.requests) == 2, "the reload at the next poll")
        assert reloader.metric("reloader_watches") == 0
        assert reloader.metric("reloader_watch_errors_total") >= 1


BAD_FLAGS = [
    ("--no-such-flag", "unrecognized arguments"),
    ("--watch-interval=3", "'3' is not a duration"),
    ("--watch-interval=-3m", "not a duration"),
    ("--retry-interval=0", "greater than 0"),
    ("--reload-url=localhost:9090", "must be a URL"),
    ("--reload-method=telnet", "invalid choice"),
    ("--auto-gomemlimit-ratio=2", "at most 1"),
    ("--web-config-file=/no/such/file", "No such file"),
    ("--tls-assets-dir=/x", "--resolve-secrets"),
    ("--config=x", "unrecognized arguments"),
]


@pytest.mark.parametrize(("flag", "says"), BAD_FLAGS)
def test_bad_flags_end_with_2(flag: str, says: str) -> None:
    done = subprocess.run([SCRIPTS / "config-reloader", flag], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_address_in_use(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"--listen-address=127.0.0.1:{taken.getsockname()[1]}"
        command = [str(SCRIPTS / "config-reloader"), f"--config-file={place}/in/p.yaml", address]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == 1
    assert "Address already in use" in done.stderr


def test_folder_replaced_by_another(place: Path, served: FaultyServer) -> None:
    """A whole folder is exchanged under the reloader: the new one is watched."""
    with _reloader(place, served.url) as reloader:
        eventually(lambda: served.requests, "the first reload")
        (place / "new").mkdir()
        (place / "new" / "p.yaml").write_text("good: 2\n")
        shutil.rmtree(place / "in")
        (place / "new").rename(place / "in")
        eventually(lambda: len(served.requests) == 2, "the reload")
        eventually(lambda: reloader.metric("reloader_watches") == 1, "the watch")
        (place / "in" / "p.yaml").write_text("good: 3\n")
        eventually(lambda: len(served.requests) == 3, "the reload after that")
