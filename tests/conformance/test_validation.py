"""A well-kept tree of the real world has no finding but notices."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from render.findings import Severity
from render.objects.gather import Sources, load_tree
from render.options import Options
from render.validation import validate
from tests.cli.promrender import promrender

if TYPE_CHECKING:
    from pathlib import Path

ABOUT_THE_CLUSTER = {"coredns", "kube-controller-manager", "kube-scheduler", "kubelet"}
"""Monitors of Services that the cluster makes itself."""


def test_kube_prometheus_has_no_findings(conformance: Path) -> None:
    """All its receivers are empty, for the user to fill in."""
    objects = load_tree(Sources([str(conformance / "live/kube-prometheus/stack/input.yaml")]))
    found = validate(objects, Options()).findings
    assert {one.severity for one in found} == {Severity.INFO}
    assert {one.code for one in found} == {"targets-unknown", "size-budget", "nobody-told"}
    assert {one.object.name for one in found if one.object and one.code == "targets-unknown"} == ABOUT_THE_CLUSTER


def test_it_takes_less_than_a_second_and_a_half(conformance: Path) -> None:
    """The whole command in a process of its own, by the processor's time, so that nobody else's work counts."""
    before = os.times()
    ran = promrender("validate", conformance / "live/kube-prometheus/stack/input.yaml")
    after = os.times()
    assert (ran.status, ran.err) == (0, "")
    assert after.children_user + after.children_system - before.children_user - before.children_system < 1.5


def test_a_wrong_port_in_it_is_found(conformance: Path, tmp_path: Path) -> None:
    """Otherwise the test above could pass because nothing is looked at."""
    text = (conformance / "live/kube-prometheus/stack/input.yaml").read_text()
    changed = text.replace("port: https-self", "port: https-slef")
    assert changed != text
    (tmp_path / "input.yaml").write_text(changed)
    found = validate(load_tree(Sources([str(tmp_path)])), Options()).findings
    assert [one.code for one in found if one.severity is not Severity.INFO] == ["service-port-not-found"]
