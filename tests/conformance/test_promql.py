"""Expressions and templates of the conformance cases: whether a rule file was made, and with which expressions.

A PrometheusRule whose file the reference made must be accepted whole, and its expressions must be as they are or as our
enforcement writes them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from render import promql
from render.golang import templates
from render.sources import kyaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST_EXPRESSIONS, LEAST_ENFORCED = 2500, 130


class Made(NamedTuple):
    """A rule of a case, in the object and in the file that the reference made."""

    given: dict[str, Any]
    written: dict[str, Any]
    namespace: str
    labels: set[str]
    syntax: promql.Syntax


def test_accepted_rules_are_accepted(conformance: Path) -> None:
    rules = list(_rules(conformance))
    refused = {str(r.given["expr"]): promql.check(str(r.given["expr"]), r.syntax) for r in rules}
    assert [message for message in refused.values() if message] == []
    assert len(rules) >= LEAST_EXPRESSIONS
    for rule in rules:
        if "alert" in rule.given:
            for text in [*(rule.given.get("annotations") or {}).values(), *(rule.given.get("labels") or {}).values()]:
                templates.check_alert_template(str(text))


def test_enforced_expressions_are_the_same_to_the_letter(conformance: Path) -> None:
    changed = [rule for rule in _rules(conformance) if str(rule.given["expr"]) != str(rule.written["expr"])]
    for rule in changed:
        ours = {promql.enforce(str(rule.given["expr"]), label, rule.namespace) for label in rule.labels}
        assert str(rule.written["expr"]) in ours
    assert len(changed) >= LEAST_ENFORCED


def _rules(conformance: Path) -> Iterator[Made]:
    cases = [*conformance.glob("live/*/*/input.yaml"), *conformance.glob("rules/*/input.yaml")]
    for case in sorted(cases):
        raw = case.read_bytes()
        if b"kind: PrometheusRule" in raw:
            objects = _load(raw)
            yield from _rules_of(objects, _files(case.parent))


def _rules_of(objects: list[dict[str, Any]], files: dict[str, list[str]]) -> Iterator[Made]:
    servers = [item["spec"] for item in objects if item["kind"] in ("Prometheus", "ThanosRuler")]
    labels = {spec["enforcedNamespaceLabel"] for spec in servers if spec.get("enforcedNamespaceLabel")}
    syntax = promql.syntax_of(name for spec in servers for name in spec.get("enableFeatures") or ())
    for item in objects:
        if item["kind"] == "PrometheusRule":
            namespace = item["metadata"].get("namespace", "default")
            for text in files.get(f"{namespace}-{item['metadata']['name']}", ()):
                for given, written in zip(_flat(item["spec"]), _flat(_load(text.encode())[0]), strict=True):
                    yield Made(given, written, namespace, labels, syntax)


def _load(raw: bytes) -> list[Any]:
    return [document.value for document in kyaml.load_all(raw) if document.value is not None]


def _flat(spec: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever a file holds
    return [rule for group in spec.get("groups") or () for rule in group.get("rules") or ()]


def _files(case: Path) -> dict[str, list[str]]:
    """The rule files of a case by their names without UID and ending. Several servers may have one of the same name."""
    expected = case / "expected.json"
    if expected.exists():
        objects = json.loads(expected.read_text())["objects"]
        maps = [item.get("data") or {} for item in objects if item["kind"] == "ConfigMap"]
    else:
        maps = [{path.name: path.read_text()} for path in case.glob("expected/**/*.yaml")]
    files: dict[str, list[str]] = {}
    for name, text in ((name, text) for data in maps for name, text in data.items()):
        files.setdefault(_without_uid(name), []).append(text)
    return files


def _without_uid(name: str) -> str:
    stem = name.removesuffix(".yaml")
    parts = stem.rsplit("-", 5)
    lengths = [len(part) for part in parts[1:]]
    return parts[0] if lengths == [8, 4, 4, 4, 12] else stem
