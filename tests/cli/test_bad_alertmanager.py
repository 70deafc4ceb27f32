"""Bad input for Alertmanagers: each a clear finding with its place, the rest is rendered, no secret value anywhere."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests.cli.manifests import SECRET, SECRET_VALUE
from tests.cli.promrender import Ran, promrender
from tests.rendered import entries

if TYPE_CHECKING:
    from pathlib import Path

ALERTMANAGERS = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: mon}
spec:
  alertmanagerConfigSelector: {}
  configSecret: base
---
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: spare, namespace: mon}
spec:
  alertmanagerConfigSelector: {}
"""
BASE = f"""\
global:
  slack_api_url: https://chat.example/{SECRET_VALUE}
route:
  receiver: chat
  routes:
  - receiver: chat
    matchers: ['team=~"core|edge"']
    mute_time_intervals: [night]
receivers:
- name: chat
  slack_configs:
  - channel: alerts
    text: '{{{{ template "chat.text" . }}}}'
    http_config:
      basic_auth: {{username: alerts, password: {SECRET_VALUE}}}
time_intervals:
- name: night
  time_intervals:
  - times: [{{start_time: "00:00", end_time: "06:00"}}]
templates: [/etc/alertmanager/config/*.tmpl]
"""
TEMPLATE = '{{ define "chat.text" }}{{ .Status }}{{ end }}'


def base_secret(configuration: str = BASE, template: str = "chat.tmpl") -> str:
    """The Secret with the base configuration and one file of templates."""
    data = {"alertmanager.yaml": configuration, template: TEMPLATE}
    about = {"name": "base", "namespace": "mon"}
    return json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": about, "stringData": data})


def alertmanager_config(name: str, version: str = "v1alpha1") -> str:
    """An AlertmanagerConfig with all that can go wrong; `version` is that of its API."""
    return textwrap.dedent(f"""\
        apiVersion: monitoring.coreos.com/{version}
        kind: AlertmanagerConfig
        metadata:
          name: {name}
          namespace: mon
        spec:
          route:
            receiver: hook
            matchers:
            - name: team
              matchType: "=~"
              value: core|edge
            routes:
            - receiver: hook
              muteTimeIntervals: [night]
          receivers:
          - name: hook
            webhookConfigs:
            - url: https://hooks.example/
              httpConfig:
                basicAuth:
                  username: {{name: login, key: user}}
                  password: {{name: login, key: password}}
          {"muteTimeIntervals" if version == "v1alpha1" else "timeIntervals"}:
          - name: night
            timeIntervals:
            - times:
              - startTime: "00:00"
                endTime: "06:00"
    """)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A good tree: two Alertmanagers, a base for one of them, and one AlertmanagerConfig."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "alertmanagers.yaml").write_text(ALERTMANAGERS)
    (folder / "base.yaml").write_text(base_secret())
    (folder / "secret.yaml").write_text(SECRET)
    (folder / "good.yaml").write_text(alertmanager_config("good"))
    return folder


def _render(tree: Path, *arguments: str) -> Ran:
    ran = promrender("render", "-o", "json", *arguments, tree)
    assert SECRET_VALUE not in ran.err
    return ran


def _configurations(ran: Ran) -> dict[str, str]:
    """Each Alertmanager's configuration by the object's name."""
    return {
        rendered["metadata"]["name"].removeprefix("alertmanager-").removesuffix("-generated"): contents[
            "alertmanager.yaml"
        ]
        for rendered in json.loads(ran.out)["items"]
        if "alertmanager.yaml" in (contents := entries(rendered))
    }


def test_the_good_tree_is_fine(tree: Path) -> None:
    ran = _render(tree)
    assert ran.status == 0
    assert "error" not in ran.err
    assert "warning" not in ran.err
    configurations = _configurations(ran)
    assert sorted(configurations) == ["main", "spare"]
    assert all("mon/good/hook" in text for text in configurations.values())


BASES = [
    pytest.param("receivers: [a: b: c", "line 1", id="no YAML"),
    pytest.param("just words", "is no mapping", id="no mapping"),
    pytest.param(BASE.replace("channel", "chanel"), "receivers[0].slack_configs[0]", id="an unknown field"),
    pytest.param(BASE.replace("  receiver: chat\n", "  receiver: chatt\n", 1), "no receiver 'chatt'", id="no receiver"),
    pytest.param(BASE.replace("core|edge", "(core"), "routes[0].matchers[0]", id="no regular expression"),
    pytest.param(BASE.replace("00:00", "22:00"), "time_intervals[0]", id="a time that ends before it starts"),
    pytest.param(BASE.replace("[night]", "[day]"), "no time interval 'day'", id="no time interval"),
    pytest.param(BASE.replace("slack_api_url", "opsgenie_api_url"), "slack_configs[0]", id="no address to send to"),
]


@pytest.mark.parametrize(("configuration", "says"), BASES)
def test_a_bad_base_is_told_and_the_other_alertmanager_is_rendered(tree: Path, configuration: str, says: str) -> None:
    (tree / "base.yaml").write_text(base_secret(configuration))
    ran = _render(tree)
    assert ran.status == 1
    assert "alertmanagers.yaml:6:" in ran.err
    assert "spec.configSecret: Secret mon/base, key 'alertmanager.yaml'" in ran.err
    assert says in ran.err
    assert "mon/good/hook" in _configurations(ran)["spare"]
    assert "main" not in _configurations(ran)


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        pytest.param(base_secret(template="chat.text"), "no file is mounted at", id="no file"),
        pytest.param(base_secret(BASE.replace("chat.text", "chat.txt")), "template 'chat.txt'", id="no such template"),
    ],
)
def test_a_missing_template_is_a_warning(tree: Path, secret: str, says: str) -> None:
    (tree / "base.yaml").write_text(secret)
    ran = _render(tree)
    assert ran.status == 0
    assert "alertmanagers.yaml:6:" in ran.err
    assert says in ran.err
    assert sorted(_configurations(ran)) == ["main", "spare"]
    assert _render(tree, "--fail-on", "warning").status == 1


NO_SECRET = ("name: login, key: password", "name: nologin, key: password")
CONFIGS = [
    pytest.param(*NO_SECRET, 23, "Secret mon/nologin does not exist", id="a receiver without its Secret"),
    pytest.param("key: password", "key: passwrd", 23, "no key 'passwrd'", id="a Secret without the key"),
    pytest.param("    receiver: hook\n", "    receiver: hoook\n", 8, "no receiver 'hoook'", id="no receiver"),
    pytest.param("- receiver: hook", "- receiver: hoook", 14, "no receiver 'hoook'", id="no receiver further down"),
    pytest.param("core|edge", "'(core'", 10, "no regular expression", id="no regular expression"),
    pytest.param('"00:00"', '"22:00"', 28, "ends before it starts", id="a time that ends before it starts"),
    pytest.param('"06:00"', '"06:60"', 29, "no time of day", id="no time"),
    pytest.param("[night]", "[day]", 15, "no time interval 'day'", id="no time interval"),
    pytest.param("- url: ", "- ur1: ", 19, "did you mean url", id="an unknown field"),
    pytest.param("https://hooks", "hooks", 19, "URL", id="no URL"),
]


@pytest.mark.parametrize("version", ["v1alpha1", "v1beta1"])
@pytest.mark.parametrize(("part", "instead", "line", "says"), CONFIGS)
def test_a_bad_alertmanagerconfig_is_told_and_the_others_are_rendered(
    tree: Path, version: str, part: str, instead: str, line: int, says: str
) -> None:
    good = alertmanager_config("bad", version)
    assert part in good
    (tree / "bad.yaml").write_text(good.replace(part, instead, 1))
    ran = _render(tree)
    assert ran.status == 1
    assert f"bad.yaml:{line}:" in ran.err
    assert says in ran.err
    assert "AlertmanagerConfig/mon/bad" in ran.err
    for text in _configurations(ran).values():
        assert "mon/good/hook" in text
        assert "mon/bad/" not in text


def test_a_missing_global_alertmanagerconfig_is_told(tree: Path) -> None:
    text = ALERTMANAGERS.replace("  configSecret: base\n", "  alertmanagerConfiguration: {name: gone}\n")
    (tree / "alertmanagers.yaml").write_text(text)
    ran = _render(tree)
    assert ran.status == 1
    assert "alertmanagers.yaml:6:" in ran.err
    assert "AlertmanagerConfig mon/gone does not exist" in ran.err
    assert list(_configurations(ran)) == ["spare"]
