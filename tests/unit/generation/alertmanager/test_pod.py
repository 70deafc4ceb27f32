"""The pods of an Alertmanager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.options import Options
from tests.running import arguments, containers, made, manifest, one, rendered

if TYPE_CHECKING:
    from pathlib import Path

CERT = {"cert": {"secret": {"name": "tls", "key": "c"}}, "keySecret": {"name": "tls", "key": "k"}}


def _flags(folder: Path, spec: dict[str, Any], name: str) -> list[str]:
    flags = arguments(folder, "Alertmanager", spec, "alertmanager")
    return [flag.partition("=")[2] for flag in flags if flag.partition("=")[0] == f"--{name}"]


def _pod(folder: Path, spec: dict[str, Any]) -> dict[str, Any]:
    pod: dict[str, Any] = one(made(folder, "Alertmanager", spec), "StatefulSet")["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize(
    ("spec", "address"),
    [
        ({}, ""),
        ({"replicas": 1, "forceEnableClusterMode": True}, "[$(POD_IP)]:9094"),
        ({"replicas": 2}, "[$(POD_IP)]:9094"),
        ({"replicas": 0}, "[$(POD_IP)]:9094"),
    ],
)
def test_one_alone_has_no_cluster(tmp_path: Path, spec: dict[str, Any], address: str) -> None:
    assert _flags(tmp_path, spec, "cluster.listen-address") == [address]


def test_members_find_each_other_by_the_service_and_others_by_their_own_names(tmp_path: Path) -> None:
    spec = {"replicas": 2, "additionalPeers": ["far:9094"], "serviceName": "mine"}
    peers = _flags(tmp_path, spec, "cluster.peer")
    assert peers == ["alertmanager-main-0.mine:9094", "alertmanager-main-1.mine:9094", "far:9094"]


def test_the_domain_of_the_cluster_completes_their_names(tmp_path: Path) -> None:
    result = made(tmp_path, "Alertmanager", {}, Options(cluster_domain="cluster.local"))
    flags = containers(one(result, "StatefulSet"))["alertmanager"]["args"]
    assert "--cluster.peer=alertmanager-main-0.alertmanager-operated.monitoring.svc.cluster.local.:9094" in flags


@pytest.mark.parametrize(
    ("version", "label", "peer_name", "web", "limits"),
    [
        ("v0.21.0", [], [], [], []),
        ("v0.26.0", ["monitoring/main"], [], ["/etc/alertmanager/web_config/web-config.yaml"], []),
        ("v0.28.0", ["monitoring/main"], [], ["/etc/alertmanager/web_config/web-config.yaml"], ["5"]),
        ("v0.30.0", ["monitoring/main"], ["$(POD_NAME)"], ["/etc/alertmanager/web_config/web-config.yaml"], ["5"]),
    ],
)
def test_flags_come_with_their_versions(
    tmp_path: Path, version: str, label: list[str], peer_name: list[str], web: list[str], limits: list[str]
) -> None:
    spec = {"version": version, "limits": {"maxSilences": 5}}
    assert _flags(tmp_path, spec, "cluster.label") == label
    assert _flags(tmp_path, spec, "cluster.peer-name") == peer_name
    assert _flags(tmp_path, spec, "web.config.file") == web
    assert _flags(tmp_path, spec, "silences.max-silences") == limits


def test_the_start_of_dispatching_waits_for_a_ready_pod_unless_the_user_says_when(tmp_path: Path) -> None:
    own = {"name": "dispatch.start-delay", "value": "1m"}
    assert _flags(tmp_path, {"minReadySeconds": 10}, "dispatch.start-delay") == ["10s"]
    assert _flags(tmp_path, {"minReadySeconds": 10, "additionalArgs": [own]}, "dispatch.start-delay") == ["1m"]
    assert _flags(tmp_path, {"version": "v0.29.0", "minReadySeconds": 10}, "dispatch.start-delay") == []


def test_cluster_tls_is_mounted_for_both_sides(tmp_path: Path) -> None:
    pod = _pod(tmp_path, {"clusterTLS": {"server": CERT, "client": CERT}})
    assert (
        "--cluster.tls-config=/etc/alertmanager/cluster_tls_config/cluster-tls-config.yaml"
        in pod["containers"][0]["args"]
    )
    folder = "/etc/alertmanager/cluster_tls_config"
    paths = [mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"] if folder in mount["mountPath"]]
    assert paths == [
        f"{folder}/cluster-tls-config.yaml",
        f"{folder}/server_tls/secret/tls-key",
        f"{folder}/server_tls/secret/tls-cert",
        f"{folder}/client_tls/secret/tls-key",
        f"{folder}/client_tls/secret/tls-cert",
    ]


def test_the_reloader_watches_what_the_server_reads(tmp_path: Path) -> None:
    templates = [
        {"configMap": {"name": "a", "key": "t.tmpl"}},
        {"secret": {"name": "b", "key": "t.tmpl"}},
        {"secret": {"name": "b", "key": "u.tmpl"}},
    ]
    spec = {
        "secrets": ["s"],
        "configMaps": ["c"],
        "alertmanagerConfiguration": {"name": "main", "templates": templates},
        "volumes": [{"name": "x", "emptyDir": {}}],
        "volumeMounts": [{"name": "x", "mountPath": "/x"}],
    }
    base = {"route": {"receiver": "r"}, "receivers": [{"name": "r"}]}
    result = rendered(tmp_path, [manifest("Alertmanager", spec), manifest("AlertmanagerConfig", base)])
    pod = one(result, "StatefulSet")["spec"]["template"]["spec"]
    server, reloader = pod["containers"]
    watched = [flag.partition("=")[2] for flag in reloader["args"] if flag.startswith("--watched-dir")]
    assert watched == [
        "/etc/alertmanager/config",
        "/etc/alertmanager/templates",
        "/etc/alertmanager/secrets/s",
        "/etc/alertmanager/configmaps/c",
    ]
    assert "/x" in [mount["mountPath"] for mount in server["volumeMounts"]]
    assert "/x" not in [mount["mountPath"] for mount in reloader["volumeMounts"]]
    [volume] = [volume for volume in pod["volumes"] if volume["name"] == "notification-templates"]
    names = [next(iter(source.values()))["name"] for source in volume["projected"]["sources"]]
    assert names == ["a", "b"]


@pytest.mark.parametrize(
    ("asked", "requests"),
    [
        (None, {"memory": "200Mi"}),
        ({"requests": {"cpu": "1"}}, {"memory": "200Mi", "cpu": "1"}),
        ({"requests": {"memory": "1Gi"}}, {"memory": "1Gi"}),
    ],
)
def test_some_memory_is_asked_for(tmp_path: Path, asked: dict[str, Any] | None, requests: dict[str, str]) -> None:
    pod = _pod(tmp_path, {"resources": asked} if asked else {})
    assert pod["containers"][0]["resources"]["requests"] == requests


def test_the_service_gives_the_members_names_before_they_are_ready(tmp_path: Path) -> None:
    service = one(made(tmp_path, "Alertmanager", {"portName": "http"}), "Service")
    assert service["spec"]["publishNotReadyAddresses"] is True
    assert [(port["name"], port["targetPort"], port["protocol"]) for port in service["spec"]["ports"]] == [
        ("http", "http", "TCP"),
        ("tcp-mesh", "mesh-tcp", "TCP"),
        ("udp-mesh", "mesh-udp", "UDP"),
    ]


@pytest.mark.parametrize(
    ("faults", "flags"),
    [
        (False, {"--silences.max-silence-size-bytes=1048576", "--web.timeout=3s"}),
        (True, {"--silences.max-per-silence-bytes=1048576", "--web.timeout=3"}),
    ],
)
def test_flags_are_those_that_the_server_takes(tmp_path: Path, *, faults: bool, flags: set[str]) -> None:
    spec = {"limits": {"maxPerSilenceBytes": "1MiB"}, "web": {"timeout": 3}}
    result = made(tmp_path, "Alertmanager", spec, Options(reference_faults=faults))
    assert flags <= set(containers(one(result, "StatefulSet"))["alertmanager"]["args"])
