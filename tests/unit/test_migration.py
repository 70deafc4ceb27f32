"""Rule ConfigMaps become PrometheusRules; what cannot is a finding with its place."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

import pytest

from render.findings import Severity
from render.migration import LONGEST_NAME, Migration, _name, migrate_rules
from render.selection.labels import parse_selector

if TYPE_CHECKING:
    from pathlib import Path

RULES = """\
groups:
- name: node
  rules:
  - alert: Down
    expr: up == 0
    for: 5m
"""
LABELS = "{role: alert-rules}"


def _config_map(name: str, *, labels: str = LABELS, namespace: str = "mon", **files: str) -> str:
    head = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}\n"
    entries = "".join(f"  {key.replace('__', '.')}: |\n{indent(text, '    ')}" for key, text in files.items())
    return f"{head}data:\n{entries}" if entries else head


def _migrated(folder: Path, *manifests: str, selector: str = "role=alert-rules") -> Migration:
    (folder / "rules.yaml").write_text("---\n".join(manifests))
    return migrate_rules([str(folder)], parse_selector(selector))


def _said(migration: Migration) -> list[tuple[str, str, str, int]]:
    return [(str(f.severity), f.code, f.field, f.line) for f in migration.findings]


def test_each_rule_file_becomes_an_object_with_the_labels(tmp_path: Path) -> None:
    migration = _migrated(tmp_path, _config_map("alerts", b__rules=RULES, a__rules="groups: []\n"))
    assert [made["metadata"] for made in migration.objects] == [
        {"name": "alerts-a.rules", "namespace": "mon", "labels": {"role": "alert-rules"}},
        {"name": "alerts-b.rules", "namespace": "mon", "labels": {"role": "alert-rules"}},
    ]
    made = migration.objects[1]
    assert (made["apiVersion"], made["kind"]) == ("monitoring.coreos.com/v1", "PrometheusRule")
    assert made["spec"]["groups"][0]["rules"] == [{"alert": "Down", "expr": "up == 0", "for": "5m"}]
    assert migration.findings == []


def test_only_selected_config_maps_are_taken(tmp_path: Path) -> None:
    manifests = (
        _config_map("chosen", a=RULES),
        _config_map("other", labels="{role: dashboards}", a=RULES),
        _config_map("made", labels="{role: alert-rules, managed-by: prometheus-operator}", a=RULES),
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {role: alert-rules}}\n",
    )
    assert [made["metadata"]["name"] for made in _migrated(tmp_path, *manifests).objects] == ["chosen-a"]
    assert len(_migrated(tmp_path, *manifests, selector="").objects) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("groups: [\n", "is no YAML"),
        ("ALERT Down\n  IF up == 0\n", "is no mapping"),
        ("- groups\n", "is no mapping"),
        ("# nothing\n", "is empty"),
        ("groups: []\n---\ngroups: []\n", "holds 2 YAML documents"),
        ("groups:\n- name: a\n  rulez: []\n", "groups[0].rulez"),
        ("groups:\n- {name: a}\n- {name: a}\n", "groups[1]"),
        ("groups:\n- name: a\n  interval: soon\n", "groups[0].interval"),
    ],
)
def test_a_bad_rule_file_is_an_error_with_its_place_and_stops_no_other(tmp_path: Path, text: str, said: str) -> None:
    migration = _migrated(tmp_path, _config_map("alerts", bad=text, good=RULES))
    assert [made["metadata"]["name"] for made in migration.objects] == ["alerts-good"]
    assert _said(migration) == [("error", "invalid-rules", "data.bad", 5)]
    assert said in migration.findings[0].message
    assert migration.findings[0].hint


def test_a_config_map_without_rules_is_a_warning(tmp_path: Path) -> None:
    binary = _config_map("packed", a=RULES) + "binaryData: {b: aGVsbG8=}\n"
    migration = _migrated(tmp_path, _config_map("empty"), binary)
    assert [(f.severity, f.code) for f in migration.findings] == [
        (Severity.WARNING, "no-rules"),
        (Severity.WARNING, "binary-data"),
    ]
    assert len(migration.objects) == 1


def test_a_config_map_is_taken_once_and_needs_a_name(tmp_path: Path) -> None:
    migration = _migrated(tmp_path, _config_map("a", x=RULES), _config_map("a", y=RULES), _config_map('""', z=RULES))
    assert [made["metadata"]["name"] for made in migration.objects] == ["a-x"]
    assert [f.code for f in migration.findings] == ["duplicate-object", "schema"]
    assert ":1;" in migration.findings[0].message


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("alert.rules", "cm-alert.rules"),
        ("a--b", "cm-a--b"),
        ("Node_Exporter.rules", "cm-node-exporter.rules"),
        ("_x_.._y_", "cm--x.y"),
        ("UPPER.", "cm-upper"),
    ],
)
def test_names_are_kept_or_made_valid(file: str, name: str) -> None:
    assert _name("cm", file) == name


def test_long_and_equal_names_get_a_mark(tmp_path: Path) -> None:
    first, second = _name("cm", "x" * 300), _name("cm", "x" * 301)
    assert len(first) == len(second) == LONGEST_NAME
    assert first != second
    migration = _migrated(tmp_path, _config_map("cm", Same=RULES, same=RULES, SAME=RULES))
    names = [made["metadata"]["name"] for made in migration.objects]
    assert len(set(names)) == 3
    assert all(name.startswith("cm-same") for name in names)
    assert {f.code for f in migration.findings} == {"renamed"}


def test_a_missing_namespace_and_null_fields(tmp_path: Path) -> None:
    text = dedent("""\
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: cm, labels: {role: alert-rules, odd: }}
        data: {a: "groups: [{name: g, interval: null}]", b: }
        """)
    migration = _migrated(tmp_path, text)
    made: dict[str, Any] = migration.objects[0]
    assert made["metadata"] == {"name": "cm-a", "namespace": "default", "labels": {"role": "alert-rules"}}
    assert made["spec"] == {"groups": [{"name": "g"}]}
    assert _said(migration) == [("error", "invalid-rules", "data.b", 4)]
