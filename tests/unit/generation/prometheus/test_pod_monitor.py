"""PodMonitors: where they differ from ServiceMonitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.api.pod_monitor import PodMonitor
from render.findings import Rejection
from render.generation.prometheus import pod_monitor
from tests.unit.generation.prometheus.workloads import monitor, secret, server

if TYPE_CHECKING:
    from render.generation.fields import Block


def _job(
    endpoint: dict[str, Any], *, workload: dict[str, Any] | None = None, agent: bool = False, **spec: object
) -> Block:
    this = server(agent=agent, **(workload or {}))
    found = monitor(PodMonitor, **({"selector": {}, "podMetricsEndpoints": [endpoint]} | spec))
    pod_monitor.check(found, this)
    (job,) = pod_monitor.generate(found, this)
    return job


def test_order_of_the_client_blocks() -> None:
    job = _job(
        {
            "basicAuth": {"username": secret("user"), "password": secret("password")},
            "followRedirects": True,
            "proxyUrl": "http://p:3128",
            "tlsConfig": {"serverName": "x"},
        },
        workload={"scrapeClasses": [{"name": "c", "default": True, "authorization": {"credentialsFile": "/t"}}]},
    )
    keys = [key for key in job if key not in {"job_name", "honor_labels", "kubernetes_sd_configs", "relabel_configs"}]
    assert keys == ["follow_redirects", "tls_config", "basic_auth", "proxy_url", "authorization"]
    assert job["basic_auth"] == {"username": "alice", "password": "swordfish"}


def test_identity_of_a_pod() -> None:
    steps = _job({"port": "web"}, selector={"matchLabels": {"app": "x"}})["relabel_configs"]
    assert [step.get("target_label", step.get("regex")) for step in steps[:9]] == [
        "__tmp_prometheus_job_name", "(Failed|Succeeded)", "(x);true", "web", "namespace", "container", "pod", "job",
        "endpoint",
    ]  # fmt: skip
    assert steps[7]["replacement"] == "team-a/web"


@pytest.mark.parametrize(
    ("endpoint", "keep", "label"),
    [
        ({"port": "web", "portNumber": 1}, "web", "web"),
        ({"portNumber": 9090}, 9090, None),
        ({"portNumber": 9090, "targetPort": "x"}, 9090, "x"),
        ({"targetPort": "x"}, "x", "x"),
    ],
)
def test_ports(endpoint: dict[str, Any], keep: int | str, label: str | None) -> None:
    steps = _job(endpoint)["relabel_configs"]
    assert steps[2]["regex"] == keep
    assert [step["replacement"] for step in steps if step.get("target_label") == "endpoint"] == (
        [label] if label else []
    )


def test_no_endpoints_make_no_jobs() -> None:
    assert pod_monitor.generate(monitor(PodMonitor, selector={}), server()) == []


def test_an_agent_on_every_node_looks_at_its_own_pods() -> None:
    spec = {"selector": {"matchLabels": {"a": "b"}}, "selectorMechanism": "RoleSelector"}
    job = _job({}, agent=True, workload={"mode": "DaemonSet"}, **spec)
    assert job["kubernetes_sd_configs"][0]["selectors"] == [
        {"role": "pod", "field": "spec.nodeName=$(NODE_NAME)"},
        {"role": "pod", "label": "a=b"},
    ]


def test_a_token_without_a_key_is_left_out() -> None:
    assert "bearer_token" not in _job({"bearerTokenSecret": secret("")})
    assert _job({"bearerTokenSecret": secret()})["bearer_token"] == "t0k3n"  # noqa: S105 - made up


@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        ({"authorization": {}}, "spec.podMetricsEndpoints[0].authorization"),
        ({"tlsConfig": {"cert": {"secret": secret()}}}, "spec.podMetricsEndpoints[0].tlsConfig"),
        ({"interval": "10s", "scrapeTimeout": "11s"}, "spec.podMetricsEndpoints[0].scrapeTimeout"),
    ],
)
def test_refused(endpoint: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        _job(endpoint)
    assert refused.value.field == field
