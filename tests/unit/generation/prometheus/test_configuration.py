"""The parts of a server's configuration beside its jobs: what is written, since when, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.api.common_prometheus import OTLPConfig, RuntimeConfig, TracingConfig
from render.api.http_client import AzureAD
from render.api.prometheus import AlertmanagerEndpoints, RemoteReadSpec
from render.api.remote_write import MetadataConfig, QueueConfig, RemoteWriteSpec
from render.findings import Rejection
from render.generation.prometheus import (
    additional_configs,
    agent,
    alerting,
    api_server,
    global_settings,
    otlp,
    prometheus,
    remote_read,
    remote_write,
    runtime,
    storage,
    tracing,
)
from render.options import FEATURE_GATES, Options
from render.output import goyaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import msgspec

    from render.generation.fields import Row
    from render.generation.prometheus.server import Server

    Serve = Callable[..., Server]

TARGET = {"url": "http://store.example/write"}
USER = {"name": "login", "key": "user"}
PASSWORD = {"name": "login", "key": "password"}
LOGIN = {"login": {"user": "ann", "password": "s3cr3t"}}


def test_keys_of_a_prometheus_stand_in_the_order_of_the_operator(serve: Serve) -> None:
    spec = {
        "tracingConfig": {"endpoint": "otel:4317"},
        "otlp": {"promoteScopeMetadata": True},
        "remoteRead": [TARGET],
        "remoteWrite": [TARGET],
        "alerting": {"alertmanagers": []},
        "ruleSelector": {},
        "runtime": {"goGC": 50},
    }
    written = prometheus.configuration(
        serve(spec), {"Probe": [{"job_name": "b"}], "ServiceMonitor": [{"job_name": "a"}]}, ["r-0"]
    )
    assert list(written) == [
        "global", "runtime", "rule_files", "scrape_configs", "storage", "alerting", "remote_write", "remote_read",
        "otlp", "tracing",
    ]  # fmt: skip
    assert written["rule_files"] == ["/etc/prometheus/rules/r-0/*.yaml"]
    assert [job["job_name"] for job in written["scrape_configs"]] == ["a", "b"]


def test_an_agent_has_one_storage_block_unless_the_fault_of_the_operator_is_asked_for(serve: Serve) -> None:
    spec = {"tsdb": {"outOfOrderTimeWindow": "5m", "staleSeriesCompactionThreshold": "0.5"}}

    def written(options: Options) -> str:
        text = goyaml.dumps(agent.configuration(serve(spec, kind="PrometheusAgent", options=options), {}))
        return text[text.index("storage:") :]

    window, share = "    out_of_order_time_window: 5m\n", "    stale_series_compaction_threshold: 0.5\n"
    begin = "storage:\n  tsdb:\n"
    assert written(Options()) == begin + window + share
    assert written(Options(reference_faults=True)) == begin + window + begin + share


def test_an_agent_puts_the_additional_jobs_between_pod_monitors_and_the_rest(serve: Serve) -> None:
    spec = {"additionalScrapeConfigs": {"name": "more", "key": "jobs"}}
    server = serve(spec, {"more": {"jobs": "- job_name: extra"}}, kind="PrometheusAgent")
    jobs = {"ServiceMonitor": [{"job_name": "service"}], "PodMonitor": [{"job_name": "pod"}]}
    assert [job["job_name"] for job in agent.configuration(server, jobs)["scrape_configs"]] == [
        "pod",
        "extra",
        "service",
    ]


def test_an_agent_writes_its_storage_once(serve: Serve) -> None:
    tsdb = {
        "outOfOrderTimeWindow": "10m",
        "staleSeriesCompactionThreshold": "250m",
        "chunkEncoding": {"floats": "Xor2"},
    }
    written = storage.block(serve({"tsdb": tsdb}, kind="PrometheusAgent"))
    assert written == {
        "tsdb": {
            "out_of_order_time_window": "10m",
            "stale_series_compaction_threshold": 0.25,
            "chunk_encoding": {"floats": "xor2"},
        },
    }


def test_a_daemon_set_needs_its_feature_gate(serve: Serve) -> None:
    gates = {**FEATURE_GATES, "PrometheusAgentDaemonSet": True}
    agent.check(serve({"mode": "DaemonSet"}, kind="PrometheusAgent", options=Options(feature_gates=gates)))
    with pytest.raises(Rejection, match="feature gate"):
        agent.check(serve({"mode": "DaemonSet"}, kind="PrometheusAgent"))


def test_external_labels_of_the_operator_cannot_be_replaced(serve: Serve) -> None:
    server = serve({"externalLabels": {"prometheus": "mine", "area": "eu"}, "replicaExternalLabelName": ""})
    assert list(global_settings.external_labels(server).items()) == [("area", "eu"), ("prometheus", "monitoring/main")]
    assert [finding.field for finding in server.report.findings] == ["spec.externalLabels[prometheus]"]


def test_the_zone_label_comes_with_sharding_by_topology(serve: Serve) -> None:
    strategy = {"mode": "Topology", "topology": {"values": ["a", "b"], "externalLabelName": "area"}}
    spec = {"shardingStrategy": strategy, "shards": 2}
    assert global_settings.external_labels(serve(spec))["area"] == "$(TOPOLOGY_ZONE)"
    without_zones = {"shardingStrategy": {"mode": "Topology", "topology": {}}}
    assert global_settings.external_labels(serve(without_zones))["zone"] == "$(TOPOLOGY_ZONE)"
    off = Options(feature_gates={**FEATURE_GATES, "PrometheusTopologySharding": False})
    assert "area" not in global_settings.external_labels(serve(spec, options=off))


@pytest.mark.parametrize(
    ("own", "enforced", "written"), [(10, 5, 5), (5, 10, 5), (None, 7, 7), (7, None, 7), (0, 7, 7), (0, 0, None)]
)
def test_the_lower_of_two_limits_holds_and_zero_is_none(
    serve: Serve, own: int | None, enforced: int | None, written: int | None
) -> None:
    spec = {"sampleLimit": own, "enforcedSampleLimit": enforced}
    assert global_settings.block(serve(spec)).get("sample_limit") == written


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("query.log", "/var/log/prometheus/query.log"),
        ("./q", "/var/log/prometheus/q"),
        ("/srv/q", "/srv/q"),
        ("a/q", "a/q"),
    ],
)
def test_a_log_file_without_a_folder_goes_into_the_mounted_one(serve: Serve, path: str, written: str) -> None:
    assert global_settings.block(serve({"queryLogFile": path}))["query_log_file"] == written


def test_a_scrape_ends_before_the_next_one_begins(serve: Serve) -> None:
    global_settings.check(serve({"scrapeInterval": "1m", "scrapeTimeout": "60s"}))
    with pytest.raises(Rejection, match="longer than"):
        global_settings.check(serve({"scrapeInterval": "30s", "scrapeTimeout": "31s"}))


@pytest.mark.parametrize(
    ("spec", "written"),
    [
        ({}, {"time": "24h"}),
        ({"retentionSize": "1GB"}, {"size": "1GB"}),
        ({"retention": "2d", "retentionSize": "1GB"}, {"time": "2d", "size": "1GB"}),
    ],
)
def test_retention_moved_into_the_file_with_3_11(serve: Serve, spec: dict[str, Any], written: dict[str, str]) -> None:
    assert storage.block(serve({**spec, "version": "v3.11.0"})) == {"tsdb": {"retention": written}}
    assert storage.block(serve({**spec, "version": "v3.10.0"})) is None


@pytest.mark.parametrize("share", ["2", "1Gi", "-1m"])
def test_a_share_of_stale_series_lies_between_0_and_1(serve: Serve, share: str) -> None:
    with pytest.raises(Rejection, match="share"):
        storage.check(serve({"tsdb": {"staleSeriesCompactionThreshold": share}}))


def test_xor_cannot_hold_start_timestamps(serve: Serve) -> None:
    spec = {"tsdb": {"chunkEncoding": {"floats": "Xor"}}, "enableFeatures": ["st-storage"]}
    with pytest.raises(Rejection, match="start timestamps"):
        storage.check(serve(spec))


def test_runtime_needs_2_53(serve: Serve) -> None:
    assert runtime.block(serve({"runtime": {"goGC": 25}, "version": "v2.53.0"})) == {"gogc": 25}
    assert runtime.block(serve({"runtime": {"goGC": 25}, "version": "v2.52.0"})) is None


@pytest.mark.parametrize(
    ("settings", "version", "why"),
    [
        ({"promoteScopeMetadata": True}, "v2.54.0", "2.55.0"),
        ({"translationStrategy": "NoTranslation"}, "v3.3.0", "3.4.0"),
        ({"translationStrategy": "UnderscoreEscapingWithoutSuffixes"}, "v3.5.0", "3.6.0"),
        ({"promoteAllResourceAttributes": True, "promoteResourceAttributes": ["a"]}, "v3.5.0", "exclude"),
        ({"ignoreResourceAttributes": ["a"]}, "v3.5.0", "needs promoteAll"),
    ],
)
def test_otlp_settings_that_a_server_refuses(serve: Serve, settings: dict[str, Any], version: str, why: str) -> None:
    with pytest.raises(Rejection, match=why):
        otlp.check(serve({"otlp": settings, "version": version}))


def test_otlp_settings_of_younger_servers_are_left_out(serve: Serve) -> None:
    server = serve({"otlp": {"ignoreResourceAttributes": ["a"]}, "version": "v3.4.0"})
    otlp.check(server)
    assert otlp.block(server) is None
    assert [finding.code for finding in server.report.findings] == ["field-dropped"]


def test_tracing_names_certificates_that_nobody_copies(serve: Serve) -> None:
    tls = {"ca": {"secret": {"name": "tls", "key": "ca.crt"}}}
    server = serve(
        {"tracingConfig": {"endpoint": "otel:4317", "clientType": "GRPC", "samplingFraction": "0.5", "tlsConfig": tls}}
    )
    assert tracing.block(server) == {
        "endpoint": "otel:4317",
        "client_type": "grpc",
        "sampling_fraction": 0.5,
        "tls_config": {"ca_file": "/etc/prometheus/certs/0_monitoring_tls_ca.crt"},
    }
    assert [finding.code for finding in server.report.findings] == ["tracing-tls-not-copied"]


def test_remote_write_keeps_the_order_of_the_operator(serve: Serve) -> None:
    target = {
        **TARGET,
        "queueConfig": {"capacity": 5, "maxShards": 0, "maxRetries": 3, "retryOnRateLimit": False},
        "metadataConfig": {},
        "basicAuth": {"username": USER, "password": PASSWORD},
        "remoteTimeout": "5s",
        "headers": {"b": "2", "a": "1"},
    }
    server = serve({"remoteWrite": [target]}, LOGIN)
    remote_write.check(server.spec.remoteWrite or (), server.scope)
    assert goyaml.dumps(remote_write.generate(server.spec.remoteWrite or (), server.scope)) == (
        '- url: http://store.example/write\n  remote_timeout: 5s\n  headers:\n    a: "1"\n    b: "2"\n'
        "  basic_auth:\n    username: ann\n    password: s3cr3t\n  queue_config:\n    capacity: 5\n"
        "  metadata_config:\n    send: false\n"
    )


def test_metadata_is_not_sent_apart_in_version_2(serve: Serve) -> None:
    target = {**TARGET, "messageVersion": "V2.0", "metadataConfig": {"send": True}}
    for version, sent in (("v3.0.0", False), ("v2.53.0", True)):
        server = serve({"remoteWrite": [target], "version": version})
        written = remote_write.generate(server.spec.remoteWrite or (), server.scope)
        assert written[0]["metadata_config"] == {"send": sent}


def test_sigv4_keys_are_written_when_both_have_a_value(serve: Serve) -> None:
    keys = {"accessKey": {"name": "aws", "key": "id"}, "secretKey": {"name": "aws", "key": "key"}}
    target = {**TARGET, "sigv4": {"region": "eu", **keys, "roleArn": "arn", "externalId": "x"}}
    for key, written in (("k", {"access_key": "i", "secret_key": "k"}), ("", {})):
        server = serve({"remoteWrite": [target]}, {"aws": {"id": "i", "key": key}})
        block = remote_write.generate(server.spec.remoteWrite or (), server.scope)[0]["sigv4"]
        assert block == {"region": "eu", **written, "role_arn": "arn", "external_id": "x"}


UUID = "00000000-a12b-3cd4-e56f-000000000000"
SECRET = {"name": "login", "key": "password"}


@pytest.mark.parametrize(
    ("target", "version", "why"),
    [
        ({"basicAuth": {}, "sigv4": {}}, "v3.9.0", "basicAuth and sigv4"),
        ({"azureAd": {}}, "v3.9.0", "no way"),
        ({"azureAd": {"sdk": {}, "managedIdentity": {}}}, "v3.9.0", "managedIdentity and sdk"),
        ({"azureAd": {"managedIdentity": {}}}, "v3.4.0", "clientId is needed"),
        ({"azureAd": {"sdk": {}}}, "v2.51.0", "2.52.0"),
        ({"azureAd": {"workloadIdentity": {"clientId": UUID, "tenantId": "t"}}}, "v3.9.0", "no UUID|not a UUID"),
        ({"azureAd": {"oauth": {"clientId": "me", "clientSecret": SECRET, "tenantId": "t"}}}, "v3.9.0", "not a UUID"),
        ({"sigv4": {"accessKey": SECRET}}, "v3.9.0", "together"),
        ({"proxyConnectHeader": {"x": [SECRET]}}, "v3.9.0", "proxy"),
        ({"basicAuth": {"username": USER, "password": {"name": "login", "key": "gone"}}}, "v3.9.0", "no key 'gone'"),
    ],
)
def test_remote_write_that_is_refused(serve: Serve, target: dict[str, Any], version: str, why: str) -> None:
    server = serve({"remoteWrite": [TARGET, {**TARGET, **target}], "version": version}, LOGIN)
    with pytest.raises(Rejection, match=why) as refused:
        remote_write.check(server.spec.remoteWrite or (), server.scope)
    assert refused.value.field.startswith("spec.remoteWrite[1]")


@pytest.mark.parametrize("text", [UUID, UUID.upper(), UUID.replace("-", ""), f"urn:uuid:{UUID}", f"{{{UUID}}}"])
def test_every_form_of_a_uuid_is_taken(serve: Serve, text: str) -> None:
    identity = {"oauth": {"clientId": text, "clientSecret": SECRET, "tenantId": "t"}}
    server = serve({"remoteWrite": [{**TARGET, "azureAd": identity}]}, LOGIN)
    remote_write.check(server.spec.remoteWrite or (), server.scope)


def test_remote_read_takes_several_credentials_as_the_operator_does(serve: Serve) -> None:
    source = {
        **TARGET,
        "basicAuth": {"username": USER, "password": PASSWORD},
        "authorization": {"type": "Token"},
        "readRecent": True,
    }
    server: Any = serve({"remoteRead": [source]}, LOGIN)
    remote_read.check(server.spec.remoteRead, server.scope)
    assert list(remote_read.generate(server.spec.remoteRead, server.scope)[0]) == [
        "url",
        "read_recent",
        "basic_auth",
        "authorization",
    ]


def test_an_alertmanager_is_found_by_service_and_port(serve: Serve) -> None:
    endpoint = {"name": "main", "port": "web", "scheme": "HTTPS", "apiVersion": "V2"}
    written: Any = alerting.block(serve({"alerting": {"alertmanagers": [endpoint]}, "replicaExternalLabelName": "a.b"}))
    assert written["alert_relabel_configs"] == [{"action": "labeldrop", "regex": r"a\.b"}]
    assert written["alertmanagers"] == [
        {
            "scheme": "https",
            "kubernetes_sd_configs": [{"role": "endpoints", "namespaces": {"names": ["monitoring"]}}],
            "api_version": "v2",
            "relabel_configs": [
                {"action": "keep", "source_labels": ["__meta_kubernetes_service_name"], "regex": "main"},
                {"action": "keep", "source_labels": ["__meta_kubernetes_endpoint_port_name"], "regex": "web"},
            ],
        },
    ]


@pytest.mark.parametrize(("version", "written"), [("v2.55.0", "v1"), ("v3.0.0-rc.0", None)])
def test_the_first_api_of_alertmanager_is_gone_with_3_0(serve: Serve, version: str, written: str | None) -> None:
    endpoint = {"name": "main", "port": 9093, "apiVersion": "V1"}
    block: Any = alerting.block(serve({"alerting": {"alertmanagers": [endpoint]}, "version": version}))
    assert block["alertmanagers"][0].get("api_version") == written
    assert block["alertmanagers"][0]["relabel_configs"][1]["regex"] == "9093"


def test_an_alertmanager_takes_one_credential(serve: Serve) -> None:
    endpoint = {"name": "main", "port": "web", "bearerTokenFile": "/t", "sigv4": {}}
    with pytest.raises(Rejection, match="bearerTokenFile and sigv4"):
        alerting.check(serve({"alerting": {"alertmanagers": [endpoint]}}))


def test_additional_texts_alone_make_an_alerting_block(serve: Serve) -> None:
    spec = {"additionalAlertManagerConfigs": {"name": "more", "key": "list"}}
    written: Any = alerting.block(serve(spec, {"more": {"list": "- static_configs:\n  - targets: [am:9093]"}}))
    assert written["alertmanagers"] == [{"static_configs": [{"targets": ["am:9093"]}]}]
    assert alerting.block(serve({})) is None


JOBS = {"additionalScrapeConfigs": {"name": "more", "key": "jobs"}}


def test_additional_jobs_keep_their_order_and_types(serve: Serve) -> None:
    text = "- job_name: a\n  scrape_interval: 1m\n  zebra: 1.50\n  apple: yes\n  params: {b: ['08', 010, 1e3]}\n"
    written = goyaml.dumps(additional_configs.scrape_configs(serve(JOBS, {"more": {"jobs": text}})))
    assert written == (
        "- job_name: a\n  scrape_interval: 1m\n  zebra: 1.5\n  apple: true\n"
        '  params:\n    b:\n    - "08"\n    - 8\n    - 1000\n'
    )


def test_shards_share_the_targets_of_additional_jobs(serve: Serve) -> None:
    text = (
        "- job_name: a\n  relabel_configs:\n  - action: keep\n  scheme: http\n- relabel_configs: [{action: hashmod}]\n"
    )
    first, second = additional_configs.scrape_configs(serve({**JOBS, "shards": 2}, {"more": {"jobs": text}}))
    assert list(first) == ["job_name", "scheme", "relabel_configs"]
    assert first["relabel_configs"][0] == {"action": "keep"}
    assert first["relabel_configs"][-1]["regex"].startswith("$(SHARD)")
    assert second == {"relabel_configs": [{"action": "hashmod"}]}


@pytest.mark.parametrize("text", ["a: hunter2", "- hunter2", "[hunter2", "- {a: hunter2, a: 2}", "- &a [*b, hunter2]"])
def test_additional_jobs_are_a_list_of_mappings_and_no_error_shows_them(serve: Serve, text: str) -> None:
    with pytest.raises(Rejection, match="Secret monitoring/more") as refused:
        additional_configs.scrape_configs(serve(JOBS, {"more": {"jobs": text}}))
    assert "hunter2" not in refused.value.message


def test_a_missing_secret_fails_unless_it_is_optional(serve: Serve) -> None:
    optional = {"additionalScrapeConfigs": {"name": "more", "key": "jobs", "optional": True}}
    assert additional_configs.scrape_configs(serve(optional)) == []
    with pytest.raises(Rejection, match="does not exist"):
        additional_configs.scrape_configs(serve(JOBS))


@pytest.mark.parametrize(
    ("model", "rows", "elsewhere"),
    [
        (RemoteWriteSpec, remote_write.ROWS, set()),
        (QueueConfig, remote_write.QUEUE_ROWS, set()),
        (MetadataConfig, remote_write.METADATA_ROWS, {"send"}),
        (AzureAD, remote_write.AZURE_ROWS, set()),
        (RemoteReadSpec, remote_read.ROWS, set()),
        (OTLPConfig, otlp.ROWS, set()),
        (TracingConfig, tracing.ROWS, set()),
        (RuntimeConfig, runtime.ROWS, set()),
        (
            AlertmanagerEndpoints,
            (*alerting.CLIENT_ROWS, *alerting.CREDENTIAL_ROWS, alerting.API_VERSION),
            {"name", "namespace", "port", "relabelings", "alertRelabelings"},
        ),
    ],
)
def test_every_field_of_the_api_is_read(model: type[msgspec.Struct], rows: Iterable[Row], elsewhere: set[str]) -> None:
    assert {row.attribute for row in rows} | elsewhere == set(model.__struct_fields__)


@pytest.mark.parametrize(
    "spec",
    [
        {"apiserverConfig": {"host": "https://api.example", "noProxy": "a.example"}},
        {"alerting": {"alertmanagers": [{"name": "a", "port": "web", "noProxy": "a.example"}]}},
    ],
)
def test_contradicting_proxy_settings_are_written_where_the_operators_faults_are_asked_for(
    serve: Serve, spec: dict[str, Any]
) -> None:
    def checked(options: Options) -> None:
        server = serve(spec, options=options)
        alerting.check(server)
        api_server.check(server)

    with pytest.raises(Rejection, match="noProxy needs proxyUrl"):
        checked(Options())
    checked(Options(reference_faults=True))
