"""config-reloader beside real servers: Prometheus of two lines and Alertmanager."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
import requests

from tests.reloaders.daemons import SCRIPTS, daemon, eventually, server
from tests.reloaders.mounts import Mount
from tests.servers.prometheus_server import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROMETHEUS = [pytest.param("prometheus", id="3.13"), pytest.param("prometheus-2.42", id="2.42")]
RULE = "groups: [{{name: g, rules: [{{record: {name}, expr: vector(1)}}]}}]\n"


def _config(marker: str, rules: Path) -> bytes:
    text = f'global: {{external_labels: {{marker: "{marker}", pod: "$(POD)"}}}}\nrule_files: ["{rules}/*.yaml"]\n'
    return gzip.compress(text.encode())


@pytest.mark.parametrize("program", PROMETHEUS)
def test_prometheus_follows_its_mounted_files(tool: Callable[[str], Path], tmp_path: Path, program: str) -> None:
    """The swap of a folder shows in the running server: configuration, rules, and a broken one refused and healed."""
    rules = Mount(tmp_path / "rules", {"a.yaml": RULE.format(name="first")})
    config = Mount(tmp_path / "config", {"p.yaml.gz": _config("one", rules.folder)})
    out = tmp_path / "out.yaml"
    url = f"http://127.0.0.1:{free_port()}"
    flags = [
        f"--config-file={config.folder}/p.yaml.gz",
        f"--config-envsubst-file={out}",
        f"--watched-dir={rules.folder}",
        f"--reload-url={url}/-/reload",
        "--listen-address=127.0.0.1:0",
        "--delay-interval=50ms",
        "--retry-interval=200ms",
    ]
    once = [str(SCRIPTS / "config-reloader"), *flags, "--watch-interval=0"]
    environment = os.environ | {"POD": "prometheus-7"}
    assert subprocess.run(once, env=environment, check=False).returncode == 0  # the init container
    command = (str(tool(program)), f"--config.file={out}", f"--storage.tsdb.path={tmp_path}/data")
    lifecycle = ("--web.enable-lifecycle", f"--web.listen-address={url.removeprefix('http://')}")
    with (
        server(*command, *lifecycle, ready=f"{url}/-/ready", log=tmp_path / "server.log"),
        daemon("config-reloader", *flags, log=tmp_path / "log", env=environment) as reloader,
    ):
        eventually(lambda: reloader.page("/readyz").status_code == 200, "the first reload")
        assert "pod: prometheus-7" in ask(url, "status/config")["yaml"]

        config.publish({"p.yaml.gz": _config("two", rules.folder)})
        eventually(lambda: "marker: two" in ask(url, "status/config")["yaml"], "the new configuration")

        rules.publish({"a.yaml": RULE.format(name="second"), "b.yaml": RULE.format(name="third")})
        eventually(lambda: _rules(url) == {"second", "third"}, "the new rules")

        config.publish({"p.yaml.gz": b"global: {no_such_field: 1}\n"})
        eventually(lambda: reloader.metric("reloader_last_reload_successful") == 0, "the refusal")
        assert "no_such_field" in reloader.page("/status").json()["reload"]["reason"]
        assert "no_such_field" in reloader.log
        assert "marker: two" in ask(url, "status/config")["yaml"]

        config.publish({"p.yaml.gz": _config("three", rules.folder)})
        eventually(lambda: "marker: three" in ask(url, "status/config")["yaml"], "the healed configuration")
        eventually(lambda: reloader.metric("reloader_last_reload_successful") == 1, "the success")
        assert reloader.metric("reloader_reloads_failed_total") >= 1
        assert reloader.end() == 0


def _rules(url: str) -> set[str]:
    return {rule["name"] for group in ask(url, "rules")["groups"] for rule in group["rules"]}


def test_alertmanager_follows_its_mounted_file(tool: Callable[[str], Path], tmp_path: Path) -> None:
    def content(receiver: str) -> bytes:
        return gzip.compress(f"route: {{receiver: {receiver}}}\nreceivers: [{{name: {receiver}}}]\n".encode())

    config = Mount(tmp_path / "config", {"alertmanager.yaml.gz": content("first")})
    out = tmp_path / "alertmanager.env.yaml"
    url = f"http://127.0.0.1:{free_port()}"
    flags = [f"--config-file={config.folder}/alertmanager.yaml.gz", f"--config-envsubst-file={out}"]
    flags += [f"--reload-url={url}/-/reload", "--delay-interval=0s"]
    assert subprocess.run([str(SCRIPTS / "config-reloader"), *flags, "--watch-interval=0"], check=False).returncode == 0
    listen = f"--web.listen-address={url.removeprefix('http://')}"
    command = (str(tool("alertmanager")), f"--config.file={out}", f"--storage.path={tmp_path}", listen)
    with (
        server(*command, "--cluster.listen-address=", ready=f"{url}/-/ready", log=tmp_path / "server.log"),
        daemon("config-reloader", *flags, log=tmp_path / "log"),
    ):
        config.publish({"alertmanager.yaml.gz": content("second")})

        def route() -> str:
            status = requests.get(f"{url}/api/v2/status", timeout=5).json()
            return str(status["config"]["original"])

        eventually(lambda: "receiver: second" in route(), "the new route")


@pytest.mark.parametrize("program", PROMETHEUS)
def test_signal_method(tool: Callable[[str], Path], tmp_path: Path, program: str) -> None:
    """SIGHUP reaches the real process, and the runtime information tells the refusal and the success."""
    config = Mount(tmp_path / "config", {"p.yaml": "global: {external_labels: {marker: one}}\n"})
    url = f"http://127.0.0.1:{free_port()}"
    named = tmp_path / f"prom-{url.rpartition(':')[2]}"  # a name of its own: other tests run a Prometheus too
    named.symlink_to(tool(program).resolve())
    out = tmp_path / "out.yaml"
    flags = [
        f"--config-file={config.folder}/p.yaml",
        f"--config-envsubst-file={out}",
        "--reload-method=signal",
        f"--process-executable-name={named.name}",
        f"--runtimeinfo-url={url}/api/v1/status/runtimeinfo",
        "--listen-address=127.0.0.1:0",
        "--delay-interval=0s",
        "--retry-interval=200ms",
        "--reload-timeout=5s",
    ]
    assert subprocess.run([str(SCRIPTS / "config-reloader"), *flags, "--watch-interval=0"], check=False).returncode == 0
    listen = f"--web.listen-address={url.removeprefix('http://')}"
    command = (str(named), f"--config.file={out}", f"--storage.tsdb.path={tmp_path}/data", listen)
    with (
        server(*command, ready=f"{url}/-/ready", log=tmp_path / "server.log"),
        daemon("config-reloader", *flags, log=tmp_path / "log") as reloader,
    ):
        eventually(lambda: reloader.page("/readyz").status_code == 200, "the first reload")
        config.publish({"p.yaml": "no_such_field: 1\n"})
        eventually(lambda: "refused its configuration" in reloader.log, "the refusal")
        config.publish({"p.yaml": "global: {external_labels: {marker: two}}\n"})
        eventually(lambda: "marker: two" in ask(url, "status/config")["yaml"], "the new configuration")
        eventually(lambda: reloader.metric("reloader_last_reload_successful") == 1, "the success")
        assert 'reloader_info{method="signal"} 1.0' in reloader.page("/metrics").text


def test_signal_method_without_the_process(tmp_path: Path) -> None:
    flags = ("--config-file", str(tmp_path / "p.yaml"), "--reload-method=signal", "--process-executable-name=nobody")
    (tmp_path / "p.yaml").write_text("a: 1\n")
    with daemon("config-reloader", *flags, log=tmp_path / "log") as reloader:
        eventually(lambda: "no process is called nobody" in reloader.log, "the reason")
        reloader.process.send_signal(signal.SIGINT)
        assert reloader.process.wait(timeout=5) == 0


def test_ends_within_a_second_while_the_server_is_silent(tmp_path: Path) -> None:
    """SIGTERM ends the program also in the middle of a request."""
    import socket

    (tmp_path / "p.yaml").write_text("a: 1\n")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/-/reload"
        flags = ("--config-file", str(tmp_path / "p.yaml"), "--reload-url", url)
        with daemon("config-reloader", *flags, log=tmp_path / "log") as reloader:
            connection, _ = silent.accept()
            time.sleep(0.1)
            assert reloader.end() == 0
            connection.close()
