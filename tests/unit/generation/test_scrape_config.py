"""ScrapeConfigs: which are accepted, and what their job says, kind of discovery by kind of discovery."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec
import pytest

from render import versions
from render.api.prometheus import Prometheus
from render.api.scrape_config import ScrapeConfig, ScrapeConfigSpec
from render.findings import ObjectKey, Rejection, Report
from render.generation.prometheus import scrape_classes, scrape_config
from render.generation.prometheus.discovery import KINDS
from render.generation.prometheus.server import Server
from render.objects.index import Object, Objects, Payload
from render.options import Options
from render.selection.references import References
from render.sources.document import Origin

ORIGIN = Origin("job.yaml", 0, 1)
KEY = ObjectKey("ScrapeConfig", "shop", "job")
USER = {"name": "login", "key": "user"}
PASSWORD = {"name": "login", "key": "password"}
MISSING = {"name": "nowhere", "key": "user"}
BASIC_AUTH = {"username": USER, "password": PASSWORD}
OAUTH2 = {"clientId": {"secret": USER}, "clientSecret": PASSWORD, "tokenUrl": "https://id.example/token"}

Spec: TypeAlias = Any
"""Fields of a spec as YAML has them."""

STEP = {"source_labels": ["job"], "target_label": "__tmp_prometheus_job_name"}


def _server(version: str = "v3.13.2", *, faults: bool = False, **spec: Spec) -> Server:
    raw = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Prometheus",
        "metadata": {"name": "main", "namespace": "observe"},
        "spec": spec,
    }
    value = msgspec.convert(raw, Prometheus)
    objects = Objects()
    secret = ObjectKey("Secret", "shop", "login")
    objects.secrets["shop", "login"] = Payload(secret, {"user": "ann", "password": "example"}, {}, ORIGIN)
    key = ObjectKey("Prometheus", "observe", "main")
    references = References(objects, reference_faults=faults)
    server = Server(key, value.metadata, value.spec, versions.parse(version), Options(), references, Report())
    server.scrape_classes, server.default_scrape_class = scrape_classes.by_name(server)
    return server


def _config(**spec: Spec) -> Object[ScrapeConfig]:
    raw = {
        "apiVersion": "monitoring.coreos.com/v1alpha1",
        "kind": "ScrapeConfig",
        "metadata": {"name": KEY.name, "namespace": KEY.namespace},
        "spec": spec,
    }
    return Object(KEY, msgspec.convert(raw, ScrapeConfig), ORIGIN)


def _job(server: Server | None = None, **spec: Spec) -> dict[str, Any]:
    """The job of an accepted ScrapeConfig."""
    server = server or _server()
    config = _config(**spec)
    scrape_config.check(config, server)
    (job,) = scrape_config.generate(config, server)
    return job


def _entry(kind: str, entry: dict[str, Any], server: Server | None = None) -> dict[str, Any]:
    """The one entry of a kind of discovery; its keys in order are what the tests compare."""
    of = next(known.of for known in KINDS if known.key == kind)
    (written,) = _job(server, **{of: [entry]})[kind]
    return dict(written)


def _rejection(server: Server | None = None, **spec: Spec) -> Rejection:
    with pytest.raises(Rejection) as raised:
        scrape_config.check(_config(**spec), server or _server())
    return raised.value


def test_an_empty_one_is_a_job_all_the_same() -> None:
    assert _job() == {"job_name": "scrapeConfig/shop/job", "relabel_configs": [STEP]}


def test_every_field_of_every_kind_of_discovery_is_read_by_a_row() -> None:
    entries = {
        field.name: field.type for field in msgspec.structs.fields(ScrapeConfigSpec) if field.name.endswith("Configs")
    }
    assert {kind.of for kind in KINDS} == set(entries)
    for kind in KINDS:
        listed: Any = msgspec.inspect.type_info(entries[kind.of])
        (items,) = (part for part in listed.types if hasattr(part, "item_type"))
        fields = {field.name for field in items.item_type.fields}
        unread = {"tlsConfig", "followRedirects", "enableHTTP2"} if kind.of == "azureSDConfigs" else set()
        assert fields - {row.attribute for row in kind.rows} == unread, kind.of


def test_keys_stand_in_the_order_of_the_reference() -> None:
    job = _job(
        honorLabels=True,
        honorTimestamps=False,
        scheme="HTTPS",
        metricsPath="/m",
        basicAuth=BASIC_AUTH,
        sampleLimit=5,
        bodySizeLimit="1MB",
        scrapeClassicHistograms=True,
        staticConfigs=[{"targets": ["a:1"]}],
        httpSDConfigs=[{"url": "http://a.example"}],
        nameValidationScheme="UTF8",
        nameEscapingScheme="AllowUTF8",
    )
    assert list(job) == [
        "job_name",
        "honor_timestamps",
        "honor_labels",
        "metrics_path",
        "scheme",
        "basic_auth",
        "sample_limit",
        "always_scrape_classic_histograms",
        "body_size_limit",
        "static_configs",
        "http_sd_configs",
        "relabel_configs",
        "metric_name_validation_scheme",
        "metric_name_escaping_scheme",
    ]
    assert job["scheme"] == "https"
    assert job["basic_auth"] == {"username": "ann", "password": "example"}
    assert job["metric_name_escaping_scheme"] == "allow-utf-8"


def test_the_server_overrides_what_is_honored() -> None:
    server = _server(overrideHonorLabels=True, overrideHonorTimestamps=True)
    job = _job(server, honorLabels=True, honorTimestamps=True)
    assert (job["honor_labels"], job["honor_timestamps"]) == (False, False)


def test_the_jobs_name_and_the_class_come_before_the_users_relabelings() -> None:
    server = _server(scrapeClasses=[{"name": "c", "relabelings": [{"targetLabel": "a", "replacement": "1"}]}])
    job = _job(server, scrapeClass="c", jobName="mine", relabelings=[{"targetLabel": "b", "replacement": "2"}])
    assert [step["target_label"] for step in job["relabel_configs"]] == ["__tmp_prometheus_job_name", "a", "job", "b"]


def test_the_enforced_label_needs_relabelings_of_the_user_but_metrics_get_it_always() -> None:
    server = _server(enforcedNamespaceLabel="team")
    enforced = {"target_label": "team", "replacement": "shop"}
    without = _job(server)
    assert without["relabel_configs"] == [STEP]
    assert without["metric_relabel_configs"] == [enforced]
    assert _job(server, relabelings=[{"targetLabel": "b", "replacement": "2"}])["relabel_configs"][-1] == enforced


def test_targets_are_spread_over_shards_unless_the_user_does_it() -> None:
    server = _server(shards=2)
    assert any(step.get("modulus") == 2 for step in _job(server)["relabel_configs"])
    own = {"action": "HashMod", "modulus": 7, "sourceLabels": ["a"], "targetLabel": "__tmp_hash"}
    assert [step.get("modulus") for step in _job(server, relabelings=[own])["relabel_configs"]] == [None, 7]


def test_an_unknown_class_and_a_timeout_above_the_servers_interval_are_refused() -> None:
    assert _rejection(scrapeClass="nowhere").field == "spec.scrapeClass"
    assert _rejection(_server(scrapeInterval="10s"), scrapeTimeout="11s").field == "spec.scrapeTimeout"


@pytest.mark.parametrize("version", ["v2.27.0", "v2.30.0", "v2.39.1"])
def test_old_servers_take_no_scrape_config_at_all(version: str) -> None:
    assert _rejection(_server(version)).code == "version-unsupported"
    assert _job(_server("v2.40.0"))["job_name"]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"consulSDConfigs": [{"server": "a", "tokenRef": MISSING}]}, "spec.consulSDConfigs[0].tokenRef"),
        ({"ec2SDConfigs": [{}, {"secretKey": MISSING}]}, "spec.ec2SDConfigs[1].secretKey"),
        ({"dnsSDConfigs": [{"names": ["a"], "type": "A"}]}, "spec.dnsSDConfigs[0].port"),
        ({"kumaSDConfigs": [{"server": "aaa"}]}, "spec.kumaSDConfigs[0].server"),
        ({"puppetDBSDConfigs": [{"url": "ftp://a", "query": "q"}]}, "spec.puppetDBSDConfigs[0].url"),
        ({"httpSDConfigs": [{"url": "http://a", "noProxy": "b"}]}, "spec.httpSDConfigs[0]"),
        ({"azureSDConfigs": [{"subscriptionID": "s"}]}, "spec.azureSDConfigs[0].tenantID"),
        (
            {"kubernetesSDConfigs": [{"role": "Pod", "apiServer": "a", "namespaces": {"ownNamespace": True}}]},
            "spec.kubernetesSDConfigs[0].namespaces.ownNamespace",
        ),
        (
            {"kubernetesSDConfigs": [{"role": "Node", "selectors": [{"role": "Pod"}]}]},
            "spec.kubernetesSDConfigs[0].selectors[0].role",
        ),
        (
            {"kubernetesSDConfigs": [{"role": "Node", "selectors": [{"role": "Node", "label": "a in ("}]}]},
            "spec.kubernetesSDConfigs[0].selectors[0].label",
        ),
    ],
)
def test_a_bad_entry_is_refused_with_its_path(spec: dict[str, Any], field: str) -> None:
    assert _rejection(**spec).field == field


@pytest.mark.parametrize(
    ("spec", "since", "below"),
    [
        ({"consulSDConfigs": [{"server": "a", "healthFilter": "f"}]}, "v3.11.2", "v3.11.1"),
        ({"consulSDConfigs": [{"server": "a", "filter": "f"}]}, "v3.0.0", "v2.55.1"),
        ({"dockerSDConfigs": [{"host": "unix:///d", "matchFirstNetwork": True}]}, "v2.54.1", "v2.54.0"),
        ({"hetznerSDConfigs": [{"role": "robot", "labelSelector": "a"}]}, "v3.5.0", "v3.4.0"),
        ({"kumaSDConfigs": [{"server": "http://a", "clientID": "c"}]}, "v2.50.0", "v2.49.0"),
        ({"openstackSDConfigs": [{"role": "LoadBalancer", "region": "r"}]}, "v3.2.0", "v3.1.0"),
        ({"azureSDConfigs": [{"subscriptionID": "s", "authenticationMethod": "SDK"}]}, "v2.52.0", "v2.51.0"),
        (
            {"azureSDConfigs": [{"subscriptionID": "s", "authenticationMethod": "WorkloadIdentity"}]},
            "v3.11.0",
            "v3.10.0",
        ),
    ],
)
def test_a_field_that_the_version_does_not_know_is_refused(spec: dict[str, Any], since: str, below: str) -> None:
    assert _job(_server(since), **spec)
    assert _rejection(_server(below), **spec).code == "version-unsupported"


def test_label_names_of_static_targets_follow_the_version() -> None:
    static: dict[str, Any] = {"staticConfigs": [{"targets": ["a:1"], "labels": {"my.label": "x"}}]}
    assert _rejection(_server("v2.55.1"), **static).field == "spec.staticConfigs[0].labels"
    assert _job(**static)["static_configs"] == [{"targets": ["a:1"], "labels": {"my.label": "x"}}]


def test_a_static_target_without_labels_has_an_empty_mapping() -> None:
    assert _entry("static_configs", {"targets": ["a:1"]}) == {"targets": ["a:1"], "labels": {}}


def test_keys_of_aws_are_written_only_together() -> None:
    assert "access_key" not in _entry("ec2_sd_configs", {"accessKey": USER})
    both = _entry("lightsail_sd_configs", {"accessKey": USER, "secretKey": PASSWORD, "roleARN": "arn"})
    assert list(both.items()) == [("access_key", "ann"), ("secret_key", "example"), ("role_arn", "arn")]


def test_filters_are_sorted_by_name() -> None:
    filters = [{"name": "b", "values": ["1"]}, {"name": "a", "values": ["2", "1"]}]
    written = _entry("dockerswarm_sd_configs", {"host": "unix:///d", "role": "Tasks", "filters": filters})
    assert written["filters"] == [{"name": "a", "values": ["2", "1"]}, {"name": "b", "values": ["1"]}]
    assert written["role"] == "tasks"


def test_oauth2_takes_the_place_of_the_authorization_that_ionos_demands() -> None:
    entry = {"datacenterID": "d", "authorization": {"credentials": PASSWORD}}
    assert _entry("ionos_sd_configs", entry)["authorization"] == {"type": "Bearer", "credentials": "example"}
    assert list(_entry("ionos_sd_configs", {**entry, "oauth2": OAUTH2})) == ["oauth2", "datacenter_id"]


def test_kubernetes_attaches_metadata_only_to_pods_and_endpoints() -> None:
    server = _server()
    assert _entry("kubernetes_sd_configs", {"role": "Service", "attachMetadata": {"node": True}}, server) == {
        "role": "service"
    }
    assert [finding.code for finding in server.report.findings] == ["field-dropped"]
    pod = _entry("kubernetes_sd_configs", {"role": "Pod", "attachMetadata": {}, "namespaces": {}})
    assert pod == {"role": "pod", "namespaces": {"names": []}, "attach_metadata": {"node": None}}


def test_a_record_type_that_the_version_does_not_know_is_dropped() -> None:
    entry = {"names": ["a"], "type": "NS", "port": 9}
    assert "type" not in _entry("dns_sd_configs", entry, _server("v2.48.0"))
    assert _entry("dns_sd_configs", entry, _server("v2.49.0"))["type"] == "NS"


AZURE = {"subscriptionID": "s", "authenticationMethod": "SDK"}


def test_credentials_of_azure_are_written_whatever_its_authentication() -> None:
    written = _entry("azure_sd_configs", {**AZURE, "basicAuth": BASIC_AUTH})
    assert written["basic_auth"] == {"username": "ann", "password": "example"}
    missing = {"username": MISSING, "password": PASSWORD}
    assert _rejection(azureSDConfigs=[{**AZURE, "basicAuth": missing}]).code == "reference-missing"


def test_the_faults_of_the_reference_can_be_asked_for() -> None:
    entry = {**AZURE, "basicAuth": BASIC_AUTH, "oauth2": OAUTH2, "authorization": {"credentials": PASSWORD}}
    forgotten = _entry("azure_sd_configs", entry, _server(faults=True))
    assert forgotten["basic_auth"] == {"username": "", "password": ""}
    assert forgotten["authorization"] == {"type": "Bearer"}
    assert "oauth2" not in forgotten
    known = _job(_server(faults=True), basicAuth=BASIC_AUTH, azureSDConfigs=[entry])["azure_sd_configs"][0]
    assert known["basic_auth"] == {"username": "ann", "password": "example"}
    assert list(known["oauth2"].values()) == ["ann", "example", "https://id.example/token"]


def test_azure_with_an_environment_has_no_client_settings_and_says_so() -> None:
    server = _server()
    entry = {**AZURE, "environment": "AzureCloud", "basicAuth": BASIC_AUTH, "followRedirects": True}
    assert list(_entry("azure_sd_configs", entry, server)) == [
        "environment",
        "authentication_method",
        "subscription_id",
    ]
    assert [finding.field for finding in server.report.findings] == [
        "spec.azureSDConfigs[0].followRedirects",
        "spec.azureSDConfigs[0].basicAuth",
    ]
