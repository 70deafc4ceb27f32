"""rules-reloader beside a real Prometheus, and its checks of rule files."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import yaml

from reloaders.rules import check, settings
from tests.reloaders.daemons import SCRIPTS, Daemon, daemon, eventually, server
from tests.reloaders.faulty_server import FaultyServer, faulty_server
from tests.reloaders.mounts import Mount
from tests.servers.prometheus_server import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD = "groups: [{{name: g, rules: [{{record: {name}, expr: vector(1)}}]}}]\n"
LISTEN = "-web.listen-address=127.0.0.1:0"


@pytest.fixture
def served() -> Iterator[FaultyServer]:
    with faulty_server() as told:
        yield told


@contextmanager
def _running(tmp_path: Path, *flags: str) -> Iterator[Daemon]:
    with daemon("rules-reloader", *flags, LISTEN, "-promql=off", log=tmp_path / "log") as running:
        yield running


def test_prometheus_loads_rules_and_a_wrong_set_is_held(tool: Callable[[str], Path], tmp_path: Path) -> None:
    """A good set is loaded, a wrong one is held back although the server would take it, the healed one is loaded."""
    one = Mount(tmp_path / "one", {"a.yaml": GOOD.format(name="first")})
    two = Mount(tmp_path / "two", {"b.yaml": GOOD.format(name="other")})
    (tmp_path / "p.yaml").write_text(f'rule_files: ["{one.folder}/*.yaml", "{two.folder}/*.yaml"]\n')
    url = f"http://127.0.0.1:{free_port()}"
    command = [str(tool("prometheus")), f"--config.file={tmp_path}/p.yaml", f"--storage.tsdb.path={tmp_path}/data"]
    command += [f"--web.listen-address={url.removeprefix('http://')}", "--web.enable-lifecycle"]
    flags = [f"-volume-dir={one.folder}", f"--volume-dir={two.folder}", f"-webhook-url={url}/-/reload", LISTEN]

    def rules() -> set[str]:
        return {rule["name"] for group in ask(url, "rules")["groups"] for rule in group["rules"]}

    with (
        server(*command, ready=f"{url}/-/ready", log=tmp_path / "server.log"),
        daemon("rules-reloader", *flags, "--validate=hold", log=tmp_path / "log") as reloader,
    ):
        eventually(lambda: reloader.page("/readyz").status_code == 200, "the first look")
        one.publish({"a.yaml": GOOD.format(name="second")})
        eventually(lambda: rules() == {"second", "other"}, "the new rule")

        one.publish({"a.yaml": GOOD.format(name="third")})
        two.publish({"b.yaml": "groups: [{name: g, rules: [{record: wrong, expr: 'sum(', typo: 1}]}]\n"})
        eventually(lambda: reloader.metric("rules_reloader_held") == 1, "the hold")
        status = reloader.page("/status").json()
        assert status["held"] is True
        typo, broken = status["faults"]
        assert typo.endswith("b.yaml: groups[0].rules[0].typo: no such field")
        assert "b.yaml: groups[0].rules[0].expr: not PromQL" in broken
        assert reloader.page("/healthz").status_code == 200
        assert "other" in rules()

        two.publish({"b.yaml": GOOD.format(name="fourth")})
        eventually(lambda: rules() == {"third", "fourth"}, "the healed set")
        assert reloader.metric("rules_reloader_held") == 0
        assert reloader.end() == 0


def test_every_webhook_hears_of_a_change(tmp_path: Path, served: FaultyServer) -> None:
    """Several webhooks, method, status, retries, user and password in the URL; the one that failed is asked again."""
    mount = Mount(tmp_path / "m", {"a.yaml": ""})
    with faulty_server() as other:
        served.answer(204)
        other.answer(500, "not now")
        flags = [f"-volume-dir={mount.folder}", "-webhook-method=PUT", "-webhook-status-code=204"]
        flags += ["-webhook-retries=3", "-retry-interval=100ms"]
        with_user = served.url.replace("://", "://ann:s3cr3t@") + "/reload?x=1"
        flags += [f"-webhook-url={with_user}", "-webhook-url", other.url]
        with _running(tmp_path, *flags) as reloader:
            eventually(lambda: reloader.page("/readyz").status_code == 200, "the first look")
            assert not served.requests  # as configmap-reload: nothing at the start
            mount.publish({"a.yaml": "groups: []\n"})
            eventually(lambda: len(other.requests) == 3, "three tries")
            assert [(told.method, told.path) for told in served.requests] == [("PUT", "/reload?x=1")]
            assert served.requests[0].headers["Authorization"] == "Basic YW5uOnMzY3IzdA=="
            assert "500 Internal Server Error: not now" in reloader.log
            other.answer(204)
            mount.publish({"a.yaml": "groups: [] # 2\n"})
            name = f'webhook="{served.url}/reload"'
            second = f'configmap_reload_success_reloads_total{{webhook="{other.url}"}} 1.0'
            eventually(lambda: second in reloader.page("/metrics").text, "the success")
            text = reloader.page("/metrics").text
            assert f'configmap_reload_requests_total{{status_code="204",{name}}} 2.0' in text
            assert f'configmap_reload_last_reload_error{{webhook="{other.url}"}} 0.0' in text
            assert (
                f'configmap_reload_request_errors_total{{reason="client_response",webhook="{other.url}"}} 3.0' in text
            )
            assert "s3cr3t" not in text + reloader.log + reloader.page("/status").text


def test_warn_reloads_all_the_same(tmp_path: Path, served: FaultyServer) -> None:
    mount = Mount(tmp_path / "m", {"a.yaml": ""})
    with _running(tmp_path, f"-volume-dir={mount.folder}", f"-webhook-url={served.url}") as reloader:
        eventually(lambda: reloader.page("/readyz").status_code == 200, "the first look")
        mount.publish({"a.yaml": "groups: 7\n"})
        eventually(lambda: served.requests, "the request")
        assert reloader.metric("rules_reloader_faults") == 1
        assert "groups: must be a list" in reloader.log


def test_what_goes_wrong_heals(tmp_path: Path) -> None:
    """A missing folder and a server that is down at first."""
    port = free_port()
    flags = [f"-volume-dir={tmp_path}/none", f"-webhook-url=http://127.0.0.1:{port}", "-watch-interval=200ms"]
    with _running(tmp_path, *flags, "--reload-at-start", "--retry-interval=100ms") as reloader:
        eventually(lambda: "none: No such file or directory" in reloader.log, "the reason")
        assert reloader.metric("configmap_reload_watcher_errors_total") >= 1
        Mount(tmp_path / "none", {"a.yaml": "groups: []\n"})
        eventually(lambda: "Connection refused" in reloader.log, "the second reason")
        with faulty_server(port):
            eventually(lambda: reloader.page("/readyz").status_code == 200, "the success")


BAD_FLAGS = [
    (["-webhook-url=http://x"], 1, "missing --volume-dir"),
    (["-volume-dir=x"], 1, "missing --webhook-url"),
    (["-volume-dir=x", "-webhook-url=x"], 2, "must be a URL"),
    (["-nonsense"], 2, "unrecognized arguments: --nonsense"),
    (["--watch-interval=soon"], 2, "not a duration"),
]


@pytest.mark.parametrize(("flags", "status", "says"), BAD_FLAGS)
def test_bad_flags(flags: list[str], status: int, says: str) -> None:
    command = [str(SCRIPTS / "rules-reloader"), *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert says in done.stderr


def test_defaults_are_those_of_configmap_reload() -> None:
    found = settings.parse(["-volume-dir", "a", "-webhook-url", "http://x"])
    assert (found.webhook_method, found.webhook_status_code, found.webhook_retries) == ("POST", 200, 1)
    assert (found.listen_address, found.telemetry_path, found.retry_interval) == (":9533", "/metrics", 10)


ALERT = {"alert": "A", "expr": "up == 0", "for": "5m", "labels": {"a": 1}, "annotations": {"b": "c"}}
RIGHT = [
    "",
    "groups: []",
    "scrape_configs: []  # another kind of file",
    yaml.safe_dump({"groups": [{"name": "g", "interval": "1m30s", "limit": 5, "rules": [ALERT]}]}),
    yaml.safe_dump({"groups": [{"name": "g", "rules": [{"record": "r", "expr": "a offset 1_0"}]}]}),
    yaml.safe_dump({"groups": [{"name": "g", "rules": [{"record": "r", "expr": "no_such_function(x)"}]}]}),
]
WRONG = [
    ("groups: [", "line 2: not YAML"),
    ("- a", "must be a mapping"),
    ("groups: {}\nrules: []", "rules: no such field"),
    ("groups: [1]", "groups[0]: must be a mapping"),
    ("groups: [{name: a}, {name: a}]", "groups[1].name: a is there twice"),
    ("groups: [{rules: []}]", "groups[0].name: must not be empty"),
    ("groups: [{name: g, interval: 1x}]", "groups[0].interval: '1x' is not a duration"),
    ("groups: [{name: g, name: h}]", "line 1: not YAML: the key name is there twice"),
    ("groups: [{name: g, rules: [{expr: up}]}]", "must have either record or alert"),
    ("groups: [{name: g, rules: [{record: a, alert: b, expr: up}]}]", "must have either record or alert"),
    ("groups: [{name: g, rules: [{record: a, expr: up, for: 5m}]}]", "rules[0].for: only an alert has it"),
    ("groups: [{name: g, rules: [{record: a, expr: ' '}]}]", "rules[0].expr: must not be empty"),
    ("groups: [{name: g, rules: [{record: a, expr: up, labels: {a: [1]}}]}]", "labels.a: must be a text"),
    ("groups: [{name: g, rules: [{record: a, expr: up, labels: {__name__: b}}]}]", "cannot be a label"),
    ("groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]", "rules[0].expr: not PromQL"),
]


def _faults(folder: Path, text: str) -> list[str]:
    (folder / "notes.txt").write_text("no rule file: [")
    (folder / "a.yaml").write_text(text)
    return check.faults([str(folder)], promql=True)


@pytest.mark.parametrize("text", RIGHT)
def test_right_rule_files(tmp_path: Path, text: str) -> None:
    assert _faults(tmp_path, text) == []


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_wrong_rule_files(tmp_path: Path, text: str, says: str) -> None:
    (fault,) = _faults(tmp_path, text)
    assert fault.startswith(f"{tmp_path}/a.yaml: ")
    assert says in fault


def test_the_real_promtool_agrees(tool: Callable[[str], Path], tmp_path: Path) -> None:
    """What is wrong here is wrong for the server, and what is right is right: a false alarm would hold a good set."""
    program = str(tool("promtool"))

    def refused(text: str) -> bool:
        path = tmp_path / "rules.yaml"
        path.write_text(text)
        return bool(subprocess.run([program, "check", "rules", str(path)], capture_output=True, check=False).returncode)

    assert [text for text, _ in WRONG if not refused(text)] == []
    unknown_to_promtool = ("scrape_configs", "no_such_function", "1_0")
    assert [text for text in RIGHT if not any(word in text for word in unknown_to_promtool) and refused(text)] == []
