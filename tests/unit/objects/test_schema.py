"""Objects right and wrong: what is refused, in which words, and what comes out decoded."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from render.api import ALL, Kind
from render.objects.schema import FieldError, check, decode, path_text, prune_nulls

V1, V1ALPHA1 = "monitoring.coreos.com/v1", "monitoring.coreos.com/v1alpha1"


def monitor(**spec: object) -> dict[str, Any]:
    return obj("ServiceMonitor", {"selector": {}, "endpoints": [], **spec})


def obj(kind: str, spec: dict[str, Any], api_version: str = V1, **metadata: object) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "shop", **metadata}, "spec": spec}


def checked(raw: dict[str, Any]) -> tuple[FieldError, ...]:
    return check(raw["apiVersion"], raw["kind"], raw)


def only(raw: dict[str, Any]) -> tuple[str, str, str]:
    """Path, message and code of the only error."""
    (error,) = checked(raw)
    return path_text(error.path), error.message, error.code


WRONG_FIELDS = [
    ({"endpoints": [{"prot": "web"}]}, "spec.endpoints[0].prot", "is no field of this kind", "unknown"),
    ({"endpoints": [{"interval": "1x"}]}, "spec.endpoints[0].interval", "'1x' is no duration", "value"),
    ({"endpoints": [{"interval": "30s\n"}]}, "spec.endpoints[0].interval", "'30s\\n' is no duration", "value"),
    ({"endpoints": [{"port": 80}]}, "spec.endpoints[0].port", "must be a string, not a number", "type"),
    (
        {"endpoints": [{"targetPort": True}]},
        "spec.endpoints[0].targetPort",
        "must be a whole number or a string",
        "type",
    ),
    ({"endpoints": {}}, "spec.endpoints", "must be a list, not a mapping", "type"),
    ({"selector": []}, "spec.selector", "must be a mapping, not a list", "type"),
    ({"podTargetLabels": [None]}, "spec.podTargetLabels[0]", "must be a string, not null", "type"),
    ({"sampleLimit": -1}, "spec.sampleLimit", "-1 must be 0 or more", "value"),
    ({"sampleLimit": 1 << 63}, "spec.sampleLimit", f"must be {(1 << 63) - 1} or less", "value"),
    ({"sampleLimit": 1.5}, "spec.sampleLimit", "must be a whole number, not a number", "type"),
    ({"scrapeClass": ""}, "spec.scrapeClass", "must not be empty", "value"),
    ({"bodySizeLimit": "1XB"}, "spec.bodySizeLimit", "'1XB' is no size in bytes", "value"),
    ({"scrapeProtocols": ["PrometheusProto"] * 2}, "spec.scrapeProtocols", "lists a value twice", "duplicate"),
    ({"scrapeProtocols": ["Proto"]}, "spec.scrapeProtocols[0]", "must be one of PrometheusProto, ", "value"),
    ({"endpoints": None}, "spec", "lacks the field endpoints", "missing"),
]


@pytest.mark.parametrize(("spec", "path", "message", "code"), WRONG_FIELDS, ids=lambda value: str(value)[:40])
def test_a_wrong_field_is_named(spec: dict[str, Any], path: str, message: str, code: str) -> None:
    found_path, found_message, found_code = only(monitor(**spec))
    assert (found_path, found_code) == (path, code)
    assert message in found_message


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"name": "Shop"}, "metadata.name"),
        ({"name": "a" * 254}, "metadata.name"),
        ({"namespace": "a.b"}, "metadata.namespace"),
        ({"labels": {"app": "a b"}}, "metadata.labels.app"),
        ({"labels": {"app": 1}}, "metadata.labels.app"),
        ({"labels": {"a b": "x"}}, 'metadata.labels["a b"]'),
        ({"labels": {"Example.com/app": "x"}}, 'metadata.labels["Example.com/app"]'),
        ({"labels": {"app": "a" * 64}}, "metadata.labels.app"),
        ({"annotations": {"a/b/c": "x"}}, 'metadata.annotations["a/b/c"]'),
        ({"annotations": {"note": "x" * (256 << 10)}}, "metadata.annotations"),
        ({"lables": {}}, "metadata.lables"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_metadata_has_the_syntax_of_kubernetes(metadata: dict[str, Any], path: str) -> None:
    assert only(obj("ServiceMonitor", {"selector": {}, "endpoints": []}, **metadata))[0] == path


def test_good_metadata_passes() -> None:
    metadata: dict[str, Any] = {
        "name": "shop.web-1",
        "namespace": "shop",
        "labels": {"app.kubernetes.io/name": "", "Tier": "a.b_c-D"},
        "annotations": {"Example.com/Note": "anything at all\n"},
        "creationTimestamp": None,
        "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": "b"}],
        "managedFields": [{"manager": "kubectl"}],
    }
    raw = monitor() | {"metadata": metadata}
    assert checked(raw | {"status": {"whatever": 1}}) == ()


def test_all_errors_come_at_once() -> None:
    raw = monitor(endpoints=[{"interval": "1x", "prot": "a"}, {"scheme": "ftp"}], foo=1)
    raw["metadata"]["name"] = "A"
    assert {path_text(error.path) for error in checked(raw)} == {
        "metadata.name",
        "spec.foo",
        "spec.endpoints[0].prot",
        "spec.endpoints[0].interval",
        "spec.endpoints[1].scheme",
    }


@pytest.mark.parametrize(
    ("name", "hint"),
    [("honorlabels", "did you mean honorLabels?"), ("intervall", "did you mean interval?"), ("qqqqq", "remove it")],
)
def test_a_misspelt_field_gets_a_proposal(name: str, hint: str) -> None:
    (error,) = checked(monitor(endpoints=[{name: "x"}]))
    assert error.hint == hint


def test_a_misspelt_value_gets_a_proposal() -> None:
    (error,) = checked(monitor(endpoints=[{"relabelings": [{"action": "repalce"}]}]))
    assert error.hint == "did you mean replace?"


def test_a_url_is_never_repeated() -> None:
    (error,) = checked(monitor(endpoints=[{"proxyUrl": "ftp://user:hunter2@proxy"}]))
    assert "hunter2" not in str(error)


def test_nulls_are_as_if_absent_and_leave_room_for_defaults() -> None:
    raw = monitor(jobLabel=None, endpoints=[{"port": None, "relabelings": [{"action": None}]}])
    assert checked(raw) == ()
    (endpoint,) = decode(V1, "ServiceMonitor", raw).spec.endpoints  # type: ignore[attr-defined]
    assert endpoint.port is None
    assert endpoint.relabelings[0].action == "replace"


def test_nulls_inside_types_of_kubernetes_are_pruned_too() -> None:
    raw = obj("Prometheus", {"containers": [{"name": "a", "env": [{"name": "A", "value": None}], "args": None}]})
    assert checked(raw) == ()
    spec = decode(V1, "Prometheus", raw).spec  # type: ignore[attr-defined]
    assert spec.containers == [{"name": "a", "env": [{"name": "A"}]}]


def test_an_unknown_field_stays_one_when_it_is_null() -> None:
    assert only(monitor(foo=None, jobLabel=None)) == ("spec.foo", "is no field of this kind", "unknown")


def test_pruning_keeps_the_nulls_of_lists_and_makes_whole_numbers() -> None:
    assert prune_nulls({"a": None, "b": [None, {"c": None, "d": 2.0}], "e": 1.5}) == {"b": [None, {"d": 2}], "e": 1.5}


def test_a_number_too_large_for_an_integer_stays_a_float() -> None:
    assert repr(prune_nulls([1e20, -1e19, 1e15])) == "[1e+20, -1e+19, 1000000000000000]"


def test_a_whole_number_may_have_a_point() -> None:
    raw = monitor(sampleLimit=5.0, endpoints=[{"targetPort": 80.0}])
    assert checked(raw) == ()
    spec = decode(V1, "ServiceMonitor", raw).spec  # type: ignore[attr-defined]
    assert (spec.sampleLimit, spec.endpoints[0].targetPort) == (5, 80)


def test_defaults_are_filled_in() -> None:
    spec = decode(V1, "Prometheus", obj("Prometheus", {})).spec  # type: ignore[attr-defined]
    assert (spec.scrapeInterval, spec.evaluationInterval, spec.portName, spec.shards) == ("30s", "30s", "web", 1)


def test_patterns_behave_as_those_of_go() -> None:
    """A digit is one of ASCII alone; case is ignored where a group says so."""
    times = [{"name": "a", "timeIntervals": [{"months": ["JANUARY"], "years": ["2\N{ARABIC-INDIC DIGIT ZERO}30"]}]}]
    raw = obj("AlertmanagerConfig", {"muteTimeIntervals": times}, V1ALPHA1)
    assert only(raw)[0] == "spec.muteTimeIntervals[0].timeIntervals[0].years[0]"


@pytest.mark.parametrize("raw", [{}, {1: 2}, {"spec": {2: 3}}])
def test_what_is_no_object_is_an_error(raw: dict[Any, Any]) -> None:
    assert check(V1, "ServiceMonitor", raw) != ()


def test_an_abyss_is_an_error() -> None:
    raw = inner = monitor()
    for _ in range(5000):
        inner["spec"] = inner = {}
    assert [error.code for error in checked(raw)] == ["unreadable"]


def test_a_list_with_keys_has_each_once() -> None:
    raw = obj("PrometheusRule", {"groups": [{"name": "a"}, {"name": "b"}, {"name": "a"}]})
    assert only(raw) == ("spec.groups[2]", "has the same name as item 0", "duplicate")


AUTHENTICATION: dict[str, Any] = {"basicAuth": {}, "authorization": {}}
TOPOLOGY = {"topology": {"values": ["a", "b"]}}

BROKEN_RULES = [
    (obj("ScrapeConfig", AUTHENTICATION, V1ALPHA1), "spec", "at most one of basicAuth"),
    (obj("Prometheus", {"shardingStrategy": TOPOLOGY, "shards": 2}), "spec.shardingStrategy", "topology can only"),
    (obj("Prometheus", {"shardingStrategy": {"mode": "Topology", **TOPOLOGY}}), "spec", "shards must be greater"),
    (
        obj("Prometheus", {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {}}}),
        "spec.updateStrategy",
        "rolling",
    ),
    (
        obj("Prometheus", {"remoteWrite": [{"url": "http://a", "sigv4": {"externalId": "a"}}]}),
        "spec.remoteWrite[0].sigv4",
        "externalId can only",
    ),
    (obj("PrometheusAgent", {"mode": "DaemonSet", "replicas": 1}, V1ALPHA1), "spec", "replicas cannot be set"),
    (obj("PrometheusAgent", {"mode": "DaemonSet", "shards": 2.0}, V1ALPHA1), "spec", "shards cannot be greater"),
]


@pytest.mark.parametrize(("raw", "path", "message"), BROKEN_RULES, ids=lambda value: str(value)[:30])
def test_a_rule_over_several_fields_is_kept(raw: dict[str, Any], path: str, message: str) -> None:
    found_path, found_message, code = only(raw)
    assert (found_path, code) == (path, "rule")
    assert found_message.startswith(message)


@pytest.mark.parametrize(
    "raw",
    [
        obj("ScrapeConfig", {"basicAuth": {}}, V1ALPHA1),
        obj("Prometheus", {"shardingStrategy": {"mode": "Topology", **TOPOLOGY}, "shards": 2}),
        obj("Prometheus", {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "1"}}}),
        obj("PrometheusAgent", {"mode": "DaemonSet", "shards": 1}, V1ALPHA1),
        obj("PrometheusAgent", {"mode": "StatefulSet", "shards": 2, "replicas": 2}, V1ALPHA1),
    ],
    ids=lambda raw: str(raw["spec"])[:30],
)
def test_a_rule_that_holds_is_silent(raw: dict[str, Any]) -> None:
    assert checked(raw) == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("spec", "endpoints", 1, "port"), "spec.endpoints[1].port"),
        (("metadata", "labels", "a/b"), 'metadata.labels["a/b"]'),
        ((), ""),
    ],
)
def test_paths_are_written_as_people_do(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

FIELDS = st.sampled_from(
    ["selector", "endpoints", "groups", "targets", "remoteWrite", "containers", "prober", "staticConfigs", "tlsConfig"]
)


@given(kind=st.sampled_from(ALL), metadata=VALUES, spec=st.dictionaries(FIELDS, VALUES, max_size=4) | VALUES)
@settings(max_examples=300, deadline=None)
def test_any_value_is_either_refused_or_decoded(kind: Kind, metadata: object, spec: object) -> None:
    raw = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, "spec": spec}
    errors = check(kind.api_version, kind.kind, raw)
    if errors:
        assert all(error.message for error in errors)
    else:
        assert isinstance(decode(kind.api_version, kind.kind, raw), kind.model)


def test_what_check_refuses_is_not_decoded() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(V1, "ServiceMonitor", monitor(endpoints=[{"port": 80}]))
