"""Jobs are the same, and so is what is said about them, however many processes make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import render
from render import forked
from render.assembly import jobs, prometheus

if TYPE_CHECKING:
    from pathlib import Path

    from render.generation.prometheus.server import Server
    from render.objects.index import Object, Objects
    from render.output.goyaml import WrittenItem

MONITORS = 30
SERVER = """
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: monitoring}
spec: {version: v2.30.0, serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}, ruleSelector: {}}
"""
MONITOR = """---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{name: m{number}, namespace: monitoring}}
spec:
  selector: {{}}
  endpoints: [{{port: web, trackTimestampsStaleness: true, interval: 30s, scrapeTimeout: {timeout}}}]
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {{name: r{number}, namespace: monitoring}}
spec: {{groups: [{{name: g, limit: {number}, rules: [{{record: "a:b", expr: "up +"}}]}}]}}
"""


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    """Monitors that the version makes something to say about, and some that are refused."""
    file = tmp_path / "all.yaml"
    monitors = (MONITOR.format(number=n, timeout="10s" if n % 7 else "60s") for n in range(MONITORS))
    file.write_text(SERVER + "".join(monitors))
    return render.load([str(file)])


def test_two_processes_make_what_one_makes(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = render.render(objects)
    assert {finding.code for finding in alone.findings} == {"field-dropped", "invalid-configuration", "promql-invalid"}
    monkeypatch.setattr(jobs, "MANY", 5)
    monkeypatch.setattr(prometheus, "MANY_RULES", 5)
    monkeypatch.setattr(forked, "processors", lambda: 2)
    here: list[int] = []
    really = jobs._written

    def counted(kind: Any, this: Server, share: list[Object[Any]]) -> list[WrittenItem]:  # noqa: ANN401 - a module
        here.append(len(share))
        return really(kind, this, share)

    monkeypatch.setattr(jobs, "_written", counted)
    assert render.render(objects) == alone
    accepted = MONITORS - len(range(0, MONITORS, 7))
    assert here == [accepted - int(accepted * jobs.ASIDE), 0, 0, 0]


def test_what_a_process_fails_at_is_done_again(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that msgpack does not take, say."""
    alone = render.render(objects)
    monkeypatch.setattr(jobs, "MANY", 5)
    monkeypatch.setattr(forked, "processors", lambda: 2)
    monkeypatch.setattr("msgspec.msgpack.encode", lambda _value: 1 / 0)
    assert render.render(objects) == alone
