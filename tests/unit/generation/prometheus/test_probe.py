"""Probes: targets, parameters, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.api.probe import Probe
from render.findings import Rejection
from render.generation.prometheus import probe
from tests.unit.generation.prometheus.workloads import monitor, secret, server

if TYPE_CHECKING:
    from render.generation.fields import Block

STATIC = {"staticConfig": {"static": ["a.example"], "labels": {"x": "y"}}}
PROBER = {"url": "blackbox:9115"}


def _job(version: str = "v3.13.2", *, workload: dict[str, Any] | None = None, **spec: object) -> Block:
    this = server(version, **(workload or {}))
    found = monitor(Probe, **({"prober": PROBER, "targets": STATIC} | spec))
    probe.check(found, this)
    (job,) = probe.generate(found, this)
    return job


def test_listed_targets() -> None:
    job = _job(jobName="pings")
    assert job["static_configs"] == [{"targets": ["a.example"], "labels": {"namespace": "team-a", "x": "y"}}]
    assert [(step.get("target_label"), step.get("replacement")) for step in job["relabel_configs"][:5]] == [
        ("__tmp_prometheus_job_name", None),
        ("job", "pings"),
        ("__param_target", None),
        ("instance", None),
        ("__address__", "blackbox:9115"),
    ]
    assert job["relabel_configs"][-1]["action"] == "keep"
    assert "__param_target" in job["relabel_configs"][-3]["source_labels"]


def test_a_namespace_label_of_the_user_stays() -> None:
    job = _job(targets={"staticConfig": {"labels": {"namespace": "mine"}}})
    assert job["static_configs"] == [{"targets": [], "labels": {"namespace": "mine"}}]


def test_ingresses() -> None:
    targets = {"ingress": {"selector": {"matchLabels": {"a": "b"}}, "namespaceSelector": {"any": True}}}
    job = _job(targets=targets)
    assert job["kubernetes_sd_configs"] == [{"role": "ingress"}]
    assert job["relabel_configs"][1]["regex"] == "(b);true"
    assert job["relabel_configs"][2]["target_label"] == "__param_target"


def test_order_of_the_client_blocks() -> None:
    job = _job(
        basicAuth={"username": secret("user"), "password": secret("password")},
        authorization={"credentials": secret()},
        followRedirects=False,
        prober=PROBER | {"proxyUrl": "http://p:3128", "scheme": "HTTP"},
        tlsConfig={"insecureSkipVerify": True},
        metricRelabelings=[{"action": "drop", "regex": "a"}],
    )
    assert list(job) == [
        "job_name", "honor_timestamps", "metrics_path", "scheme", "proxy_url", "follow_redirects", "tls_config",
        "static_configs", "relabel_configs", "basic_auth", "authorization", "metric_relabel_configs",
    ]  # fmt: skip


def test_the_module_goes_before_a_parameter_of_that_name() -> None:
    params = [{"name": "debug"}, {"name": "module", "values": ["other"]}]
    assert _job(module="http_2xx", params=params)["params"] == {"module": ["http_2xx"], "debug": []}
    assert _job(params=params)["params"] == {"debug": [], "module": ["other"]}


def test_timestamps_are_honored_unless_overridden() -> None:
    assert _job()["honor_timestamps"] is True
    assert _job(workload={"overrideHonorTimestamps": True})["honor_timestamps"] is False


@pytest.mark.parametrize(
    ("spec", "version", "field"),
    [
        ({"targets": {}}, "v3.5.0", "spec.targets"),
        ({"prober": {"url": "http://x"}}, "v3.5.0", "spec.prober.url"),
        ({"prober": None}, "v3.5.0", "spec.prober.url"),
        ({"prober": PROBER | {"noProxy": "x"}}, "v3.5.0", "spec.prober"),
        ({"bearerTokenSecret": secret("none")}, "v3.5.0", "spec.bearerTokenSecret"),
        ({"scrapeTimeout": "1h"}, "v3.5.0", "spec.scrapeTimeout"),
        ({"targets": {"staticConfig": {"labels": {"a-b": "c"}}}}, "v2.55.0", "spec.targets.staticConfig.labels"),
        (
            {"targets": {"ingress": {"relabelingConfigs": [{}]}}},
            "v3.5.0",
            "spec.targets.ingress.relabelingConfigs[0].targetLabel",
        ),
    ],
)
def test_refused(spec: dict[str, Any], version: str, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        _job(version, **spec)
    assert refused.value.field == field
