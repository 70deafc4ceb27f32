"""Alerts that go nowhere: in AlertmanagerConfigs, and in the file that an Alertmanager starts from."""

from __future__ import annotations

import base64
import textwrap
from typing import TYPE_CHECKING

import pytest

from render.findings import Severity
from tests.unit.validation.trees import codes, findings

if TYPE_CHECKING:
    from pathlib import Path

ALERTMANAGER = """
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: web}
spec: {alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}}
"""
OPENING = "\napiVersion: v1\nkind: Secret\n"
WEBHOOK = "[{url: 'https://example.com/'}]"
FILE = f"""
route:
  receiver: day
  routes: %s
receivers:
- {{name: day, webhook_configs: {WEBHOOK}}}
- {{name: night, webhook_configs: {WEBHOOK}}}
"""


def _secret(file: str) -> str:
    entry = textwrap.indent(file, "    ")
    return f"{OPENING}metadata: {{name: alertmanager-main, namespace: web}}\nstringData:\n  alertmanager.yaml: |{entry}"


def _config(routes: str, *, top: str = "", version: str = "v1alpha1", namespace: str = "web") -> str:
    return f"""
apiVersion: monitoring.coreos.com/{version}
kind: AlertmanagerConfig
metadata: {{name: c, namespace: {namespace}}}
spec:
  route: {{receiver: day, {top} routes: {routes}}}
  receivers: [{{name: day, webhookConfigs: {WEBHOOK}}}, {{name: night, webhookConfigs: {WEBHOOK}}}]
"""


def _match(name: str, operator: str, value: str) -> str:
    return f"{{name: {name}, value: '{value}', matchType: '{operator}'}}"


CRITICAL, WARNING = _match("severity", "=", "critical"), _match("severity", "=", "warning")
EITHER, TEAM = _match("severity", "=~", "critical|warning"), _match("team", "=", "a")
CASES = [
    pytest.param([CRITICAL], [CRITICAL], "", ["spec.route.routes[1]"], id="the same matchers"),
    pytest.param([CRITICAL], [CRITICAL, TEAM], "", ["spec.route.routes[1]"], id="fewer matchers before"),
    pytest.param([CRITICAL, TEAM], [CRITICAL], "", [], id="more matchers before"),
    pytest.param([EITHER], [WARNING], "", ["spec.route.routes[1]"], id="an expression that the value passes"),
    pytest.param([CRITICAL], [EITHER], "", [], id="an expression that allows more"),
    pytest.param([CRITICAL], [WARNING], "", [], id="another value"),
    pytest.param([_match("severity", "!=", "info")], [WARNING], "", ["spec.route.routes[1]"], id="not another value"),
    pytest.param([_match("a", "=~", ".*")], [WARNING], "", ["spec.route.routes[1]"], id="anything"),
    pytest.param([CRITICAL], [CRITICAL], "continue: true, ", [], id="the one before lets alerts go on"),
    pytest.param([CRITICAL, WARNING], [TEAM], "", ["spec.route.routes[0]"], id="two values of one label"),
]


@pytest.mark.parametrize(("first", "second", "more", "expected"), CASES)
def test_routes_that_no_alert_reaches(
    tmp_path: Path, first: list[str], second: list[str], more: str, expected: list[str]
) -> None:
    before = f"{{{more}receiver: night, matchers: [{', '.join(first)}]}}"
    routes = f"[{before}, {{receiver: night, matchers: [{', '.join(second)}]}}]"
    told = [one for one in findings(tmp_path, ALERTMANAGER, _config(routes)) if one.severity is Severity.WARNING]
    assert {one.code for one in told} <= {"route-unreachable"}
    assert [one.field for one in told] == expected
    assert all(one.line for one in told)


def test_what_the_routes_above_ask_counts(tmp_path: Path) -> None:
    inner = f"[{{receiver: night, matchers: [{CRITICAL}]}}, {{receiver: night, matchers: [{WARNING}]}}]"
    told = findings(tmp_path, ALERTMANAGER, _config(f"[{{matchers: [{WARNING}], routes: {inner}}}]"))
    unreachable = [one for one in told if one.code == "route-unreachable"]
    assert [one.field for one in unreachable] == ["spec.route.routes[0].routes[0]"]
    assert "'severity'" in unreachable[0].message


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("OnNamespace", ["route-unreachable"]), ("None", []), ("OnNamespaceExceptForAlertmanagerNamespace", [])],
)
def test_a_namespace_that_is_not_its_own(tmp_path: Path, strategy: str, expected: list[str]) -> None:
    """The operator lets an AlertmanagerConfig see the alerts of its own namespace alone."""
    alertmanager = ALERTMANAGER.replace("spec: {", f"spec: {{alertmanagerConfigMatcherStrategy: {{type: {strategy}}}, ")
    other = _match("namespace", "=", "shop")
    config = _config(f"[{{receiver: night, matchers: [{other}]}}]")
    told = [one for one in findings(tmp_path, alertmanager, config) if one.severity is Severity.WARNING]
    assert [one.code for one in told] == expected
    assert all("of its own namespace alone" in one.hint for one in told)
    own = alertmanager.replace("spec: {", "spec: {alertmanagerConfiguration: {name: c}, ")
    assert codes(tmp_path, own, config) == []


def test_both_spellings_of_an_expression(tmp_path: Path) -> None:
    old = "{name: severity, value: 'critical|warning', regex: true}"
    routes = f"[{{receiver: night, matchers: [{old}]}}, {{receiver: night, matchers: [{WARNING}]}}]"
    assert codes(tmp_path, ALERTMANAGER, _config(routes)) == ["route-unreachable"]


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ("[{receiver: night, matchers: ['severity=critical']}]", []),
        ("[{receiver: day}, {receiver: night, matchers: ['severity=critical']}]", ["route.routes[1]: no alert"]),
        (
            "[{receiver: night, match: {a: b}}, {receiver: day, matchers: ['{c=\"d\", a=b}']}]",
            ["route.routes[1]: no alert"],
        ),
        ("[{receiver: night, match_re: {a: b.*}}, {receiver: day, match: {a: bc}}]", ["route.routes[1]: no alert"]),
        ("[{receiver: night, match_re: {a: b.*}}, {receiver: day, match: {a: c}}]", []),
        ("[{receiver: night, match: {a: b}, continue: true}, {receiver: day, match: {a: b}}]", []),
        ("[]", ["receivers[1]: no route leads to the receiver 'night'"]),
    ],
)
def test_the_file_that_an_alertmanager_starts_from(tmp_path: Path, routes: str, expected: list[str]) -> None:
    found = findings(tmp_path, ALERTMANAGER, _secret(FILE % routes))
    told = [one for one in found if one.severity is Severity.WARNING]
    assert len(told) == len(expected)
    for finding, begins in zip(told, expected, strict=True):
        assert finding.message.startswith(begins)
        assert str(finding.object) == "Secret/web/alertmanager-main"
        assert finding.line > 0


def test_the_file_may_be_base64_and_have_another_name(tmp_path: Path) -> None:
    data = base64.b64encode((FILE % "[]").encode()).decode()
    secret = f"{OPENING}metadata: {{name: own, namespace: web}}\ndata: {{alertmanager.yaml: {data}}}\n"
    own = ALERTMANAGER.replace("spec: {", "spec: {configSecret: own, ")
    assert codes(tmp_path, own, secret) == ["receiver-unused"]
    assert codes(tmp_path, ALERTMANAGER, secret) == []
    instead = own.replace("spec: {", "spec: {alertmanagerConfiguration: {name: c}, ")
    config = _config(f"[{{receiver: night, matchers: [{CRITICAL}]}}]")
    assert codes(tmp_path, instead, secret, config) == []


def test_a_file_that_two_alertmanagers_share_is_told_once(tmp_path: Path) -> None:
    both = [ALERTMANAGER.replace("main", name).replace("spec: {", "spec: {configSecret: own, ") for name in "ab"]
    secret = _secret(FILE % "[]").replace("name: alertmanager-main", "name: own")
    assert codes(tmp_path, *both, secret) == ["receiver-unused"]


def test_intervals_of_the_file(tmp_path: Path) -> None:
    file = FILE % "[{receiver: night, match: {a: b}, mute_time_intervals: [weekend]}]"
    named = "time_intervals: [{name: %s, time_intervals: []}]\n"
    intervals = named % "weekend" + "mute_" + named % "noon"
    told = [one for one in findings(tmp_path, ALERTMANAGER, _secret(file + intervals)) if one.severity == "warning"]
    assert [(one.code, one.message) for one in told] == [
        ("time-interval-unused", "mute_time_intervals[0]: no route names the time interval 'noon'")
    ]


def test_empty_receivers_of_the_file(tmp_path: Path) -> None:
    """One among others is a mistake; where all are empty, nothing was filled in yet."""
    routes = "\nroute: {receiver: day, routes: [{receiver: night, match: {a: b}}]}\n"
    some = routes + "receivers: [{name: day}, {name: night%s}]\n"
    full = f", webhook_configs: {WEBHOOK}"
    assert codes(tmp_path, ALERTMANAGER, _secret(some % full)) == ["receiver-empty"]
    assert codes(tmp_path, ALERTMANAGER, _secret(some % "")) == []
    assert "nobody-told" in {one.code for one in findings(tmp_path, ALERTMANAGER, _secret(some % ""))}


@pytest.mark.parametrize(
    "file",
    ["", "\n[1]", "\nroute: 5", "\nroute: {routes: {a: b}}\nreceivers: 7", "\nroute: {matchers: [5, '{{']}", "\n{"],
)
def test_a_file_that_is_none_is_for_rendering_to_tell(tmp_path: Path, file: str) -> None:
    told = {one.code for one in findings(tmp_path, ALERTMANAGER, _secret(file + "\n"))}
    assert not told & {"receiver-unused", "receiver-empty", "route-unreachable", "time-interval-unused"}
