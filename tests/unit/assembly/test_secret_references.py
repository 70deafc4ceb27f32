"""What `--secrets reference` makes: placeholders, Roles, the reloader's arguments; and what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from reloaders import placeholders as reloader
from render.options import Options
from render.output import goyaml
from render.selection.placeholders import literal, placeholder, reads
from tests.rendered import entries
from tests.running import arguments, manifest, one, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from render.pipeline import Result

REFERENCE = Options(secrets="reference", prometheus_config_reloader="example.com/config-reloader:v1")
LOGIN = {"username": {"name": "login", "key": "user"}, "password": {"name": "login", "key": "word"}}


def made(folder: Path, *more: dict[str, Any], options: Options = REFERENCE) -> Result:
    target = {"url": "http://far/write", "basicAuth": LOGIN}
    server = manifest("Prometheus", {"remoteWrite": [target], "serviceMonitorSelector": {}})
    return rendered(folder, [server, *more], options)


def secret(**values: str) -> dict[str, Any]:
    metadata = {"name": "login", "namespace": "monitoring"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": values}


def test_values_are_references_and_roles_allow_just_them(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="somebody", word="very secret"))
    text = entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]
    assert "password_file: /etc/prometheus/certs/0_monitoring_login_word\n" in text
    assert one(result, "Role")["rules"] == [
        {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["login"], "verbs": ["get", "watch"]}
    ]
    assert one(result, "RoleBinding")["subjects"][0]["name"] == "default"
    assert result.findings == []


def test_an_empty_value_stays_empty(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="somebody", word=""))
    assert 'password: ""' in entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]


def test_a_secret_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    assert [(str(found.severity), found.code) for found in made(tmp_path).findings] == [
        ("warning", "secret-not-in-source")
    ]


def test_a_key_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert [found.code for found in made(tmp_path, secret(user="somebody")).findings] == ["reference-missing"]


def test_inline_makes_no_roles(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="somebody", word="very secret"), options=Options())
    assert {"Role", "RoleBinding"}.isdisjoint(item["kind"] for item in result.objects)


def test_the_operators_reloader_is_warned_of(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="a", word="b"), options=Options(secrets="reference"))
    assert [found.code for found in result.findings] == ["reloader-cannot-resolve"]


SERVERS: list[tuple[str, dict[str, Any], str]] = [
    ("Prometheus", {}, "prometheus"),
    ("PrometheusAgent", {}, "prometheus"),
    ("PrometheusAgent", {"mode": "DaemonSet"}, "prometheus"),
    ("Alertmanager", {}, "alertmanager"),
    ("ThanosRuler", {"queryEndpoints": ["http://query"]}, "thanos"),
]


@pytest.mark.parametrize(("kind", "spec", "folder"), SERVERS)
def test_reloaders_are_told_to_resolve(tmp_path: Path, kind: str, spec: dict[str, Any], folder: str) -> None:
    options = replace(REFERENCE, feature_gates={"PrometheusAgentDaemonSet": True})
    result = rendered(tmp_path, [manifest(kind, spec)], options)
    pod = one(result, spec.get("mode", "StatefulSet"))["spec"]["template"]["spec"]
    wanted = {"--resolve-secrets", f"--tls-assets-dir=/etc/{folder}/certs"}
    reloaders = [each for each in pod["containers"] + pod["initContainers"] if "config-reloader" in each["name"]]
    assert [wanted <= set(each["args"]) for each in reloaders] == [True, True]
    assert {"name": "tls-assets", "emptyDir": {"medium": "Memory"}} in pod["volumes"]
    assert pod["automountServiceAccountToken"] is True


def test_inline_reloaders_resolve_nothing(tmp_path: Path) -> None:
    assert "--resolve-secrets" not in arguments(tmp_path, "Prometheus", {}, "config-reloader")


@pytest.mark.parametrize(
    "text",
    ["$(secret:a/b/c)", "x $(configmap:", "^a$$(b|c)$", "$$$(secret:a/b/c)", "$(POD_NAME)", "$(secrets", "$$", "$(x y"],
)
def test_the_reloader_gives_other_texts_back(text: str) -> None:
    written = goyaml.dumps({"a": literal(text)})
    resolved, _ = reloader.resolve(written.encode(), {}, lambda _reference: b"wrong")
    assert resolved.decode() == goyaml.dumps({"a": text})


def test_the_reloader_reads_what_is_written() -> None:
    made = placeholder("Secret", "web", "login", "config.yaml", "/0/a b/with~1slash")
    written = goyaml.dumps({"a": made})
    resolved, _ = reloader.resolve(written.encode(), {}, lambda _reference: b'- {"a b": {"with/slash": found}}')
    assert resolved == b'a: "found"\n'
    assert reads(written, "/certs") == {("Secret", "web", "login")}


def test_files_are_read_too() -> None:
    text = "ca_file: /certs/1_web_tree_ca.crt\nkey_file: /other/0_web_key_tls.key\n"
    assert reads(text, "/certs") == {("ConfigMap", "web", "tree")}


LISTS = ("additionalScrapeConfigs", "additionalAlertRelabelConfigs", "additionalAlertManagerConfigs")
LIST = {"name": "lists", "key": "list.yaml"}


def with_lists(folder: Path, options: Options = REFERENCE, **spec: Any) -> Result:  # noqa: ANN401 - fields of the spec
    lists = dict.fromkeys(LISTS, LIST)
    server = manifest("Prometheus", {"serviceMonitorSelector": {}, "replicaExternalLabelName": "", **lists, **spec})
    return rendered(folder, [server], options)


def told(result: Result) -> list[tuple[str, str]]:
    return [(str(found.severity), found.code) for found in result.findings]


def test_lists_that_are_not_there_are_referred_to(tmp_path: Path) -> None:
    result = with_lists(tmp_path)
    text = entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]
    assert text.count('- "$(secret:monitoring/lists/list.yaml#)"\n') == 3
    assert told(result) == [("warning", "secret-not-in-source")]
    assert one(result, "Role")["rules"][0]["resourceNames"] == ["lists"]

    def lookup(_reference: reloader.Reference) -> bytes:
        return b"- {a: $(POD_NAME), b: '1'}\n- {c: 2}\n"

    content, _ = reloader.resolve(text.encode(), {"POD_NAME": "p-0"}, lookup)
    items = [{"a": "p-0", "b": "1"}, {"c": 2}]
    read = yaml.safe_load(content)
    assert read["scrape_configs"] == items
    assert read["alerting"] == {"alert_relabel_configs": items, "alertmanagers": items}


def test_the_lists_of_an_agent_are_referred_to(tmp_path: Path) -> None:
    agent = manifest("PrometheusAgent", {"serviceMonitorSelector": {}, LISTS[0]: LIST})
    result = rendered(tmp_path, [agent], REFERENCE)
    assert "list.yaml#)" in entries(one(result, "Secret", "prom-agent-main"))["prometheus.yaml"]
    assert told(result) == [("warning", "secret-not-in-source")]


def test_jobs_that_have_to_be_changed_cannot_be_referred_to(tmp_path: Path) -> None:
    result = with_lists(tmp_path, shards=2)
    assert told(result) == [("error", "reference-missing")]
    assert "2 shards" in result.findings[0].message
    assert not [item for item in result.objects if item["metadata"]["name"] == "prometheus-main"]


def test_an_optional_list_that_is_not_there_is_left_out_with_a_warning(tmp_path: Path) -> None:
    lists: dict[str, Any] = {attribute: {**LIST, "optional": True} for attribute in LISTS}
    result = with_lists(tmp_path, **lists)
    assert "lists" not in entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]
    assert told(result) == [("warning", "secret-not-in-source")] * 3


def test_a_list_that_is_there_is_written(tmp_path: Path) -> None:
    server = manifest("Prometheus", {"serviceMonitorSelector": {}, "shards": 2, LISTS[0]: LIST})
    there = secret(**{"list.yaml": "- job_name: mine\n  bearer_token: very-secret\n"})
    there["metadata"]["name"] = "lists"
    result = rendered(tmp_path, [server, there], REFERENCE)
    text = entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]
    assert 'bearer_token: "$(secret:monitoring/lists/list.yaml#/0/bearer_token)"' in text
    assert result.findings == []


def test_what_an_unknown_list_discovers_gets_no_rights(tmp_path: Path) -> None:
    options = Options(secrets="reference", workloads=True, rbac=True, prometheus_config_reloader="example.com/r:v1")
    assert "gets no rights" in " ".join(found.message for found in with_lists(tmp_path, options).findings)


def test_a_configuration_that_is_not_there_is_no_default(tmp_path: Path) -> None:
    """The cluster may have it: the default would drop its alerts."""
    result = rendered(tmp_path, [manifest("Alertmanager", {"configSecret": "mine"})], REFERENCE)
    assert told(result) == [("error", "reference-missing")]
    assert result.objects == []
    result = rendered(tmp_path, [manifest("Alertmanager", {})], REFERENCE)
    assert told(result) == [("warning", "secret-not-in-source")]
    assert 'receiver: "null"' in entries(one(result, "Secret", "alertmanager-main-generated"))["alertmanager.yaml"]


@pytest.mark.parametrize(("version", "key"), [("v0.33.0", "api_url_file"), ("v0.24.0", "api_url")])
def test_white_space_around_a_url_is_cut_off_as_inline(tmp_path: Path, version: str, key: str) -> None:
    server = manifest("Alertmanager", {"alertmanagerConfigSelector": {}, "version": version})
    slack = [{"apiURL": {"name": "login", "key": "url"}, "channel": "x"}]
    receivers = [{"name": "chat", "slackConfigs": slack}]
    config = manifest("AlertmanagerConfig", {"route": {"receiver": "chat"}, "receivers": receivers})
    result = rendered(tmp_path, [server, config, secret(url=" https://chat/secret?a=b#c\n")], REFERENCE)
    text = entries(one(result, "Secret", "alertmanager-main-generated"))["alertmanager.yaml"]
    content, _ = reloader.resolve(text.encode(), {}, lambda _reference: b" https://chat/secret?a=b#c\n")
    (entry,) = yaml.safe_load(content)["receivers"][1]["slack_configs"]
    url = "https://chat/secret?a=b#c" if key == "api_url" else "/etc/alertmanager/certs/0_monitoring_login_url"
    assert entry == {key: url, "channel": "x"}


def test_a_url_of_which_more_would_be_lost_is_an_error(tmp_path: Path) -> None:
    receivers = [{"name": "chat", "slackConfigs": [{"apiURL": {"name": "login", "key": "url"}}]}]
    config = manifest("AlertmanagerConfig", {"route": {"receiver": "chat"}, "receivers": receivers})
    server = manifest("Alertmanager", {"alertmanagerConfigSelector": {}})
    result = rendered(tmp_path, [server, config, secret(url="https://chat/a #b\n")], REFERENCE)
    assert [found.message for found in result.findings if str(found.severity) == "error"] == [
        "the URL has white space around it"
    ]
