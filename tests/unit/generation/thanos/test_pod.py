"""The pods of a ThanosRuler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.running import arguments, containers, made, one

if TYPE_CHECKING:
    from pathlib import Path

ASKED = {"queryEndpoints": ["http://query:9090"]}


def _flags(folder: Path, **spec: object) -> list[str]:
    return arguments(folder, "ThanosRuler", {**ASKED, **spec}, "thanos-ruler")


def test_a_ruler_that_can_ask_nobody_is_refused(tmp_path: Path) -> None:
    result = made(tmp_path, "ThanosRuler", {})
    assert not [item for item in result.objects if item["kind"] == "StatefulSet"]
    assert [finding.field for finding in result.findings if finding.severity == "error"] == ["spec.queryEndpoints"]


SECRET = {"name": "s", "key": "k"}
FOLDER = "/etc/thanos/config"


@pytest.mark.parametrize(
    ("spec", "flags", "secret"),
    [
        ({"objectStorageConfig": SECRET}, [f"--objstore.config-file={FOLDER}/objstorage-config/k"], "s"),
        ({"objectStorageConfigFile": "/own", "objectStorageConfig": SECRET}, ["--objstore.config-file=/own"], None),
        ({"tracingConfig": SECRET}, [f"--tracing.config-file={FOLDER}/tracing-config/k"], "s"),
        (
            {"alertmanagersConfig": SECRET, "alertmanagersUrl": ["http://a"]},
            [f"--alertmanagers.config-file={FOLDER}/alertmanager-config/k"],
            "s",
        ),
        ({"alertmanagersUrl": ["http://a", "http://b"]}, [f"--alertmanagers.url=http://{x}" for x in "ab"], None),
    ],
)
def test_files_are_mounted_where_flags_name_them(
    tmp_path: Path, spec: dict[str, Any], flags: list[str], secret: str | None
) -> None:
    stateful_set = one(made(tmp_path, "ThanosRuler", {**ASKED, **spec}), "StatefulSet")
    server = containers(stateful_set)["thanos-ruler"]
    assert set(flags) <= set(server["args"])
    assert len([flag for flag in server["args"] if flag.partition("=")[0] == flags[0].partition("=")[0]]) == len(flags)
    volumes = stateful_set["spec"]["template"]["spec"]["volumes"]
    named = [volume["secret"] for volume in volumes if volume.get("secret", {}).get("secretName") == "s"]
    assert named == ([{"secretName": "s", "items": [{"key": "k", "path": "k"}]}] if secret else [])


@pytest.mark.parametrize(
    ("version", "present"),
    [("v0.29.0", {"remote-write.config-file"}), ("v0.30.0", {"remote-write.config-file", "for-grace-period"})],
)
def test_flags_come_with_their_versions(tmp_path: Path, version: str, present: set[str]) -> None:
    flags = _flags(
        tmp_path, version=version, remoteWrite=[{"url": "http://far"}], ruleGracePeriod="1m", enableFeatures=["x"]
    )
    names = {flag.removeprefix("--").partition("=")[0] for flag in flags}
    assert names & {"remote-write.config-file", "for-grace-period", "enable-feature"} == present


def test_labels_are_quoted_and_sorted_behind_the_replica_s(tmp_path: Path) -> None:
    flags = _flags(tmp_path, labels={"b": "2", "a": "1"}, alertDropLabels=["x"])
    assert [flag for flag in flags if "label" in flag] == [
        '--label=thanos_ruler_replica="$(POD_NAME)"',
        '--label=a="1"',
        '--label=b="2"',
        "--alert.label-drop=thanos_ruler_replica",
        "--alert.label-drop=x",
    ]


def test_the_web_configuration_comes_behind_additional_arguments(tmp_path: Path) -> None:
    flags = _flags(tmp_path, additionalArgs=[{"name": "x"}], grpcServerTlsConfig={"certFile": "/c", "keyFile": "/k"})
    assert flags[0] == "rule"
    assert flags[-2:] == ["--x", "--http.config=/etc/thanos/web_config/web-config.yaml"]
    assert "--grpc-server-tls-key=/k" in flags


def test_the_selector_has_the_labels_that_the_user_adds_to_pods(tmp_path: Path) -> None:
    stateful_set = one(made(tmp_path, "ThanosRuler", {**ASKED, "podMetadata": {"labels": {"l": "v"}}}), "StatefulSet")
    assert stateful_set["spec"]["selector"]["matchLabels"]["l"] == "v"
    assert "app.kubernetes.io/version" not in stateful_set["spec"]["selector"]["matchLabels"]
