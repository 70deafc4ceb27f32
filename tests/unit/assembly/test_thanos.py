"""The objects of a ThanosRuler: what is made, and what stays made when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import render
from tests.rendered import entries

if TYPE_CHECKING:
    from pathlib import Path

    from render.pipeline import Result

RULER = """
apiVersion: monitoring.coreos.com/v1
kind: ThanosRuler
metadata: {{name: main, namespace: monitoring}}
spec: {spec}
"""
RULE = """
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {{name: {name}, namespace: monitoring}}
spec:
  groups:
    - name: g
      rules:
        - alert: A
          expr: up == 0
          annotations: {{text: {text}}}
"""


def _render(folder: Path, spec: str, *texts: str) -> Result:
    file = folder / "ruler.yaml"
    rules = (RULE.format(name=f"r{number}", text=text) for number, text in enumerate(texts))
    file.write_text(RULER.format(spec=spec) + "".join(rules))
    return render.render(render.load([str(file)]))


def _names(result: Result) -> list[str]:
    return [made["metadata"]["name"] for made in result.objects]


def test_a_ruler_has_all_its_objects_even_with_nothing_to_do(tmp_path: Path) -> None:
    result = _render(tmp_path, "{queryEndpoints: [query]}")
    names = ["rulefiles-0", "config", "tls-assets-0", "web-config"]
    assert _names(result) == [f"thanos-ruler-main-{name}" for name in names]
    contents = [entries(made) for made in result.objects]
    assert contents == [{}, {"remote-write.yaml": "remote_write: []\n"}, {}, {"web-config.yaml": ""}]


def test_rules_that_fill_more_than_one_config_map_are_split(tmp_path: Path) -> None:
    result = _render(tmp_path, "{queryEndpoints: [query], ruleSelector: {}}", *("x" * 300_000,) * 2)
    maps = [made for made in result.objects if made["kind"] == "ConfigMap"]
    assert [list(made["data"]) for made in maps] == [["monitoring-r0.yaml"], ["monitoring-r1.yaml"]]
    assert {made["metadata"]["labels"]["thanos-ruler-name"] for made in maps} == {"main"}


def test_rules_stay_made_when_remote_write_fails(tmp_path: Path) -> None:
    spec = "{queryEndpoints: [query], ruleSelector: {}, remoteWrite: [{url: http://x, noProxy: a}]}"
    result = _render(tmp_path, spec, "x")
    assert _names(result) == ["thanos-ruler-main-rulefiles-0"]
    assert [str(finding.object) for finding in result.findings] == ["ThanosRuler/monitoring/main"]


def test_a_bad_version_makes_nothing(tmp_path: Path) -> None:
    result = _render(tmp_path, "{queryEndpoints: [query], version: latest}")
    assert (_names(result), [finding.code for finding in result.findings]) == ([], ["version-invalid"])
