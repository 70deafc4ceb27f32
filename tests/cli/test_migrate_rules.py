"""`promrender migrate-rules` as a process: what it prints, writes and returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from tests.cli.promrender import promrender

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = b"""\
apiVersion: v1
kind: ConfigMap
metadata: {name: alerts, namespace: mon, labels: {role: alert-rules}}
data:
  a.rules: |
    groups:
    - name: a
      rules: [{record: "job:up:sum", expr: sum by (job) (up)}]
"""


def test_rules_are_printed_and_can_be_rendered_from(tmp_path: Path) -> None:
    ran = promrender("migrate-rules", "--selector", "role=alert-rules", stdin=MANIFEST)
    assert (ran.status, ran.err) == (0, "")
    made = yaml.safe_load(ran.out)
    assert made["metadata"]["name"] == "alerts-a.rules"
    (tmp_path / "in.yaml").write_bytes(MANIFEST)
    out = tmp_path / "out"
    ran = promrender("migrate-rules", "-l", "role", "--output-dir", out, tmp_path / "in.yaml")
    assert ran.status == 0
    assert yaml.safe_load((out / "mon" / "prometheusrule-alerts-a.rules.yaml").read_text()) == made


def test_bad_rules_and_nothing_at_all_end_with_1() -> None:
    bad = MANIFEST.replace(b"groups:", b"groups: [")
    ran = promrender("migrate-rules", "-l", "role", stdin=bad)
    assert ran.status == 1
    assert "<stdin>:5" in ran.err or ":5:" in ran.err
    ran = promrender("migrate-rules", "-l", "role=other", stdin=MANIFEST)
    assert ran.status == 1
    assert "no PrometheusRule was made" in ran.err


def test_a_bad_selector_and_a_missing_source_are_trouble() -> None:
    assert promrender("migrate-rules", "-l", "a b", stdin=MANIFEST).status == 2
    assert promrender("migrate-rules", "-l", "a", "no-such-folder").status == 2
    assert promrender("migrate-rules", stdin=MANIFEST).status == 2
