"""What the tree itself wants to hear nothing of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.validation.trees import PROMETHEUS, SERVICE, codes, findings, service_monitor

if TYPE_CHECKING:
    from pathlib import Path

WRONG = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: shop
  namespace: web
spec:
  selector: {matchLabels: {app: storefront}}
  endpoints:
  - path: /a
    port: web
  - path: /b
    port: nope
"""


def test_both_ports_are_wrong(tmp_path: Path) -> None:
    assert codes(tmp_path, PROMETHEUS, SERVICE, WRONG) == ["service-port-not-found"] * 2


@pytest.mark.parametrize(
    "comment",
    [
        "# promrender: ignore service-port-not-found",
        "#promrender:ignore service-port-not-found",
        "# promrender: ignore: schema, service-port-not-found -- made by another team",
        "# promrender: ignore service-port-not-found (made by another team)",
    ],
)
def test_a_comment_speaks_of_its_line_or_of_the_one_below(tmp_path: Path, comment: str) -> None:
    beside = WRONG.replace("port: web", f"port: web  {comment}")
    above = WRONG.replace("    port: web", f"    {comment}\n    port: web")
    for document in (beside, above):
        left = [one.field for one in findings(tmp_path, PROMETHEUS, SERVICE, document) if one.severity != "info"]
        assert left == ["spec.endpoints[1].port"]


def test_a_comment_beside_a_line_does_not_speak_of_the_next(tmp_path: Path) -> None:
    above = WRONG.replace("- path: /a", "- path: /a  # promrender: ignore service-port-not-found")
    assert codes(tmp_path, PROMETHEUS, SERVICE, above) == ["service-port-not-found"] * 2


def test_an_annotation_speaks_of_its_object(tmp_path: Path) -> None:
    annotated = WRONG.replace(
        "  namespace: web\n",
        "  namespace: web\n  annotations: {promrender.dev/ignore: 'service-not-found,service-port-not-found'}\n",
    )
    other = service_monitor("other", "selector: {matchLabels: {app: storefront}}, endpoints: [{port: web}]")
    left = [
        str(one.object) for one in findings(tmp_path, PROMETHEUS, SERVICE, annotated, other) if one.severity != "info"
    ]
    assert left == ["ServiceMonitor/web/other"]


def test_an_annotation_speaks_of_an_object_that_is_invalid_too(tmp_path: Path) -> None:
    spec = "selector: {}, endpoints: [{prot: web}]"
    assert codes(tmp_path, PROMETHEUS, service_monitor("bad", spec)) == ["schema"]
    annotation = "annotations: {promrender.dev/ignore: schema}"
    assert codes(tmp_path, PROMETHEUS, service_monitor("bad", spec, more=annotation)) == []


@pytest.mark.parametrize(
    ("document", "place", "says"),
    [
        (
            WRONG.replace("port: web", "port: http  # promrender: ignore service-prot"),
            "endpoint",
            "no code service-prot",
        ),
        (WRONG.replace("port: web", "port: http  # promrender: ignore"), "endpoint", "no code to ignore is named"),
        (
            WRONG.replace("  namespace: web\n", "  namespace: web\n  annotations: {promrender.dev/ignore: 'all'}\n"),
            "annotation",
            "no code all",
        ),
    ],
)
def test_an_unknown_code_is_told_and_cannot_be_ignored(tmp_path: Path, document: str, place: str, says: str) -> None:
    (told,) = (one for one in findings(tmp_path, PROMETHEUS, SERVICE, document) if one.code == "ignore-unknown")
    assert says in told.message
    assert told.line > 0
    assert bool(told.object) is (place == "annotation")
