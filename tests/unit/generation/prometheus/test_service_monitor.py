"""ServiceMonitors: what is refused, and how discovery, clients, relabelings and limits come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.api.service_monitor import ServiceMonitor
from render.findings import Rejection
from render.generation.prometheus import service_monitor
from tests.unit.generation.prometheus.workloads import monitor, secret, server

if TYPE_CHECKING:
    from render.generation.fields import Block


def _job(
    endpoint: dict[str, Any], version: str = "v3.13.2", *, workload: dict[str, Any] | None = None, **spec: object
) -> Block:
    this = server(version, **(workload or {}))
    found = monitor(ServiceMonitor, **({"selector": {}, "endpoints": [endpoint]} | spec))
    service_monitor.check(found, this)
    (job,) = service_monitor.generate(found, this)
    return job


def _targets(job: Block) -> dict[str, list[Any]]:
    """The steps of a job by the label that they write."""
    out: dict[str, list[Any]] = {}
    for step in job["relabel_configs"]:
        out.setdefault(step.get("target_label", step.get("action")), []).append(step)
    return out


def test_order_of_a_job() -> None:
    job = _job(
        {
            "authorization": {"credentials": secret()},
            "enableHttp2": False,
            "followRedirects": True,
            "honorTimestamps": True,
            "interval": "1m",
            "metricRelabelings": [{"action": "drop", "regex": "a"}],
            "params": {"a10": ["x"], "a9": ["y"]},
            "path": "/m",
            "proxyUrl": "http://p:3128",
            "scheme": "HTTPS",
            "scrapeTimeout": "10s",
            "tlsConfig": {"insecureSkipVerify": True},
            "trackTimestampsStaleness": False,
        },
        bodySizeLimit="1MB",
        sampleLimit=5,
        fallbackScrapeProtocol="PrometheusProto",
        scrapeProtocols=["PrometheusText1.0.0"],
        nativeHistogramMinBucketFactor="1100m",
    )
    assert list(job) == [
        "job_name", "honor_labels", "honor_timestamps", "track_timestamps_staleness", "kubernetes_sd_configs",
        "scrape_interval", "scrape_timeout", "metrics_path", "params", "scheme", "follow_redirects", "enable_http2",
        "proxy_url", "tls_config", "authorization", "relabel_configs", "sample_limit",
        "native_histogram_min_bucket_factor", "scrape_protocols", "fallback_scrape_protocol", "body_size_limit",
        "metric_relabel_configs",
    ]  # fmt: skip
    assert job["job_name"] == "serviceMonitor/team-a/web/0"
    assert job["scheme"] == "https"
    assert list(job["params"]) == ["a9", "a10"]
    assert job["authorization"] == {"type": "Bearer", "credentials": "t0k3n"}
    assert job["native_histogram_min_bucket_factor"] == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("selector", "workload", "namespaces"),
    [
        (None, {}, {"names": ["team-a"]}),
        ({"any": True}, {}, None),
        ({"matchNames": ["x", "y"]}, {}, {"names": ["x", "y"]}),
        ({"any": True}, {"ignoreNamespaceSelectors": True}, {"names": ["team-a"]}),
    ],
)
def test_namespaces_of_the_targets(selector: object, workload: dict[str, Any], namespaces: object) -> None:
    spec: dict[str, Any] = {} if selector is None else {"namespaceSelector": selector}
    (discovery,) = _job({}, workload=workload, **spec)["kubernetes_sd_configs"]
    assert discovery.get("namespaces") == namespaces


@pytest.mark.parametrize(
    ("own", "workload", "version", "role"),
    [
        (None, None, "v3.13.2", "endpoints"),
        (None, "EndpointSlice", "v3.13.2", "endpointslice"),
        ("Endpoints", "EndpointSlice", "v3.13.2", "endpoints"),
        ("EndpointSlice", None, "v3.13.2", "endpointslice"),
        ("EndpointSlice", None, "v2.20.0", "endpoints"),
    ],
)
def test_role_of_discovery(own: str | None, workload: str | None, version: str, role: str) -> None:
    spec = {"serviceDiscoveryRole": own} if own else {}
    job = _job({"port": "web"}, version, workload={"serviceDiscoveryRole": workload} if workload else {}, **spec)
    assert job["kubernetes_sd_configs"][0]["role"] == role
    assert job["relabel_configs"][1]["source_labels"] == [f"__meta_kubernetes_{role.rstrip('s')}_port_name"]


SELECTOR = {
    "matchLabels": {"b/c": "1", "a": "2"},
    "matchExpressions": [
        {"key": "env", "operator": "In", "values": ["prod", "dev"]},
        {"key": "env", "operator": "NotIn", "values": ["test"]},
        {"key": "tier", "operator": "Exists"},
        {"key": "old", "operator": "DoesNotExist"},
    ],
}


def test_the_selector_as_relabelings() -> None:
    steps = _job({}, selector=SELECTOR)["relabel_configs"][1:7]
    assert [
        (step["action"], step["source_labels"][0].removeprefix("__meta_kubernetes_service_"), step["regex"])
        for step in steps
    ] == [
        ("keep", "label_a", "(2);true"),
        ("keep", "label_b_c", "(1);true"),
        ("keep", "label_env", "(prod|dev);true"),
        ("drop", "label_env", "(test);true"),
        ("keep", "labelpresent_tier", "true"),
        ("drop", "labelpresent_old", "true"),
    ]


def test_the_selector_for_the_api_server() -> None:
    job = _job({}, selector=SELECTOR, selectorMechanism="RoleSelector")
    label = "a=2,b/c=1,env in (dev,prod),env notin (test),!old,tier"
    assert job["kubernetes_sd_configs"][0]["selectors"] == [
        {"role": "endpoints", "label": label},
        {"role": "service", "label": label},
    ]
    assert not any("service_label" in str(step) for step in job["relabel_configs"])


@pytest.mark.parametrize(
    ("endpoint", "keep", "label"),
    [
        ({"port": "web", "targetPort": 8080}, "web", "web"),
        ({"targetPort": 8080}, 8080, "8080"),
        ({"targetPort": "8080"}, "8080", "8080"),
        ({"targetPort": 0}, None, "0"),
        ({}, None, None),
    ],
)
def test_ports(endpoint: dict[str, Any], keep: int | str | None, label: str | None) -> None:
    steps = _targets(_job(endpoint | {"filterRunning": False}))
    assert [step["regex"] for step in steps.get("keep", [])[:-2]] == ([] if keep is None else [keep])
    assert [step["replacement"] for step in steps.get("endpoint", [])] == ([] if label is None else [label])


def test_labels_copied_to_the_target() -> None:
    job = _job(
        {}, workload={"podTargetLabels": ["all"]}, targetLabels=["x/y"], podTargetLabels=["p"], jobLabel="k8s-app"
    )
    steps = _targets(job)
    assert steps["x_y"][0]["source_labels"] == ["__meta_kubernetes_service_label_x_y"]
    assert steps["p"][0]["source_labels"] == ["__meta_kubernetes_pod_label_p"]
    assert steps["all"][0]["source_labels"] == ["__meta_kubernetes_pod_label_all"]
    assert steps["job"][1]["source_labels"] == ["__meta_kubernetes_service_label_k8s_app"]


@pytest.mark.parametrize(
    ("version", "own", "enforced", "limit"),
    [
        ("v3.0.0", 10, 5, 5),
        ("v3.0.0", 5, 10, 5),
        ("v3.0.0", 0, 10, None),
        ("v2.44.0", 0, 10, 10),
        ("v2.44.0", None, 10, 10),
        ("v3.0.0", 0, 0, 0),
        ("v2.26.0", 5, None, None),
    ],
)
def test_limits(version: str, own: int | None, enforced: int | None, limit: int | None) -> None:
    spec = {} if own is None else {"labelLimit": own}
    assert _job({}, version, workload={"enforcedLabelLimit": enforced}, **spec).get("label_limit") == limit


@pytest.mark.parametrize(("own", "limit"), [(None, "1GB"), ("512MB", "512MB"), ("2GB", "1GB"), ("1GiB", "1GiB")])
def test_body_size_limit(own: str | None, limit: str) -> None:
    spec = {} if own is None else {"bodySizeLimit": own}
    assert _job({}, workload={"enforcedBodySizeLimit": "1GB"}, **spec)["body_size_limit"] == limit


def test_headers_of_a_proxy_are_written_even_if_there_are_none() -> None:
    assert _job({"proxyUrl": "http://p:3128", "proxyConnectHeader": {}})["proxy_connect_header"] == {}


def test_overrides() -> None:
    job = _job({"honorLabels": True}, workload={"overrideHonorLabels": True, "overrideHonorTimestamps": True})
    assert job["honor_labels"] is False
    assert job["honor_timestamps"] is False


def test_classic_histograms_changed_their_name() -> None:
    assert _job({}, "v2.45.0", scrapeClassicHistograms=True)["scrape_classic_histograms"] is True
    assert _job({}, "v3.0.0-rc.0", scrapeClassicHistograms=True)["always_scrape_classic_histograms"] is True


@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        ({"bearerTokenFile": "/token"}, "spec.endpoints[0]"),
        ({"tlsConfig": {"caFile": "/ca"}}, "spec.endpoints[0]"),
    ],
)
def test_files_of_the_server_can_be_forbidden(endpoint: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        _job(endpoint, workload={"arbitraryFSAccessThroughSMs": {"deny": True}})
    assert refused.value.field == field
    _job(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "spec", "version", "field"),
    [
        ({"bearerTokenSecret": secret("none")}, {}, "v3.5.0", "spec.endpoints[0].bearerTokenSecret"),
        ({"basicAuth": {"username": secret("user")}}, {}, "v3.5.0", "spec.endpoints[0].basicAuth.password"),
        ({"scrapeTimeout": "31s"}, {}, "v3.5.0", "spec.endpoints[0].scrapeTimeout"),
        ({"relabelings": [{}]}, {}, "v3.5.0", "spec.endpoints[0].relabelings[0].targetLabel"),
        ({"metricRelabelings": [{}]}, {}, "v3.5.0", "spec.endpoints[0].metricRelabelings[0].targetLabel"),
        ({"noProxy": "x"}, {}, "v3.5.0", "spec.endpoints[0]"),
        ({}, {"scrapeClass": "none"}, "v3.5.0", "spec.scrapeClass"),
        ({}, {"selectorMechanism": "RoleSelector"}, "v2.16.0", "spec.selectorMechanism"),
        ({}, {"selector": {"matchLabels": {"a": "not a value"}}}, "v3.5.0", "spec.selector.matchLabels"),
    ],
)
def test_refused(endpoint: dict[str, Any], spec: dict[str, Any], version: str, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        _job(endpoint, version, **spec)
    assert refused.value.field == field
