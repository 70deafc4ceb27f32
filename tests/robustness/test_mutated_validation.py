"""Mutated trees for validation: whatever they hold, every form of report can be made of what is found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given

from render.findings import Severity
from render.objects.gather import Sources, load_tree
from render.objects.load import load_each
from render.options import Options
from render.validation import catalog, suppression, validate
from render.validation.lint import lint
from render.validation.reports import FORMS
from render.validation.reports.report import Report
from tests.robustness.test_mutated_manifests import FEW, TREES, mutated_trees

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = [
    list(yaml.safe_load_all(check.example))
    for code, check in catalog.CATALOG.items()
    if check.example and code != "yaml-syntax"
]


@FEW
@given(tree=mutated_trees([*TREES, *EXAMPLES]))
def test_mutated_trees_give_nothing_but_findings(tree: list[Any], tmp_path: Path) -> None:
    file = tmp_path / "mutated.yaml"
    file.write_text("\n---\n".join(json.dumps(document) for document in tree))
    objects = load_tree(Sources([str(file)]))
    outcome = validate(objects, Options())
    findings, _ = suppression.remaining(outcome.findings, objects, catalog.CATALOG, whole=True)
    findings += [finding for each in load_each([str(file)]) for finding in lint(each)]
    assert {finding.code for finding in findings} <= set(catalog.CATALOG)
    for text in FORMS.values():
        made = text(Report(findings, frozenset({Severity.ERROR}), 0, "1.0.0", outcome.sizes)).encode("utf-8", "replace")
        assert made or not findings
