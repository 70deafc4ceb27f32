"""PrometheusRules to rule files: what is dropped by version, refused, enforced and split."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from render import promql, versions
from render.api.prometheus_rule import PrometheusRule
from render.findings import ObjectKey, Rejection, Report
from render.generation import rules
from render.generation.rules import Dialect
from render.generation.scope import Scope
from render.objects.index import Object, Objects
from render.selection.references import References
from render.sources.document import Origin

KEY = ObjectKey("PrometheusRule", "team-a", "r")


def _rule(*groups: dict[str, Any]) -> Object[PrometheusRule]:
    raw = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": KEY.name, "namespace": KEY.namespace},
        "spec": {"groups": list(groups)},
    }
    return Object(KEY, msgspec.convert(raw, PrometheusRule), Origin("r.yaml", 0, 1))


def _scope(version: str = "v3.5.0") -> Scope:
    return Scope(KEY, versions.parse(version), References(Objects()), Report())


def _file(rule: dict[str, Any], version: str = "v3.5.0", dialect: Dialect | None = None, **group: object) -> str:
    return rules.rule_file(
        _rule({"name": "g", **group, "rules": [rule]}), dialect or Dialect(rules.PROMETHEUS), _scope(version)
    )


def test_keys_are_in_order_and_empty_ones_are_left_out() -> None:
    text = _file({"record": "a:b", "expr": "vector(1)", "labels": {"z": "1", "b": "2"}, "alert": ""}, interval="30s")
    group = "groups:\n- interval: 30s\n  name: g\n  rules:\n"
    rule = "  - expr: vector(1)\n    labels:\n      b: '2'\n      z: '1'\n    record: a:b\n".replace("'", '"')
    assert text == group + rule


def test_a_number_stays_a_number() -> None:
    assert "expr: 8080\n" in _file({"record": "a", "expr": 8080})


def test_no_groups_make_an_empty_mapping() -> None:
    assert rules.rule_file(_rule(), Dialect(rules.PROMETHEUS), _scope()) == "{}\n"


@pytest.mark.parametrize(
    ("key", "group", "rule", "below", "since"),
    [
        ("limit", {"limit": 5}, {}, "v2.30.0", "v2.31.0"),
        ("query_offset", {"query_offset": "1m"}, {}, "v2.52.0", "v2.53.0"),
        ("team", {"labels": {"team": "a"}}, {}, "v2.55.0", "v3.0.0"),
        ("keep_firing_for", {}, {"keep_firing_for": "5m"}, "v2.41.0", "v2.42.0"),
    ],
)
def test_fields_are_dropped_below_their_version(
    key: str, group: dict[str, Any], rule: dict[str, Any], below: str, since: str
) -> None:
    alert = {"alert": "A", "expr": "up == 0", **rule}
    assert key not in _file(alert, below, **group)
    assert key in _file(alert, since, **group)


def test_a_dropped_field_is_a_warning_for_the_rule() -> None:
    scope = _scope("v2.30.0")
    rules.rule_file(_rule({"name": "g", "limit": 5}), Dialect(rules.PROMETHEUS), scope)
    (finding,) = scope.report.findings
    assert (finding.severity, finding.code, finding.object) == ("warning", "field-dropped", KEY)


def test_the_partial_response_strategy_is_for_thanos_alone() -> None:
    rule = {"record": "a", "expr": "1"}
    assert "partial_response" not in _file(rule, partial_response_strategy="warn")
    assert "partial_response" in _file(rule, "v0.40.0", Dialect(rules.THANOS), partial_response_strategy="warn")


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"expr": "up"}, "spec.groups[0].rules[0]"),
        ({"expr": "up", "alert": "A", "record": "b"}, "spec.groups[0].rules[0]"),
        ({"expr": "up(", "alert": "A"}, "spec.groups[0].rules[0].expr"),
        ({"expr": "", "alert": "A"}, "spec.groups[0].rules[0].expr"),
        ({"expr": "up", "record": "a", "for": "5m"}, "spec.groups[0].rules[0].for"),
        ({"expr": "up", "record": "a", "annotations": {"x": "y"}}, "spec.groups[0].rules[0].annotations"),
        ({"expr": "up", "record": "a{b}"}, "spec.groups[0].rules[0].record"),
        ({"expr": "up", "alert": "A", "labels": {"__name__": "x"}}, "spec.groups[0].rules[0].labels"),
        ({"expr": "up", "alert": "A", "annotations": {"x": "{{ $labels.a "}}, "spec.groups[0].rules[0].annotations.x"),
        ({"expr": "up", "alert": "A", "labels": {"x": "{{ nofunc }}"}}, "spec.groups[0].rules[0].labels.x"),
        ({"expr": "mad_over_time(up[5m])", "record": "a"}, "spec.groups[0].rules[0].expr"),
    ],
)
def test_what_the_server_would_refuse_is_refused(rule: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        _file(rule)
    assert refused.value.field == field


def test_a_recording_rule_may_last_zero_time() -> None:
    assert "for: 0s" in _file({"expr": "up", "record": "a", "for": "0s"})


def test_names_are_utf8_since_3() -> None:
    rule = {"alert": "A", "expr": "up", "labels": {"größe": "x"}}
    assert "größe" in _file(rule, "v3.0.0")
    with pytest.raises(Rejection):
        _file(rule, "v2.55.0")


def test_experimental_functions_need_their_feature() -> None:
    dialect = Dialect(rules.PROMETHEUS, promql.Syntax(experimental_functions=True))
    assert "mad_over_time" in _file({"expr": "mad_over_time(up[5m])", "record": "a"}, dialect=dialect)


def test_the_enforced_label_goes_into_every_selector_and_onto_the_rule() -> None:
    dialect = Dialect(rules.PROMETHEUS, enforced_label="ns")
    text = _file({"record": "a", "expr": 'up{ns="other"} / on(job) down'}, dialect=dialect)
    assert 'expr: up{ns="team-a"} / on (job) down{ns="team-a"}\n' in text
    assert "labels:\n      ns: team-a\n" in text


def _of_size(size: int) -> dict[str, Any]:
    empty = len(_file({"alert": "A", "expr": "up", "annotations": {"x": ""}}).encode()) - len('""')
    return {"alert": "A", "expr": "up", "annotations": {"x": "a" * (size - empty)}}


def test_a_file_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    assert len(_file(_of_size(rules.FILE_LIMIT))) == rules.FILE_LIMIT
    with pytest.raises(Rejection) as refused:
        _file(_of_size(rules.FILE_LIMIT + 1))
    assert refused.value.code == "rule-file-too-large"


def test_empty_durations_do_not_count_against_the_limit() -> None:
    text = _file({**_of_size(rules.FILE_LIMIT), "for": ""}, interval="")
    assert len(text) > rules.FILE_LIMIT


def test_files_go_into_the_last_config_map_opened() -> None:
    half = "x" * (rules.FILE_LIMIT // 2)
    groups = rules.config_maps({"c": half, "a": half, "b": half + "y", "d": "z"})
    assert [sorted(group) for group in groups] == [["a"], ["b"], ["c", "d"]]
    assert rules.config_maps({}) == [{}]
