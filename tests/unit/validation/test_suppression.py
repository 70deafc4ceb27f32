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
        "# promrender: ignore: service-port-not-found -- made by another team",
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
    assert codes(tmp_path, PROMETHEUS, SERVICE, above) == ["service-port-not-found"] * 2 + ["ignore-unused"]


def test_comments_above_a_line_may_be_several(tmp_path: Path) -> None:
    comments = "    # promrender: ignore service-port-not-found -- soon\n    # The port comes with the next release.\n"
    both = f"{comments}    # promrender: ignore schema\n    port: web"
    (port, unused) = (
        one
        for one in findings(tmp_path, PROMETHEUS, SERVICE, WRONG.replace("    port: web", both))
        if one.severity != "info"
    )
    assert (port.field, unused.code) == ("spec.endpoints[1].port", "ignore-unused")
    assert "schema" in unused.message


def test_an_annotation_speaks_of_its_object(tmp_path: Path) -> None:
    annotated = WRONG.replace(
        "  namespace: web\n",
        "  namespace: web\n  annotations: {promrender.dev/ignore: 'no-endpoints,service-port-not-found'}\n",
    )
    other = service_monitor("other", "selector: {matchLabels: {app: storefront}}, endpoints: [{port: web}]")
    told = [one for one in findings(tmp_path, PROMETHEUS, SERVICE, annotated, other) if one.severity != "info"]
    assert [(one.code, str(one.object)) for one in told] == [
        ("service-port-not-found", "ServiceMonitor/web/other"),
        ("ignore-unused", "ServiceMonitor/web/shop"),
    ]
    assert "no-endpoints" in told[1].message
    assert "service-port" not in told[1].message
    assert told[1].line > 0


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


@pytest.mark.parametrize("line", ["kind: ServiceMonitor", "    port: http", "  - path: /b"])
def test_a_wish_that_keeps_nothing_back_is_told(tmp_path: Path, line: str) -> None:
    good = WRONG.replace("web\n", "http\n").replace("nope", "metrics").replace("namespace: http", "namespace: web")
    assert codes(tmp_path, PROMETHEUS, SERVICE, good) == []
    commented = good.replace(line, f"{line}  # promrender: ignore service-port-not-found", 1)
    assert codes(tmp_path, PROMETHEUS, SERVICE, commented) == ["ignore-unused"]


def test_a_wish_is_used_by_a_notice(tmp_path: Path) -> None:
    notice = PROMETHEUS.replace("name: main,", "name: main, annotations: {promrender.dev/ignore: size-budget},")
    told = findings(tmp_path, notice)
    assert not {"size-budget", "ignore-unused"} & {one.code for one in told}
