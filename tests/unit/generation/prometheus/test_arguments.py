"""The command line of Prometheus by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.options import Options
from tests.running import arguments, containers, made, one

if TYPE_CHECKING:
    from pathlib import Path

UPLOAD = {"objectStorageConfig": {"name": "bucket", "key": "bucket.yaml"}}


def _flags(folder: Path, spec: dict[str, Any], kind: str = "Prometheus") -> list[str]:
    return arguments(folder, kind, spec, "prometheus")


def _flag(flags: list[str], name: str) -> list[str]:
    return [flag.removeprefix(f"--{name}=") for flag in flags if flag == f"--{name}" or flag.startswith(f"--{name}=")]


@pytest.mark.parametrize(
    ("version", "retention", "size", "expected"),
    [
        ("v2.6.0", None, None, ["--storage.tsdb.retention=24h"]),
        ("v2.6.0", None, "1GB", ["--storage.tsdb.retention=24h"]),
        ("v2.7.0", None, None, ["--storage.tsdb.retention.time=24h"]),
        ("v2.7.0", None, "1GB", ["--storage.tsdb.retention.size=1GB"]),
        ("v3.10.0", "30d", "1GB", ["--storage.tsdb.retention.time=30d", "--storage.tsdb.retention.size=1GB"]),
        ("v3.11.0", "30d", "1GB", []),
    ],
)
def test_retention_is_a_flag_until_the_configuration_file_holds_it(
    tmp_path: Path, version: str, retention: str | None, size: str | None, expected: list[str]
) -> None:
    spec = {"version": version, **({"retention": retention} if retention else {})}
    if size:
        spec["retentionSize"] = size
    assert [flag for flag in _flags(tmp_path, spec) if "retention" in flag] == expected


def test_consoles_went_with_the_second_line(tmp_path: Path) -> None:
    assert _flag(_flags(tmp_path, {"version": "v2.55.0"}), "web.console.templates") == ["/etc/prometheus/consoles"]
    assert not _flag(_flags(tmp_path, {"version": "v3.0.0"}), "web.console.templates")


@pytest.mark.parametrize(("version", "flag"), [("v2.55.0", "--enable-feature=agent"), ("v3.0.0", "--agent")])
def test_an_agent_says_so(tmp_path: Path, version: str, flag: str) -> None:
    flags = _flags(tmp_path, {"version": version, "walCompression": False}, "PrometheusAgent")
    after = flags.index(flag)
    assert flags[after + 1 : after + 3] == ["--storage.agent.path=/prometheus", "--no-storage.agent.wal-compression"]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v2.46.0", []),
        ("v2.47.0", ["--enable-feature=otlp-write-receiver"]),
        ("v3.0.0", ["--web.enable-otlp-receiver"]),
    ],
)
def test_the_otlp_receiver_is_on_where_it_has_settings(tmp_path: Path, version: str, expected: list[str]) -> None:
    flags = _flags(tmp_path, {"version": version, "otlp": {}})
    assert [flag for flag in flags if "otlp" in flag] == expected
    off = _flags(tmp_path, {"version": version, "otlp": {}, "enableOTLPReceiver": False})
    assert not [flag for flag in off if "otlp" in flag]


@pytest.mark.parametrize(("version", "expected"), [("v2.53.0", 0), ("v2.54.0", 1), ("v3.3.0", 1), ("v3.4.0", 0)])
def test_the_second_remote_write_protocol_needs_metadata_records_for_a_while(
    tmp_path: Path, version: str, expected: int
) -> None:
    target = {"url": "http://far.example.com/w", "messageVersion": "V2.0"}
    flags = _flags(tmp_path, {"version": version, "remoteWrite": [target, target]})
    assert flags.count("--enable-feature=metadata-wal-records") == expected


@pytest.mark.parametrize(
    ("version", "features", "expected"),
    [
        ("v3.12.0", ["a"], ["a"]),
        ("v3.13.0", ["a"], ["a", "xor2-encoding"]),
        ("v3.13.0", [], ["xor2-encoding"]),
        ("v3.13.0", ["xor2-encoding", "a"], ["xor2-encoding,a"]),
    ],
)
def test_the_newer_chunk_encoding_brings_its_feature(
    tmp_path: Path, version: str, features: list[str], expected: list[str]
) -> None:
    spec = {"version": version, "enableFeatures": features, "tsdb": {"chunkEncoding": {"floats": "Xor2"}}}
    assert _flag(_flags(tmp_path, spec), "enable-feature") == expected


@pytest.mark.parametrize(
    ("version", "thanos", "disabled", "expected"),
    [
        (
            "v3.9.0",
            {**UPLOAD, "version": "v0.42.0"},
            False,
            ["delay-compact-file.path=/prometheus/thanos.shipper.json"],
        ),
        ("v3.9.0", {**UPLOAD, "version": "v0.41.0"}, False, ["max-block-duration=2h", "min-block-duration=2h"]),
        ("v3.8.0", {**UPLOAD, "blockSize": "1h"}, False, ["max-block-duration=1h", "min-block-duration=1h"]),
        ("v3.9.0", UPLOAD, True, ["max-block-duration=2h", "min-block-duration=2h"]),
        ("v3.9.0", {}, False, []),
        ("v3.9.0", None, True, ["max-block-duration=2h", "min-block-duration=2h"]),
    ],
)
def test_blocks_are_compacted_after_the_upload_or_not_at_all(
    tmp_path: Path, version: str, thanos: dict[str, Any] | None, *, disabled: bool, expected: list[str]
) -> None:
    spec: dict[str, Any] = {"version": version, "disableCompaction": disabled}
    if thanos is not None:
        spec["thanos"] = thanos
    flags = _flags(tmp_path, spec)
    wanted = [f"--storage.tsdb.{flag}" for flag in expected]
    assert [flag for flag in flags if "block-duration" in flag or "compact" in flag] == wanted


def test_the_reference_trusts_an_older_sidecar_with_delayed_compaction(tmp_path: Path) -> None:
    spec = {"version": "v3.9.0", "thanos": {**UPLOAD, "version": "v0.41.0"}}
    result = made(tmp_path, "Prometheus", spec, Options(reference_faults=True))
    flags = containers(one(result, "StatefulSet"))["prometheus"]["args"]
    assert "--storage.tsdb.delay-compact-file.path=/prometheus/thanos.shipper.json" in flags


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"thanos": UPLOAD}, 1),
        ({"disableCompaction": True}, 1),
        ({"version": "v2.54.0", "disableCompaction": True}, 0),
        ({}, 0),
    ],
)
def test_late_samples_are_not_compacted_together_where_blocks_are_not_at_once(
    tmp_path: Path, spec: dict[str, Any], expected: int
) -> None:
    flags = _flags(tmp_path, {"tsdb": {"outOfOrderTimeWindow": "1h"}, **spec})
    assert flags.count("--no-storage.tsdb.allow-overlapping-compaction") == expected


def test_the_sidecar_leaves_the_shipper_s_file_where_the_server_looks_for_it(tmp_path: Path) -> None:
    result = made(tmp_path, "Prometheus", {"thanos": UPLOAD, "routePrefix": "/sub/"})
    sidecar = containers(one(result, "StatefulSet"))["thanos-sidecar"]
    assert sidecar["args"][:2] == ["sidecar", "--prometheus.url=http://localhost:9090/sub"]
    assert "--shipper.meta-file-name=thanos.shipper.json" in sidecar["args"]
    assert sidecar["env"] == [
        {"name": "OBJSTORE_CONFIG", "valueFrom": {"secretKeyRef": {"name": "bucket", "key": "bucket.yaml"}}}
    ]
    mounted = [mount["mountPath"] for mount in sidecar["volumeMounts"]]
    assert mounted == ["/prometheus", "/etc/thanos/config"]


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (False, ["prometheus.WriteRequest", "io.prometheus.write.v2.Request"]),
        (True, ["prometheus.WriteRequest,io.prometheus.write.v2.Request"]),
    ],
)
def test_each_message_of_the_receiver_is_a_flag_of_its_own(
    tmp_path: Path, *, faults: bool, expected: list[str]
) -> None:
    spec = {"enableRemoteWriteReceiver": True, "remoteWriteReceiverMessageVersions": ["V1.0", "V2.0"]}
    result = made(tmp_path, "Prometheus", spec, Options(reference_faults=faults))
    flags = containers(one(result, "StatefulSet"))["prometheus"]["args"]
    assert _flag(flags, "web.remote-write-receiver.accepted-protobuf-messages") == expected


def test_limits_of_queries_that_are_none_are_no_flags(tmp_path: Path) -> None:
    query = {"maxSamples": 0, "maxConcurrency": 3, "timeout": "1m", "lookbackDelta": "5m"}
    flags = [flag for flag in _flags(tmp_path, {"query": query}) if flag.startswith("--query")]
    assert flags == ["--query.lookback-delta=5m", "--query.max-concurrency=3", "--query.timeout=1m"]


def test_an_additional_argument_that_is_set_already_fails_the_pods_alone(tmp_path: Path) -> None:
    spec = {"serviceMonitorSelector": {}, "additionalArgs": [{"name": "config.file", "value": "/x"}]}
    result = made(tmp_path, "Prometheus", spec)
    kinds = {item["kind"] for item in result.objects}
    assert kinds == {"Secret", "ConfigMap"}
    assert [finding.field for finding in result.findings if finding.severity == "error"] == ["spec.additionalArgs"]


@pytest.mark.parametrize(
    ("version", "faults", "forgotten"),
    [
        ("v2.53.0", True, True),
        ("v2.53.0", False, False),
        ("v2.54.0", True, False),
    ],
)
def test_a_second_version_of_remote_write_makes_the_operator_forget_flags(
    tmp_path: Path, version: str, *, faults: bool, forgotten: bool
) -> None:
    spec = {
        "version": version,
        "remoteWrite": [{"url": "http://store.example", "messageVersion": "V2.0"}],
        "enableFeatures": ["exemplar-storage"],
        "enableOTLPReceiver": True,
        "logFormat": "json",
    }
    result = made(tmp_path, "Prometheus", spec, Options(reference_faults=faults))
    flags = containers(one(result, "StatefulSet"))["prometheus"]["args"]
    wanted = ["--enable-feature=otlp-write-receiver", "--enable-feature=exemplar-storage", "--log.format=json"]
    assert [flag in flags for flag in wanted] == [not forgotten] * 3
