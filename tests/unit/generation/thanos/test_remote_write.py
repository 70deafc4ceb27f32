"""What a ThanosRuler of each version writes of its `remoteWrite`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from render.api.thanos_ruler import ThanosRuler
from render.findings import ObjectKey, Rejection, Report
from render.generation.thanos import remote_write
from render.generation.thanos.ruler import Ruler, open_ruler
from render.objects.index import Object, Objects, Payload
from render.options import Options
from render.selection.references import References
from render.sources.document import Origin
from tests.certificates import make_pair

URL = "http://receive.example/write"
ORIGIN = Origin("r.yaml", 0, 1)
UUID = "00000000-0000-0000-0000-000000000001"


def _ruler(version: str, **target: object) -> Ruler:
    spec = {"version": version, "remoteWrite": [{"url": URL, **target}]}
    raw = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ThanosRuler",
        "metadata": {"name": "r", "namespace": "n"},
        "spec": spec,
    }
    value = msgspec.convert(raw, ThanosRuler)
    workload = Object(ObjectKey("ThanosRuler", "n", "r"), value, ORIGIN)
    return open_ruler(workload, Objects(), Options(), Report())


def _written(version: str, **target: object) -> dict[str, Any]:
    (block,) = remote_write.configuration(_ruler(version, **target))["remote_write"]
    assert isinstance(block, dict)
    return block


@pytest.mark.parametrize(
    ("since", "before", "target", "key"),
    [
        ("v0.38.0", "v0.37.2", {"roundRobinDNS": True}, "round_robin_dns"),
        ("v0.37.0", "v0.36.1", {"messageVersion": "V2.0"}, "protobuf_message"),
        ("v0.32.0", "v0.31.0", {"proxyUrl": "http://p", "noProxy": "a"}, "no_proxy"),
        ("v0.32.0", "v0.31.0", {"proxyFromEnvironment": False}, "proxy_from_environment"),
        ("v0.31.0", "v0.30.2", {"azureAd": {"managedIdentity": {"clientId": UUID}}}, "azuread"),
        ("v0.30.0", "v0.29.0", {"sendNativeHistograms": False}, "send_native_histograms"),
    ],
)
def test_a_field_is_written_from_its_first_version_on(
    since: str, before: str, target: dict[str, Any], key: str
) -> None:
    assert key in _written(since, **target)
    ruler = _ruler(before, **target)
    assert key not in remote_write.configuration(ruler)["remote_write"][0]
    assert [finding.code for finding in ruler.report.findings] == ["field-dropped"]


@pytest.mark.parametrize(
    ("since", "before", "target", "path"),
    [
        ("v0.32.0", "v0.31.0", {"queueConfig": {"sampleAgeLimit": "5m"}}, ("queue_config", "sample_age_limit")),
        ("v0.30.0", "v0.29.0", {"tlsConfig": {"maxVersion": "TLS13"}}, ("tls_config", "max_version")),
        ("v0.28.0", "v0.27.0", {"tlsConfig": {"minVersion": "TLS12"}}, ("tls_config", "min_version")),
    ],
)
def test_a_field_within_a_block_goes_alone(
    since: str, before: str, target: dict[str, Any], path: tuple[str, str]
) -> None:
    block, key = path
    assert key in _written(since, **target)[block]
    assert _written(before, **target)[block] == {}


def test_fields_of_a_target_itself_stay_where_the_operators_faults_are_asked_for() -> None:
    ruler = _ruler("v0.29.0", roundRobinDNS=True, tlsConfig={"maxVersion": "TLS13"})
    ruler.references = References(Objects(), reference_faults=True)
    (target,) = remote_write.configuration(ruler)["remote_write"]
    assert (target["round_robin_dns"], target["tls_config"]) == (True, {})


def test_fields_that_no_thanos_knows_are_left_out_with_a_warning() -> None:
    azure = {"managedIdentity": {"clientId": UUID}, "scope": "https://monitor.azure.com//.default"}
    ruler = _ruler("v0.42.4", azureAd=azure)
    assert remote_write.configuration(ruler)["remote_write"][0]["azuread"] == {"managed_identity": {"client_id": UUID}}
    assert "no version of Thanos" in ruler.report.findings[0].message


def test_retries_are_written_whatever_the_version_of_prometheus() -> None:
    assert _written("v0.42.4", queueConfig={"maxRetries": 2})["queue_config"] == {"max_retries": 2}


@pytest.mark.parametrize(("faults", "folder"), [(False, "/etc/thanos/certs"), (True, "/etc/prometheus/certs")])
def test_certificates_are_named_where_the_pod_has_them(folder: str, *, faults: bool) -> None:
    ruler = _ruler("v0.42.4", tlsConfig={"ca": {"configMap": {"name": "trust", "key": "ca.crt"}}})
    objects = Objects()
    key = ObjectKey("ConfigMap", "n", "trust")
    objects.config_maps["n", "trust"] = Payload(key, {"ca.crt": make_pair().certificate.decode()}, {}, ORIGIN)
    ruler.references = References(objects, reference_faults=faults)
    (target,) = remote_write.configuration(ruler)["remote_write"]
    assert target["tls_config"] == {"ca_file": f"{folder}/1_n_trust_ca.crt"}
    assert list(ruler.references.assets) == ["1_n_trust_ca.crt"]


def test_no_target_gives_an_empty_list_for_any_version() -> None:
    ruler = _ruler("v0.10.0")
    ruler.spec = msgspec.structs.replace(ruler.spec, remoteWrite=None)
    assert remote_write.configuration(ruler) == {"remote_write": []}


@pytest.mark.parametrize(
    ("version", "target", "field"),
    [
        ("v0.23.1", {}, "spec.remoteWrite"),
        (
            "v0.39.2",
            {"azureAd": {"managedIdentity": {}}},
            "spec.remoteWrite[0].azureAd.managedIdentity.clientId",
        ),
        (
            "v0.42.4",
            {"azureAd": {"workloadIdentity": {"clientId": UUID, "tenantId": UUID}}},
            "spec.remoteWrite[0].azureAd",
        ),
        ("v0.42.4", {"noProxy": "a"}, "spec.remoteWrite[0]"),
    ],
)
def test_a_target_is_refused(version: str, target: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        remote_write.configuration(_ruler(version, **target))
    assert refused.value.field == field


def test_a_version_that_is_none_fails_the_ruler() -> None:
    with pytest.raises(Rejection, match="not a version"):
        _ruler("latest")
