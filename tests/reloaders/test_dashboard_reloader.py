"""dashboard-reloader against a real API server: files, requests, cleaning up, and an API that goes away."""

from __future__ import annotations

import base64
import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from reloaders.dashboards import manifest, settings
from tests.reloaders.api_server import ApiServer, api_server, etcd
from tests.reloaders.daemons import SCRIPTS, Daemon, daemon, eventually
from tests.reloaders.faulty_server import FaultyServer, faulty_server
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kube-apiserver")

LABEL = {"grafana_dashboard": "1"}
IN_FOLDER = "k8s-sidecar-target-directory"


@pytest.fixture(scope="module")
def storage(tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with etcd(tool, tmp_path_factory.mktemp("etcd")) as address:
        yield address


@pytest.fixture(scope="module")
def api(tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory, storage: str) -> Iterator[ApiServer]:
    with api_server(tool, tmp_path_factory.mktemp("api"), storage) as running:
        yield running


@pytest.fixture
def space(api: ApiServer, request: pytest.FixtureRequest) -> str:
    """A namespace of the test's own."""
    name = request.node.name.replace("_", "-").split("[")[0][-60:].strip("-")
    api.namespace(name)
    return str(name)


@pytest.fixture
def served() -> Iterator[FaultyServer]:
    with faulty_server() as told:
        yield told


def _environment(folder: Path, api: ApiServer, space: str, **more: str) -> dict[str, str]:
    own = {
        "LABEL": "grafana_dashboard",
        "FOLDER": str(folder / "dashboards"),
        "NAMESPACE": space,
        "KUBECONFIG": str(api.kubeconfig()),
        "HEALTH_PORT": "0",
        "LOG_FORMAT": "LOGFMT",
        "ERROR_THROTTLE_SLEEP": "0.2",
        "DELAY_INTERVAL": "0.2",
        "REQ_RETRY_BACKOFF_FACTOR": "0.05",
        "WATCH_SERVER_TIMEOUT": "5",
    }
    return os.environ | own | more


@contextmanager
def _running(folder: Path, api: ApiServer, space: str, **more: str) -> Iterator[Daemon]:
    with daemon("dashboard-reloader", log=folder / "log", env=_environment(folder, api, space, **more)) as reloader:
        yield reloader


def _ready(reloader: Daemon) -> None:
    eventually(lambda: reloader.page("/healthz").status_code == 200, "the first sync")


def _files(folder: Path) -> dict[str, str]:
    root = folder / "dashboards"
    return {
        str(path.relative_to(root)): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_files_follow_the_objects(tmp_path: Path, api: ApiServer, space: str, served: FaultyServer) -> None:
    """Written, changed, moved by annotation, removed with the key, the label and the object; others' files stay."""
    api.put("configmap", space, "a", {"one.json": "1", "two.json": "2"}, labels=LABEL)
    api.put("secret", space, "b", {"three.json": "3"}, labels=LABEL, annotations={IN_FOLDER: "sub/folder"})
    api.put("configmap", space, "other", {"other.json": "x"}, labels={"another": "1"})
    (tmp_path / "dashboards").mkdir()
    (tmp_path / "dashboards" / "mine.json").write_text("mine")
    mine = {"mine.json": "mine"}
    more = {"RESOURCE": "both", "REQ_URL": f"{served.url}/reload", "REQ_METHOD": "POST", "REQ_PAYLOAD": '{"a": 1}'}
    more |= {"REQ_USERNAME": "ann", "REQ_PASSWORD_FILE": str(tmp_path / "password"), "DEFAULT_FILE_MODE": "600"}
    (tmp_path / "password").write_text("s3cr3t\n")
    with _running(tmp_path, api, space, **more) as reloader:
        _ready(reloader)
        assert _files(tmp_path) == mine | {"one.json": "1", "two.json": "2", "sub/folder/three.json": "3"}
        assert (tmp_path / "dashboards" / "one.json").stat().st_mode & 0o777 == 0o600
        eventually(lambda: len(served.requests) == 1, "one request for all of them")
        asked = served.requests[0]
        assert (asked.method, asked.path, asked.body) == ("POST", "/reload", b'{"a": 1}')
        assert asked.headers["Authorization"] == "Basic " + base64.b64encode(b"ann:s3cr3t").decode()

        api.put("configmap", space, "a", {"one.json": "changed"}, labels=LABEL, annotations={IN_FOLDER: "moved"})
        expected = mine | {"moved/one.json": "changed", "sub/folder/three.json": "3"}
        eventually(lambda: _files(tmp_path) == expected, "the change")
        api.put("secret", space, "b", {"three.json": "3"})
        eventually(lambda: _files(tmp_path) == mine | {"moved/one.json": "changed"}, "the lost label")
        api.delete("configmap", space, "a")
        eventually(lambda: _files(tmp_path) == mine, "the deletion")
        eventually(lambda: reloader.metric("dashboard_reloader_files") == 0, "the metric")
        assert "s3cr3t" not in reloader.log
        assert reloader.memory() < 80
        assert reloader.end() == 0


def test_a_burst_is_one_request(tmp_path: Path, api: ApiServer, space: str, served: FaultyServer) -> None:
    with _running(tmp_path, api, space, REQ_URL=served.url) as reloader:
        _ready(reloader)
        for number in range(30):
            api.put("configmap", space, f"c{number}", {f"{number}.json": "{}"}, labels=LABEL)
        eventually(lambda: len(_files(tmp_path)) == 30, "all files")
        eventually(lambda: served.requests, "a request")
        time.sleep(1)
        assert len(served.requests) <= 3
        assert served.requests[0].method == "GET"


def test_deletions_while_it_was_down_are_cleaned_up(tmp_path: Path, api: ApiServer, space: str) -> None:
    for name in ("stays", "goes"):
        api.put("configmap", space, name, {f"{name}.json": name}, labels=LABEL)
    with _running(tmp_path, api, space) as reloader:
        _ready(reloader)
        assert len(_files(tmp_path)) == 2
    api.delete("configmap", space, "goes")  # it was killed, and now is down
    (tmp_path / "dashboards" / "mine.json").write_text("mine")
    with _running(tmp_path, api, space) as reloader:
        _ready(reloader)
        assert _files(tmp_path) == {"stays.json": "stays", "mine.json": "mine"}
    with _running(tmp_path, api, "default") as reloader:  # another namespace: nothing of ours is seen any more
        _ready(reloader)
        assert _files(tmp_path) == {"mine.json": "mine"}


def test_no_path_leaves_the_folder(tmp_path: Path, api: ApiServer, space: str) -> None:
    (tmp_path / "dashboards").mkdir()
    (tmp_path / "dashboards" / "link").symlink_to(tmp_path)
    for number, asked in enumerate(["../out", "/etc", "a/../../out", str(tmp_path), "link"]):
        values = {f"{number}.json": "evil"}
        api.put("configmap", space, f"evil{number}", values, labels=LABEL, annotations={IN_FOLDER: asked})
    absolute = {IN_FOLDER: f"{tmp_path}/dashboards/inside"}
    api.put("configmap", space, "good", {"good.json": "good", ".url": "x"}, labels=LABEL, annotations=absolute)
    before = sorted(path.name for path in tmp_path.iterdir())
    with _running(tmp_path, api, space) as reloader:
        _ready(reloader)
        assert _files(tmp_path) == {"inside/good.json": "good"}
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted({*before, "log"})
        assert 'dashboard_reloader_errors_total{kind="refused"} 6.0' in reloader.page("/metrics").text


def test_two_objects_want_one_file(tmp_path: Path, api: ApiServer, space: str) -> None:
    """The first keeps it; when it goes, the second gets it. With UNIQUE_FILENAMES both have one."""
    api.put("configmap", space, "a", {"same.json": "of a"}, labels=LABEL)
    api.put("configmap", space, "b", {"same.json": "of b"}, labels=LABEL)
    with _running(tmp_path, api, space) as reloader:
        _ready(reloader)
        assert _files(tmp_path) == {"same.json": "of a"}
        assert f"same.json belongs to configmap {space}/a" in reloader.log
        api.delete("configmap", space, "a")
        eventually(lambda: _files(tmp_path) == {"same.json": "of b"}, "the second object's file")
    api.put("configmap", space, "a", {"same.json": "of a"}, labels=LABEL)
    with _running(tmp_path, api, space, UNIQUE_FILENAMES="true") as reloader:
        _ready(reloader)
        names = {f"namespace_{space}.configmap_{name}.same.json": f"of {name}" for name in "ab"}
        assert _files(tmp_path) == names


def test_contents_behind_addresses(tmp_path: Path, api: ApiServer, space: str, served: FaultyServer) -> None:
    served.answer(404, "not yet")
    values = {"far.json.url": f"{served.url}/t0ken/far.json?key=t0ken", "wrong.json.url": "file:///etc/passwd"}
    api.put("configmap", space, "far", values, labels=LABEL)
    more = {"REQ_USERNAME": "ann", "REQ_PASSWORD": "s3cr3t", "REQ_RETRY_TOTAL": "1"}
    with _running(tmp_path, api, space, **more) as reloader:
        _ready(reloader)
        assert _files(tmp_path) == {}
        served.answer(200, "from afar")
        eventually(lambda: _files(tmp_path) == {"far.json": "from afar"}, "the content")
        assert "holds no http:// or https:// address" in reloader.log
        assert f"{served.url}/…: 404 Not Found: not yet" in reloader.log
        assert "t0ken" not in reloader.log
        assert "Authorization" not in served.requests[-1].headers


def test_script_then_request_until_it_goes_well(
    tmp_path: Path, api: ApiServer, space: str, served: FaultyServer
) -> None:
    """A 401 is tried again too; the script runs before the request, and its failure is told."""
    script = tmp_path / "script.sh"
    script.write_text(f"echo ran >> {tmp_path}/ran; echo oops >&2; exit 3\n")
    served.answer(401, "who are you")
    api.put("configmap", space, "a", {"one.json": "1"}, labels=LABEL)
    more = {"SCRIPT": str(script), "REQ_URL": served.url, "REQ_RETRY_TOTAL": "2"}
    with _running(tmp_path, api, space, **more) as reloader:
        eventually(lambda: len(served.requests) >= 3, "three tries")
        eventually(lambda: "401 Unauthorized: who are you" in reloader.log, "the reason")
        assert "Script failed" in reloader.log
        assert "oops" in reloader.log
        assert reloader.page("/status").json()["ready"] is True
        served.answer(200)
        eventually(lambda: reloader.metric("dashboard_reloader_last_request_successful") == 1, "the success")
        assert (tmp_path / "ran").exists()
    served.requests.clear()
    api.put("configmap", space, "a", {"one.json": "2"}, labels=LABEL)
    with _running(tmp_path, api, space, REQ_URL=served.url, REQ_SKIP_INIT="true") as reloader:
        _ready(reloader)
        time.sleep(0.5)
        assert served.requests == []


def test_the_watch_survives_the_api(
    tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, storage: str
) -> None:
    """The API restarts and its history is compacted meanwhile (410): nothing is lost, nothing is stale."""
    folder, port = tmp_path_factory.mktemp("restarted"), free_port()
    with api_server(tool, folder, storage, port) as api:
        api.namespace("restart")
        api.put("configmap", "restart", "old", {"old.json": "old"}, labels=LABEL)
        api.put("configmap", "restart", "gone", {"gone.json": "gone"}, labels=LABEL)
        environment = _environment(tmp_path, api, "restart")
        running = daemon("dashboard-reloader", log=tmp_path / "log", env=environment)
        reloader = running.__enter__()
        _ready(reloader)
    try:
        eventually(lambda: "trying again" in reloader.log, "the lost watch")
        with api_server(tool, folder, storage, port) as api:
            api.delete("configmap", "restart", "gone")
            api.put("configmap", "restart", "new", {"new.json": "new"}, labels=LABEL)
            _compact(storage)
            eventually(
                lambda: _files(tmp_path) == {"old.json": "old", "new.json": "new"}, "what happened meanwhile", 40
            )
            api.put("configmap", "restart", "live", {"live.json": "live"}, labels=LABEL)
            eventually(lambda: "live.json" in _files(tmp_path), "the watch goes on")
            assert reloader.page("/healthz").json()["deadWatches"] == []
            assert reloader.metric("dashboard_reloader_lists_total") == 2  # the API had forgotten the version
    finally:
        running.__exit__(None, None, None)


def _compact(storage: str) -> None:
    import requests

    status = requests.post(f"{storage}/v3/maintenance/status", json={}, timeout=10).json()
    revision = status["header"]["revision"]
    requests.post(f"{storage}/v3/kv/compaction", json={"revision": revision}, timeout=10).raise_for_status()


def test_list_runs_once_and_sleep_polls(tmp_path: Path, api: ApiServer, space: str) -> None:
    api.put("configmap", space, "a", {"one.json": "1"}, labels=LABEL)
    api.put("configmap", space, "named", {"named.json": "n"})
    environment = _environment(tmp_path, api, space, METHOD="LIST", LABEL_VALUE="1")
    subprocess.run([SCRIPTS / "dashboard-reloader"], env=environment, check=True, timeout=20)
    assert _files(tmp_path) == {"one.json": "1"}
    names = f"{space}/configmap/named,secret/a,missing"
    with _running(tmp_path, api, space, METHOD="SLEEP", SLEEP_TIME="0.3", RESOURCE_NAME=names) as reloader:
        _ready(reloader)
        assert _files(tmp_path) == {"named.json": "n"}
        api.put("configmap", space, "named", {"named.json": "m"})
        eventually(lambda: _files(tmp_path) == {"named.json": "m"}, "the poll")


def test_list_fails_without_the_api(tmp_path: Path, api: ApiServer) -> None:
    gone = ApiServer("https://127.0.0.1:1", api.folder)
    environment = _environment(tmp_path, gone, "x", METHOD="LIST")
    done = subprocess.run(
        [SCRIPTS / "dashboard-reloader"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "the Kubernetes API cannot be reached" in done.stderr
    api.kubeconfig()  # written anew for the tests that follow


BAD = [
    ({"LABEL": ""}, "LABEL must be set"),
    ({"FOLDER": ""}, "FOLDER must be set"),
    ({"RESOURCE": "pod"}, "RESOURCE: 'pod' is none of configmap, secret, both"),
    ({"REQ_METHOD": "PUT"}, "REQ_METHOD"),
    ({"SLEEP_TIME": "soon"}, "SLEEP_TIME"),
    ({"DEFAULT_FILE_MODE": "9"}, "DEFAULT_FILE_MODE"),
    ({"WATCH_SERVER_TIMEOUT": "-1"}, "WATCH_SERVER_TIMEOUT"),
]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_bad_variables(change: dict[str, str], says: str) -> None:
    good = {"LABEL": "x", "FOLDER": "/x"}
    settings.read(good)
    with pytest.raises(settings.BadSettings, match=says):
        settings.read(good | change)


def test_defaults_are_those_of_the_sidecar() -> None:
    found: Any = settings.read({"LABEL": "x", "FOLDER": "/x"})
    assert (found.kinds, found.method, found.folder_annotation) == (("configmap",), "WATCH", IN_FOLDER)
    assert (found.sleep_time, found.watch_server_timeout, found.watch_client_timeout) == (60, 60, 66)
    assert (found.request.method, found.request.timeout, found.request.tries) == ("GET", 10, 6)
    assert (found.request.backoff, found.port, found.pause_after_error) == (1.1, 8080, 5)
    assert settings.read({"LABEL": "x", "FOLDER": "/x", "REQ_PAYLOAD": "text"}).request.body.content == b'"text"'


def test_the_manifest_survives_a_torn_line_and_does_not_grow(tmp_path: Path) -> None:
    kept = manifest.Manifest(tmp_path)
    for number in range(3000):
        kept.set("same.json", f"configmap x/{number}")
    kept.set("gone.json", "configmap x/y")
    kept.set("gone.json", "")
    path = tmp_path / manifest.NAME
    assert len(path.read_text().splitlines()) < 1010
    with path.open("a") as journal:
        journal.write('["half.js')
    again = manifest.Manifest(tmp_path)
    again.load()
    assert again.owners == {"same.json": "configmap x/2999"}
    assert len(path.read_text().splitlines()) == 1
