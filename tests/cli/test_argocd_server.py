"""The real plugin server of Argo CD runs examples/argocd/plugin.yaml; test_cmp.py replays it case by case."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cli.argocd_server import running
from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, promrender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.argocd_server import PluginServer

pytestmark = pytest.mark.xdist_group("argocd")
APPLICATION = "clusters/prod"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: [{port: 80}]}\n"


@pytest.fixture(scope="module")
def server(tool: Callable[[str], Path]) -> Iterator[PluginServer]:
    with running(tool) as started:
        yield started


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with an application's folder and another one."""
    folder = tmp_path / APPLICATION
    folder.mkdir(parents=True)
    for name, text in (("prometheus", PROMETHEUS), ("secret", SECRET), ("good", service_monitor("good"))):
        (folder / f"{name}.yaml").write_text(text)
    (folder / "service.yaml").write_text(SERVICE)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "service.yaml").write_text(SERVICE)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path


def _made(answer: dict[str, Any]) -> list[Any]:
    return [json.loads(manifest) for manifest in answer["manifests"]]


def test_it_finds_the_folders_with_something_to_render(server: PluginServer, repository: Path) -> None:
    assert server.answer("match", repository, APPLICATION) == {"isSupported": True, "isDiscoveryEnabled": True}
    assert server.answer("match", repository, "other") == {"isDiscoveryEnabled": True}


def test_it_generates_what_render_makes_and_leaves_nothing_behind(server: PluginServer, repository: Path) -> None:
    rendered = promrender("render", "--kube-version", "1.31", repository / APPLICATION)
    answer = server.answer("generate", repository, APPLICATION)
    assert _made(answer) == list(yaml.safe_load_all(rendered.out))
    assert [path.name for path in server.temporary.rglob("*")] == ["_cmp_server"]


def test_it_hands_over_the_parameters_of_the_example(server: PluginServer, repository: Path) -> None:
    application = yaml.safe_load((PROJECT / "examples" / "argocd" / "application.yaml").read_text())
    parameters = application["spec"]["source"]["plugin"]["parameters"]
    answer = server.answer("generate", repository, APPLICATION, ARGOCD_APP_PARAMETERS=json.dumps(parameters))
    made = {f"{m['kind']}/{m['metadata']['name']}": m for m in _made(answer)}
    assert {"StatefulSet/prometheus-main", "Service/shop"} <= set(made)
    assert made["Secret/prometheus-main"]["metadata"]["labels"]["team"] == "platform"


def test_it_announces_parameters_that_argo_cd_reads(server: PluginServer, repository: Path) -> None:
    answer = server.answer("parameters", repository, APPLICATION)
    announced = {entry["name"]: entry for entry in answer["parameterAnnouncements"]}
    printed = json.loads(promrender("cmp", "parameters", ARGOCD_APP_NAMESPACE="mon", KUBE_VERSION="1.31.0").out)
    assert answer["parameterAnnouncements"] == printed
    assert announced["default-namespace"]["string"] == "mon"


def test_errors_and_emptiness_fail_with_their_findings(server: PluginServer, repository: Path) -> None:
    empty = server.call("generate", repository, "other")
    assert (empty.status, empty.out) == (1, "")
    assert "nothing was rendered" in empty.err
    assert "exit status 1" in empty.err
    (repository / APPLICATION / "bad.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    bad = server.call("generate", repository, APPLICATION)
    assert (bad.status, bad.out) == (1, "")
    assert "bad.yaml:11:" in bad.err
    wrong = server.call("generate", repository, APPLICATION, ARGOCD_APP_PARAMETERS="{")
    assert (wrong.status, wrong.out) == (1, "")
    assert "exit status 2" in wrong.err
    assert SECRET_VALUE not in empty.err + bad.err + wrong.err


def test_it_ends_at_once_when_its_time_is_over(server: PluginServer, repository: Path) -> None:
    many = "---\n".join(service_monitor(f"monitor-{number}") for number in range(20_000))
    (repository / APPLICATION / "many.yaml").write_text(many)
    ran = server.call("generate", repository, APPLICATION, seconds=1)
    assert (ran.status, ran.out) == (1, "")
    until = time.monotonic() + 4  # SIGKILL comes 5 s after SIGTERM
    while server.children() or any((server.temporary / "_cmp_server").iterdir()):
        assert time.monotonic() < until, server.children()
        time.sleep(0.05)
    assert server.answer("match", repository, APPLICATION)["isSupported"]
