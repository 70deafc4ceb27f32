"""The real servers know every flag that we give them: they get as far as to look for their configuration file."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.running import containers, made, one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WEB = {"pageTitle": "T", "maxConnections": 9}
COMMON: dict[str, Any] = {
    "enableRemoteWriteReceiver": True,
    "externalUrl": "https://p.example.com/p",
    "routePrefix": "/p",
    "listenLocal": True,
    "logFormat": "json",
    "logLevel": "debug",
    "walCompression": False,
    "web": WEB,
}
SERVER: dict[str, Any] = COMMON | {
    "disableCompaction": True,
    "enableAdminAPI": True,
    "query": {"lookbackDelta": "5m", "maxSamples": 10, "maxConcurrency": 2, "timeout": "1m"},
    "retention": "1d",
    "retentionSize": "1GB",
    "rules": {"alert": {"forGracePeriod": "1m", "forOutageTolerance": "1m", "resendDelay": "1m"}},
}
NEWER = {
    "enableOTLPReceiver": True,
    "remoteWriteReceiverMessageVersions": ["V1.0", "V2.0"],
    "tsdb": {"outOfOrderTimeWindow": "1h", "chunkEncoding": {"floats": "Xor2"}},
}
UPLOADING = {"thanos": {"objectStorageConfig": {"name": "bucket", "key": "k"}}, "disableCompaction": False}
CLUSTER = {
    "replicas": 3,
    "additionalPeers": ["far:9094"],
    "clusterAdvertiseAddress": "1.2.3.4:9094",
    "clusterGossipInterval": "1s",
    "clusterPeerTimeout": "1s",
    "clusterPushpullInterval": "1s",
    "logFormat": "json",
    "logLevel": "debug",
    "externalUrl": "https://a.example.com/a",
    "web": {"getConcurrency": 3, "timeout": 3},
}
MEMBER = CLUSTER | {
    "enableFeatures": ["classic-mode"],
    "limits": {"maxSilences": 3, "maxPerSilenceBytes": "1MB"},
    "minReadySeconds": 5,
}
CONFIGURATION_MISSING = ("error loading config", "no such file or directory")


@pytest.mark.parametrize(
    ("program", "kind", "spec"),
    [
        ("prometheus", "Prometheus", SERVER | NEWER),
        ("prometheus", "Prometheus", SERVER | NEWER | UPLOADING),
        ("prometheus", "PrometheusAgent", COMMON | NEWER),
        ("prometheus-2.42", "Prometheus", SERVER | {"version": "v2.42.0"}),
        ("prometheus-2.42", "PrometheusAgent", COMMON | {"version": "v2.42.0"}),
        ("alertmanager", "Alertmanager", MEMBER),
        ("alertmanager", "Alertmanager", {}),
    ],
)
def test_the_server_takes_its_flags(
    tmp_path: Path, tool: Callable[[str], Path], program: str, kind: str, spec: dict[str, Any]
) -> None:
    stateful_set = one(made(tmp_path, kind, spec), "StatefulSet")
    flags = containers(stateful_set)["alertmanager" if kind == "Alertmanager" else "prometheus"]["args"]
    ran = subprocess.run([tool(program), *flags], capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path)
    assert ran.returncode != 0
    assert all(words in ran.stderr.lower() for words in CONFIGURATION_MISSING), ran.stderr
