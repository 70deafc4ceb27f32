"""PrometheusRules at the door."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from render import admission
from render.admission import Settings
from render.promql import syntax_of
from tests.unit.admission.reviews import MUTATE, RULES, UID, admission_review, rule

PLAIN = Settings()
UP = {"record": "job:up:sum", "expr": "sum by (job) (up)"}


def _verdict(
    raw: dict[str, Any] | None, resource: str = "prometheusrules", settings: Settings = PLAIN
) -> dict[str, Any]:
    answer = admission.answer(RULES, admission_review(raw, resource), settings)
    assert (answer["apiVersion"], answer["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
    response: dict[str, Any] = answer["response"]
    assert response["uid"] == UID
    return response


def _causes(raw: dict[str, Any], settings: Settings = PLAIN) -> list[str]:
    response = _verdict(raw, settings=settings)
    if response["allowed"]:
        return []
    assert response["status"]["code"] == 422
    return [cause["field"] for cause in response["status"]["details"]["causes"]]


def test_a_good_rule_passes() -> None:
    assert _verdict(rule(UP)) == {"uid": UID, "allowed": True}


def test_every_bad_rule_is_named_and_the_first_stands_in_the_message() -> None:
    bad = {"record": "a", "expr": "sum(up"}
    assert _causes(rule(bad, UP, {**UP, "for": "5m"})) == [
        "spec.groups[0].rules[0].expr",
        "spec.groups[0].rules[2].for",
    ]
    message = _verdict(rule(bad))["status"]["message"]
    assert message.startswith("Rules are not valid: spec.groups[0].rules[0].expr: ")


def test_a_value_of_a_wrong_type_is_refused() -> None:
    assert _causes(rule({"alert": "A", "expr": "up", "labels": {"a": True}})) == ["spec.groups[0].rules[0].labels.a"]


def test_names_in_utf8_pass_unless_the_scheme_is_legacy() -> None:
    accented = rule({"alert": "A", "expr": "up", "labels": {"é": "x"}})
    assert _causes(accented) == []
    assert _causes(accented, Settings(utf8_names=False)) == ["spec.groups[0].rules[0].labels"]


def test_experimental_functions_are_refused_unless_asked_for() -> None:
    experimental = rule({"record": "a", "expr": "mad_over_time(up[5m])"})
    assert _causes(experimental) == ["spec.groups[0].rules[0].expr"]
    assert _causes(experimental, Settings(syntax=syntax_of(["promql-experimental-functions"]))) == []


def test_a_rule_that_has_no_name_yet_passes() -> None:
    generated = rule(UP)
    generated["metadata"] = {"generateName": "r-", "managedFields": [{}]}
    assert _causes(generated) == []


def test_a_field_of_a_newer_version_is_no_fault() -> None:
    assert _causes(rule({**UP, "a_new_field": 1})) == []


def test_a_file_that_fits_no_config_map_is_refused() -> None:
    assert _causes(rule({"alert": "A", "expr": "up", "annotations": {"a": "x" * 600_000}})) == ["spec.groups"]


def test_another_resource_is_refused_and_a_deletion_passes() -> None:
    assert not _verdict(rule(UP), resource="servicemonitors")["allowed"]
    assert _verdict(None)["allowed"]


def _patch(raw: dict[str, Any]) -> list[dict[str, Any]]:
    response = admission.answer(MUTATE, admission_review(raw, "prometheusrules"), PLAIN)["response"]
    assert response["allowed"]
    assert response["patchType"] == "JSONPatch"
    patch: list[dict[str, Any]] = json.loads(base64.b64decode(response["patch"]))
    return patch


def test_what_is_no_text_becomes_text() -> None:
    labels = {"b": True, "n": 1, "f": 1.5, "big": 1_000_000, "nil": None, "s": "x", "a/b~c": 0}
    patch = _patch(rule({"alert": "A", "expr": "up", "labels": labels}))
    texts = {entry["path"].rpartition("/labels/")[2]: entry["value"] for entry in patch if entry["op"] == "replace"}
    assert texts == {"b": "true", "n": "1", "f": "1.5", "big": "1000000", "a~1b~0c": "0"}


@pytest.mark.parametrize(
    ("annotations", "added"),
    [
        ({}, ("/metadata/annotations", {"prometheus-operator-validated": "true"})),
        ({"a": "b"}, ("/metadata/annotations/prometheus-operator-validated", "true")),
    ],
)
def test_the_object_is_marked_as_seen(annotations: dict[str, str], added: tuple[str, Any]) -> None:
    path, value = added
    assert _patch(rule(UP, annotations=annotations)) == [{"op": "add", "path": path, "value": value}]


@pytest.mark.parametrize("spec", [{"groups": "x"}, {"groups": [1]}, {"groups": [{"rules": [{"labels": []}]}]}, []])
def test_rules_out_of_shape_are_refused(spec: Any) -> None:  # noqa: ANN401 - any value of JSON
    review = admission_review({**rule(), "spec": spec}, "prometheusrules")
    assert not admission.answer(MUTATE, review, PLAIN)["response"]["allowed"]
