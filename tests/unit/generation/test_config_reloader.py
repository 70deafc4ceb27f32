"""The containers beside the server that reload it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from render.generation.config_reloader import Reloader, initial, running
from render.options import Options


def _reloader(*, local: bool = False, **more: Any) -> Reloader:  # noqa: ANN401 - fields of Reloader
    spec = SimpleNamespace(listenLocal=local, logLevel="", logFormat="logfmt")
    return Reloader(spec=spec, mounts=[], watched=["/a"], reload_url="http://localhost/-/reload", **more)


def test_it_listens_where_the_server_does() -> None:
    assert running(_reloader(), Options())["args"][0] == "--listen-address=:8080"
    assert (
        running(_reloader(local=True), Options(localhost="127.0.0.1"))["args"][0] == "--listen-address=127.0.0.1:8080"
    )


def test_the_first_run_has_a_port_of_its_own() -> None:
    container = initial(_reloader(local=True), Options())
    assert container["args"] == ["--watch-interval=0", "--listen-address=:8081", "--watched-dir=/a"]
    assert container["ports"] == [{"name": "reloader-init", "containerPort": 8081, "protocol": "TCP"}]


@pytest.mark.parametrize(("local", "handler"), [(False, {"httpGet": {"path": "/healthz", "port": 8080}}), (True, None)])
def test_probes_are_a_choice(local: bool, handler: dict[str, Any] | None) -> None:  # noqa: FBT001 - a column of the table
    assert "readinessProbe" not in running(_reloader(local=local), Options())
    probe = running(_reloader(local=local), Options(enable_config_reloader_probes=True))["readinessProbe"]
    assert probe == handler if handler else "http://localhost:8080/healthz" in probe["exec"]["command"][-1]
    assert "readinessProbe" not in initial(_reloader(), Options(enable_config_reloader_probes=True))


def test_a_zero_leaves_a_limit_out() -> None:
    options = Options(config_reloader_cpu_limit="0", config_reloader_memory_request="0")
    assert running(_reloader(), options)["resources"] == {"limits": {"memory": "50Mi"}, "requests": {"cpu": "10m"}}
