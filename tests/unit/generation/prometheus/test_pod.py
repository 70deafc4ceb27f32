"""The pods of Prometheus and PrometheusAgent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.options import FEATURE_GATES, Options
from tests.running import containers, made, one

if TYPE_CHECKING:
    from pathlib import Path

TLS = {"cert": {"secret": {"name": "web.tls", "key": "tls.crt"}}, "keySecret": {"name": "web.tls", "key": "tls.key"}}


def _pod(folder: Path, spec: dict[str, Any], kind: str = "Prometheus") -> dict[str, Any]:
    pod: dict[str, Any] = one(made(folder, kind, spec), "StatefulSet")["spec"]["template"]["spec"]
    return pod


def _server(pod: dict[str, Any]) -> dict[str, Any]:
    server: dict[str, Any] = pod["containers"][0]
    return server


def test_each_shard_has_a_stateful_set_of_its_own(tmp_path: Path) -> None:
    result = made(tmp_path, "Prometheus", {"shards": 2, "replicas": 3})
    sets = [item for item in result.objects if item["kind"] == "StatefulSet"]
    assert [item["metadata"]["name"] for item in sets] == ["prometheus-main", "prometheus-main-shard-1"]
    shards = [item["spec"]["selector"]["matchLabels"]["operator.prometheus.io/shard"] for item in sets]
    assert shards == ["0", "1"]
    environments = [containers(item)["config-reloader"]["env"][-1] for item in sets]
    assert [variable["value"] for variable in environments] == ["0", "1"]
    assert {item["spec"]["replicas"] for item in sets} == {3}


def test_shards_that_follow_zones_run_there_and_know_their_place(tmp_path: Path) -> None:
    zones = {"mode": "Topology", "topology": {"values": ["a", "b"]}}
    spec = {"shards": 4, "shardingStrategy": zones, "nodeSelector": {"disk": "ssd"}}
    sets = [item for item in made(tmp_path, "Prometheus", spec).objects if item["kind"] == "StatefulSet"]
    selectors = [item["spec"]["template"]["spec"]["nodeSelector"] for item in sets]
    assert selectors == [{"disk": "ssd", "topology.kubernetes.io/zone": zone} for zone in "abab"]
    running = [containers(item)["config-reloader"]["env"] for item in sets]
    first = [item["spec"]["template"]["spec"]["initContainers"][0]["env"] for item in sets]
    assert running == first
    variables = [[variable["value"] for variable in env[1:]] for env in running]
    assert variables == [["0", "a", "0"], ["1", "b", "0"], ["2", "a", "1"], ["3", "b", "1"]]


def test_web_tls_is_asked_over_https_and_its_material_is_mounted(tmp_path: Path) -> None:
    pod = _pod(tmp_path, {"web": {"tlsConfig": TLS}})
    reloader = next(one for one in pod["containers"] if one["name"] == "config-reloader")
    assert _server(pod)["readinessProbe"]["httpGet"]["scheme"] == "HTTPS"
    assert "--reload-url=https://localhost:9090/-/reload" in reloader["args"]
    assert "--web-config-file=/etc/prometheus/web_config/web-config.yaml" in reloader["args"]
    paths = [mount["mountPath"] for mount in _server(pod)["volumeMounts"]]
    assert "/etc/prometheus/web_config/secret/web.tls-key" in paths
    assert "/etc/prometheus/web_config/secret/web.tls-cert" in paths


def test_tls_files_of_the_user_s_need_no_volume(tmp_path: Path) -> None:
    pod = _pod(tmp_path, {"web": {"tlsConfig": {"certFile": "/c", "keyFile": "/k"}}})
    assert [volume["name"] for volume in pod["volumes"] if "web-config" in volume["name"]] == ["web-config"]


def test_before_2_24_there_is_no_web_configuration(tmp_path: Path) -> None:
    pod = _pod(tmp_path, {"version": "v2.23.0"})
    assert not [volume for volume in pod["volumes"] if volume["name"] == "web-config"]


def test_a_server_on_its_loopback_address_is_asked_from_inside(tmp_path: Path) -> None:
    server = _server(_pod(tmp_path, {"listenLocal": True, "routePrefix": "/p"}))
    assert "ports" not in server
    assert "http://localhost:9090/p/-/ready" in server["readinessProbe"]["exec"]["command"][-1]


@pytest.mark.parametrize(
    ("faults", "asked"), [(False, "curl --fail --insecure https://"), (True, "curl --fail http://")]
)
def test_a_server_with_tls_on_its_loopback_address_is_asked_with_tls(
    tmp_path: Path, *, faults: bool, asked: str
) -> None:
    spec = {"listenLocal": True, "web": {"tlsConfig": TLS}}
    stateful_set = one(made(tmp_path, "Prometheus", spec, Options(reference_faults=faults)), "StatefulSet")
    assert asked in containers(stateful_set)["prometheus"]["readinessProbe"]["exec"]["command"][-1]


def test_a_signal_needs_the_server_s_processes_in_sight(tmp_path: Path) -> None:
    pod = _pod(tmp_path, {"reloadStrategy": "ProcessSignal", "listenLocal": True})
    reloader = pod["containers"][1]
    assert pod["shareProcessNamespace"] is True
    assert "--web.enable-lifecycle" not in _server(pod)["args"]
    assert reloader["args"][:3] == [
        "--listen-address=:8080",
        "--reload-method=signal",
        "--runtimeinfo-url=http://localhost:9090/api/v1/status/runtimeinfo",
    ]


@pytest.mark.parametrize(
    ("spec", "faults", "mounted"),
    [
        ({"queryLogFile": "q.log"}, False, True),
        ({"queryLogFile": "/var/q.log"}, False, False),
        ({"scrapeFailureLogFile": "f.log", "queryLogFile": "q.log"}, False, True),
        ({"scrapeFailureLogFile": "/own/f.log", "queryLogFile": "q.log"}, False, True),
        ({"scrapeFailureLogFile": "/own/f.log", "queryLogFile": "q.log"}, True, False),
        ({}, False, False),
    ],
)
def test_log_files_without_a_folder_have_one_volume(
    tmp_path: Path, spec: dict[str, Any], *, faults: bool, mounted: bool
) -> None:
    result = made(tmp_path, "Prometheus", spec, Options(reference_faults=faults))
    pod = one(result, "StatefulSet")["spec"]["template"]["spec"]
    mounts = [mount for mount in _server(pod)["volumeMounts"] if mount["name"] == "log-file"]
    assert len(mounts) == [volume["name"] for volume in pod["volumes"]].count("log-file") == int(mounted)


@pytest.mark.parametrize(
    ("storage", "volume", "sub_path"),
    [
        (None, {"name": "prometheus-main-db", "emptyDir": {}}, None),
        (
            {"emptyDir": {"sizeLimit": "1024Mi"}},
            {"name": "prometheus-main-db", "emptyDir": {"sizeLimit": "1Gi"}},
            "prometheus-db",
        ),
        ({"volumeClaimTemplate": {"spec": {}}}, None, "prometheus-db"),
        ({"volumeClaimTemplate": {"spec": {}}, "disableMountSubPath": True}, None, None),
    ],
)
def test_storage(
    tmp_path: Path, storage: dict[str, Any] | None, volume: dict[str, Any] | None, sub_path: str | None
) -> None:
    pod = _pod(tmp_path, {"storage": storage} if storage else {})
    mount = next(one for one in _server(pod)["volumeMounts"] if one["mountPath"] == "/prometheus")
    assert mount.get("subPath") == sub_path
    assert [one for one in pod["volumes"] if one["name"] == "prometheus-main-db"] == ([volume] if volume else [])


def test_a_claim_keeps_its_name_and_labels(tmp_path: Path) -> None:
    template = {
        "metadata": {"name": "data", "labels": {"a": "b"}},
        "spec": {"resources": {"requests": {"storage": "1024Gi"}}},
    }
    stateful_set = one(made(tmp_path, "Prometheus", {"storage": {"volumeClaimTemplate": template}}), "StatefulSet")
    [claim] = stateful_set["spec"]["volumeClaimTemplates"]
    assert claim["metadata"] == {"name": "data", "labels": {"a": "b"}}
    assert claim["spec"] == {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Ti"}}}
    assert {"name": "data", "mountPath": "/prometheus", "subPath": "prometheus-db"} in containers(stateful_set)[
        "prometheus"
    ]["volumeMounts"]


@pytest.mark.parametrize(("wanted", "shard"), [("OnResource", False), ("OnShard", True)])
def test_spreading_counts_the_pods_of_all_shards_or_of_one(tmp_path: Path, wanted: str, *, shard: bool) -> None:
    constraint = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}
    pod = _pod(tmp_path, {"topologySpreadConstraints": [{**constraint, "additionalLabelSelectors": wanted}]})
    [made_constraint] = pod["topologySpreadConstraints"]
    labels = made_constraint["labelSelector"]["matchLabels"]
    assert labels["operator.prometheus.io/name"] == "main"
    assert ("operator.prometheus.io/shard" in labels) is shard
    assert "additionalLabelSelectors" not in made_constraint


def test_the_collector_of_garbage_is_set_by_the_environment_before_2_53(tmp_path: Path) -> None:
    spec = {"version": "v2.52.0", "runtime": {"goGC": 50}}
    assert _server(_pod(tmp_path, spec))["env"] == [{"name": "GOGC", "value": "50"}]
    assert "env" not in _server(_pod(tmp_path, {**spec, "version": "v2.53.0"}))


def test_a_daemon_set_has_neither_storage_nor_shard(tmp_path: Path) -> None:
    gates = {**FEATURE_GATES, "PrometheusAgentDaemonSet": True}
    result = made(tmp_path, "PrometheusAgent", {"mode": "DaemonSet"}, Options(feature_gates=gates))
    daemon_set = one(result, "DaemonSet")
    assert not [item for item in result.objects if item["kind"] in {"StatefulSet", "Service"}]
    assert "operator.prometheus.io/shard" not in daemon_set["spec"]["selector"]["matchLabels"]
    names = [volume["name"] for volume in daemon_set["spec"]["template"]["spec"]["volumes"]]
    assert names == ["config", "tls-assets", "config-out", "web-config"]
    environment = containers(daemon_set)["config-reloader"]["env"]
    assert [variable["name"] for variable in environment] == ["POD_NAME", "NODE_NAME", "SHARD"]


def test_the_image_keeps_a_pre_release(tmp_path: Path) -> None:
    pod = _pod(tmp_path, {"version": "3.0.0-rc.1"})
    assert _server(pod)["image"] == "quay.io/prometheus/prometheus:v3.0.0-rc.1"
