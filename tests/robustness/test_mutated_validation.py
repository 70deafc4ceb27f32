"""Mutated trees for validation: whatever they hold, every form of report can be made of what is found."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from render.findings import Severity
from render.objects.gather import Sources, load_tree
from render.objects.load import load_each
from render.options import Options
from render.validation import baseline, catalog, suppression, validate
from render.validation.lint import lint
from render.validation.reports import FORMS
from render.validation.reports.report import Report
from tests.robustness.test_mutated_manifests import FEW, TREES, VALUES, mutated_trees

if TYPE_CHECKING:
    from render.findings import Finding

EXAMPLES = [
    list(yaml.safe_load_all(check.example))
    for code, check in catalog.CATALOG.items()
    if check.example and code != "yaml-syntax"
]
FLEET = list(yaml.safe_load_all((Path(__file__).parent / "fleet.yaml").read_bytes()))
"""Everything that the checks of a whole tree look at."""
ENTRY = "alertmanager.yaml"
ROUTING = yaml.safe_load(next(one for one in FLEET if one["kind"] == "Secret")["stringData"][ENTRY])


def _looked_at(text: bytes, folder: Path) -> list[Finding]:
    """What `validate` and `lint` find, after a report of every form and a baseline were made of it."""
    file = folder / "mutated.yaml"
    file.write_bytes(text)
    objects = load_tree(Sources([str(file)]))
    outcome = validate(objects, Options())
    findings, _ = suppression.remaining(outcome.findings, objects, catalog.CATALOG, whole=True)
    findings += [finding for each in load_each([str(file)]) for finding in lint(each)]
    assert {finding.code for finding in findings} <= set(catalog.CATALOG)
    report = Report(findings, frozenset({Severity.ERROR}), 0, "1.0.0", outcome.sizes)
    for form in FORMS.values():
        made = form(report).encode("utf-8", "replace")
        assert made or not findings
    baseline.write(str(folder / "known.json"), report)
    known = baseline.read(str(folder / "known.json"))
    assert baseline.new(findings, known) == []
    assert baseline.gone(findings, known) == []
    return findings


def _text(tree: list[Any]) -> bytes:
    return "\n---\n".join(json.dumps(document) for document in tree).encode()


def test_the_fleet_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    """So that its parts are looked at as far as can be before something is changed."""
    assert {one.severity for one in _looked_at(_text(FLEET), tmp_path)} == {Severity.INFO}


@FEW
@given(tree=mutated_trees([*TREES, *EXAMPLES]))
def test_mutated_trees_give_nothing_but_findings(tree: list[Any], tmp_path: Path) -> None:
    _looked_at(_text(tree), tmp_path)


@FEW
@given(tree=mutated_trees([FLEET]))
def test_a_mutated_fleet_gives_nothing_but_findings(tree: list[Any], tmp_path: Path) -> None:
    _looked_at(_text(tree), tmp_path)


@FEW
@given(tree=mutated_trees([[ROUTING]]))
def test_mutated_routes_of_an_alertmanager_give_nothing_but_findings(tree: list[Any], tmp_path: Path) -> None:
    fleet = copy.deepcopy(FLEET)
    secret = next(one for one in fleet if one["kind"] == "Secret")
    secret["stringData"][ENTRY] = "\n---\n".join(map(json.dumps, tree))
    _looked_at(_text(fleet), tmp_path)


@FEW
@given(tree=mutated_trees([FLEET]), more=VALUES, wrapped=st.integers(0, 3))
def test_lists_of_a_mutated_fleet_give_nothing_but_findings(
    tree: list[Any], more: object, wrapped: int, tmp_path: Path
) -> None:
    """In a List, in a List of a kind, in a List within a List, and beside what is no object."""
    kind = ["List", "ServiceMonitorList", "List", "List"][wrapped]
    version = "monitoring.coreos.com/v1" if wrapped == 1 else "v1"
    whole: object = {"apiVersion": version, "kind": kind, "items": [*tree, more] if wrapped else more}
    if wrapped == 3:
        whole = {"apiVersion": "v1", "kind": "List", "items": [whole]}
    _looked_at(b"---\n" + _text([None, whole, more]) + b"\n---\n---\n# nothing\n---\n", tmp_path)


@pytest.mark.parametrize("wrong", [None, True, 0, -(2**70), 1.5, "", "x", [], {}, [None], {"x": None}, [[]], {"": {}}])
def test_every_place_of_the_fleet_holds_the_wrong_thing(wrong: object, tmp_path: Path) -> None:
    """Not by chance, but each place in turn, many in a tree: one of every kind at a time."""
    for depth in range(1, 5):
        for step in range(12):
            fleet = copy.deepcopy(FLEET)
            for document in fleet:
                _replace(document, depth, step, wrong)
            _looked_at(_text(fleet), tmp_path)


def _replace(value: object, depth: int, step: int, wrong: object) -> None:
    """Put `wrong` at the `step`th place of each branch that is `depth` deep; names stay, so that there is an object."""
    if not isinstance(value, (dict, list)):
        return
    keys = [*value] if isinstance(value, dict) else [*range(len(value))]
    if depth == 1:
        places = [key for key in keys if key not in ("kind", "apiVersion", "name", "namespace")]
        if places:
            value[places[step % len(places)]] = wrong
        return
    for key in keys:
        _replace(value[key], depth - 1, step, wrong)


@pytest.mark.parametrize(
    "labels",
    [
        {f"label-{number}": "x" for number in range(20_000)},
        {"app": "x" * 1_000_000},
        {"x" * 1_000_000: "app"},
        {"app": "🙂" * 1_000, "\x00": "\x1b[31m"},
    ],
    ids=["many", "a long value", "a long name", "strange letters"],
)
def test_huge_labels_give_nothing_but_findings(labels: dict[str, str], tmp_path: Path) -> None:
    fleet = copy.deepcopy(FLEET)
    for document in fleet:
        document["metadata"]["labels"] = labels
        for selector in ("selector", "serviceMonitorSelector", "podMonitorSelector"):
            if isinstance(document.get("spec", {}).get(selector), dict) and document["kind"] != "Service":
                document["spec"][selector] = {"matchLabels": labels}
    _looked_at(_text(fleet), tmp_path)
