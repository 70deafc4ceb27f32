"""Relabel configs: which are valid for which version, how they are written, and the steps for sharding."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from render import versions
from render.api.relabeling import RelabelConfig
from render.findings import Rejection
from render.generation.relabeling import (
    check_relabel_configs,
    enforced_namespace,
    relabel_configs,
    sharding,
)
from render.options import Options
from tests.unit.generation.prometheus.workloads import server


def _check(raw: dict[str, Any], version: str = "v3.5.0") -> None:
    check_relabel_configs([msgspec.convert(raw, RelabelConfig)], versions.parse(version), "r")


@pytest.mark.parametrize(
    ("raw", "version"),
    [
        ({"targetLabel": "a"}, "v2.0.0"),
        ({"targetLabel": "${1}_a$b"}, "v2.0.0"),
        ({"targetLabel": "with space"}, "v3.0.0"),
        ({"action": "LabelMap", "replacement": "m_$1"}, "v2.0.0"),
        ({"action": "uppercase", "targetLabel": "a", "replacement": "$1"}, "v2.36.0"),
        ({"action": "KeepEqual", "targetLabel": "a", "regex": "(.*)", "separator": ";"}, "v2.41.0"),
        ({"action": "labeldrop", "regex": "a)|(b", "separator": ";"}, "v2.0.0"),
        ({"action": "hashmod", "targetLabel": "a", "modulus": 3}, "v2.0.0"),
        ({"action": "keep", "regex": "a(?i)b"}, "v2.0.0"),
    ],
)
def test_valid_steps(raw: dict[str, Any], version: str) -> None:
    _check(raw, version)


@pytest.mark.parametrize(
    ("raw", "version", "field"),
    [
        ({}, "v3.5.0", "r[0].targetLabel"),
        ({"targetLabel": "with space"}, "v2.55.0", "r[0].targetLabel"),
        ({"action": "hashmod", "targetLabel": "$1", "modulus": 3}, "v2.55.0", "r[0].targetLabel"),
        ({"action": "hashmod", "targetLabel": "a"}, "v3.5.0", "r[0].modulus"),
        ({"action": "labelmap", "replacement": "1a"}, "v2.55.0", "r[0].replacement"),
        ({"action": "labelmap", "replacement": ""}, "v3.5.0", "r[0].replacement"),
        ({"action": "lowercase", "targetLabel": "a"}, "v2.35.0", "r[0].action"),
        ({"action": "dropequal", "targetLabel": "a"}, "v2.40.0", "r[0].action"),
        ({"action": "uppercase", "targetLabel": "a", "replacement": "x"}, "v3.5.0", "r[0]"),
        ({"action": "keepequal", "targetLabel": "a", "regex": "x"}, "v3.5.0", "r[0]"),
        ({"action": "labelkeep", "regex": "a", "targetLabel": "a"}, "v3.5.0", "r[0]"),
        ({"action": "labeldrop", "regex": "a", "separator": ""}, "v3.5.0", "r[0]"),
        ({"action": "keep", "regex": "("}, "v3.5.0", "r[0].regex"),
        ({"action": "keep", "regex": "(?=a)"}, "v3.5.0", "r[0].regex"),
    ],
)
def test_steps_that_no_server_takes(raw: dict[str, Any], version: str, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        _check(raw, version)
    assert refused.value.field == field


def test_order_of_keys_and_what_is_left_out() -> None:
    raw = {"action": "HashMod", "modulus": 2, "regex": "", "separator": "", "targetLabel": "t", "sourceLabels": ["a"]}
    (step,) = relabel_configs([msgspec.convert(raw | {"replacement": ""}, RelabelConfig)])
    assert list(step.items()) == [
        ("source_labels", ["a"]),
        ("separator", ""),
        ("target_label", "t"),
        ("modulus", 2),
        ("replacement", ""),
        ("action", "hashmod"),
    ]


def test_shards_beyond_the_number_scrape_nothing() -> None:
    steps = sharding(server(shards=3))
    assert steps[1] == {"source_labels": ["__tmp_current_shard"], "regex": "0|1|2", "action": "keep"}
    assert [step.get("modulus") for step in steps] == [None, None, None, 3, None]


def test_agents_keep_no_data_of_lost_shards() -> None:
    assert sharding(server(agent=True, shards=2), "__param_target")[0]["source_labels"][0] == "__param_target"


TOPOLOGY = {"mode": "Topology", "topology": {"values": ["a", "b"]}}


@pytest.mark.parametrize(
    ("kube_version", "zone"),
    [((1, 34), "__meta_kubernetes_node_label_topology_kubernetes_io_zone"),
     ((1, 35), "__meta_kubernetes_pod_label_topology_kubernetes_io_zone")],
)  # fmt: skip
def test_shards_of_a_zone_share_its_targets(kube_version: tuple[int, int], zone: str) -> None:
    steps = sharding(server(shards=5, shardingStrategy=TOPOLOGY, options=Options(kube_version=kube_version)))
    assert zone in [label for step in steps for label in step.get("source_labels", ())]
    assert [step["modulus"] for step in steps if "modulus" in step] == [2]
    assert [step["regex"] for step in steps if "$(" in step.get("regex", "")] == [
        "$(TOPOLOGY_ZONE);|.+;.+",
        "$(INZONE_SHARD);|.+;.+",
    ]


def test_without_the_feature_gate_zones_do_not_count() -> None:
    options = Options(feature_gates={"PrometheusTopologySharding": False})
    assert not server(shardingStrategy=TOPOLOGY, options=options).topology


@pytest.mark.parametrize(
    ("exclusion", "enforced"),
    [
        ({"namespace": "observe", "resource": "servicemonitors"}, False),
        ({"namespace": "observe", "resource": "servicemonitors", "name": "web"}, False),
        ({"namespace": "observe", "resource": "servicemonitors", "name": "other"}, True),
        ({"namespace": "observe", "resource": "podmonitors"}, True),
        ({"namespace": "elsewhere", "resource": "servicemonitors"}, True),
    ],
)
def test_exclusions_from_the_enforced_namespace_label(exclusion: dict[str, str], enforced: bool) -> None:  # noqa: FBT001 - a column of the table
    from render.findings import ObjectKey

    this = server(enforcedNamespaceLabel="tenant", excludedFromEnforcement=[exclusion])
    steps = enforced_namespace(ObjectKey("ServiceMonitor", "observe", "web"), this.spec)
    assert steps == ([{"target_label": "tenant", "replacement": "observe"}] if enforced else [])
