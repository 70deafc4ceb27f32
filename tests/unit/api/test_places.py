"""Where a part of a custom resource stands in it."""

from __future__ import annotations

import msgspec

from render.api.places import first_place_of, place_of
from render.api.prometheus_rule import PrometheusRule
from render.api.service_monitor import ServiceMonitor

MONITOR = msgspec.convert(
    {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": "m"},
        "spec": {"selector": {}, "endpoints": [{"port": "a"}, {"port": "b", "enableHttp2": True}]},
    },
    ServiceMonitor,
)


def test_a_part_is_found_by_identity_and_not_by_equality() -> None:
    assert place_of(MONITOR, MONITOR.spec.endpoints[1], "port") == "spec.endpoints[1].port"
    assert place_of(MONITOR, msgspec.structs.replace(MONITOR.spec.endpoints[1]), "port") == ""


def test_the_first_attribute_that_is_set_is_found() -> None:
    assert first_place_of(MONITOR, "enableHttp2") == "spec.endpoints[1].enableHttp2"
    assert first_place_of(MONITOR, "jobLabel") == ""


def test_names_are_those_of_the_api() -> None:
    raw = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "r"},
        "spec": {"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "up", "for": "5m"}]}]},
    }
    assert first_place_of(msgspec.convert(raw, PrometheusRule), "for_") == "spec.groups[0].rules[0].for"
