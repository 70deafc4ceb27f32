"""What is said of each file alone, and that no file is looked at for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from render.objects.load import load_each
from render.validation.lint import lint
from tests.unit.validation.trees import monitor, service_monitor

if TYPE_CHECKING:
    from pathlib import Path

    from render.findings import Finding


def _linted(folder: Path, **files: str) -> list[Finding]:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.write_text(text)
        paths.append(str(path))
    return [finding for objects in load_each(paths) for finding in lint(objects)]


def test_all_faults_of_a_rule_are_told(tmp_path: Path) -> None:
    rules = "groups: [{name: g, rules: [{record: 'a:b', expr: 'rate(up[5m)'}, {expr: up}, {alert: A, expr: up}]}]"
    found = _linted(tmp_path, rule=monitor("PrometheusRule", "r", rules))
    assert [(one.code, one.field) for one in found] == [
        ("promql-invalid", "spec.groups[0].rules[0].expr"),
        ("rule-invalid", "spec.groups[0].rules[1]"),
    ]


def test_relabelings_are_checked(tmp_path: Path) -> None:
    spec = "selector: {}, endpoints: [{port: a, metricRelabelings: [{action: replace}]}]"
    probe = "prober: {url: 'b:80'}, metricRelabelings: [{sourceLabels: [a], regex: '('}]"
    found = _linted(tmp_path, a=service_monitor("a", spec), b=monitor("Probe", "b", probe))
    assert [(one.code, one.field.rpartition(".")[0] or one.field) for one in found] == [
        ("relabeling-invalid", "spec.endpoints[0].metricRelabelings[0]"),
        ("relabeling-invalid", "spec.metricRelabelings[0]"),
    ]


def test_nothing_is_looked_up_in_another_file(tmp_path: Path) -> None:
    """A Secret that is not there, the same object in two files, a monitor that nobody selects."""
    spec = "selector: {}, endpoints: [{port: a, basicAuth: {username: {name: login, key: user}}}]"
    one = service_monitor("a", spec)
    assert _linted(tmp_path, a=one, b=one) == []
    assert [finding.code for finding in _linted(tmp_path, c=f"{one}---{one}")] == ["duplicate-object"]


def test_what_is_no_manifest_is_passed_over_though_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("name: c\n")
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "x.yaml"
    template.write_text("apiVersion: v1\nkind: {{ .Values.kind }}\n{{ end }}\n")
    found = [one for objects in load_each([str(template)]) for one in lint(objects)]
    assert [(one.severity, one.code) for one in found] == [("info", "source-skipped")]
    assert [one.severity for one in _linted(tmp_path, values="a: {{ b }}: c\n")] == ["info"]
    assert [one.code for one in _linted(tmp_path, broken="apiVersion: v1\nkind: Secret\nmetadata: {\n")] == [
        "yaml-syntax"
    ]


@pytest.mark.parametrize(("version", "intervals"), [("v1alpha1", "muteTimeIntervals"), ("v1beta1", "timeIntervals")])
def test_alertmanager_configs_are_checked(tmp_path: Path, version: str, intervals: str) -> None:
    def faults(spec: str) -> list[tuple[str, str]]:
        text = monitor("AlertmanagerConfig", "a", spec).replace("coreos.com/v1", f"coreos.com/{version}")
        return [(one.code, one.field) for one in _linted(tmp_path, a=text)]

    good = "route: {receiver: a}, receivers: [{name: a}]"
    assert faults(good) == []
    assert faults(good.replace("receiver: a", "receiver: b")) == [("invalid-configuration", "spec.route.receiver")]
    backwards = f"{intervals}: [{{name: noon, timeIntervals: [{{times: [{{startTime: '12:00', endTime: '11:00'}}]}}]}}]"
    ((code, field),) = faults(f"{good}, {backwards}")
    assert code == "invalid-configuration"
    assert field.startswith(f"spec.{intervals}[0]")
