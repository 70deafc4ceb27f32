"""Every code has a page, every example of a page is found, and the pages in the repository are these."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from render.validation import catalog
from tests.places import ROOT
from tests.unit.validation.trees import findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITH_EXAMPLE = [code for code, check in catalog.CATALOG.items() if check.example]
DOCS = ROOT / "docs" / "checks"
TELLING = {"Finding", "error", "warning", "info", "report", "_error", "_finding", "_note", "_say"}
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
NOT_FINDINGS = ("admission", "validation")


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_example_of_a_page_is_found(code: str, tmp_path: Path) -> None:
    check = catalog.CATALOG[code]
    found = [finding for finding in findings(tmp_path, check.example + "\n") if finding.code == code]
    assert found
    assert {finding.severity for finding in found} == {check.severity}


def test_few_pages_are_without_example() -> None:
    """What lies outside of manifests, what takes half a mebibyte to show, what another part's own tests show."""
    assert len(WITH_EXAMPLE) > 2 * (len(catalog.CATALOG) - len(WITH_EXAMPLE))


def _codes_in_the_source() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "render").rglob("*.py"):
        if path.relative_to(ROOT / "render").parts[0] not in NOT_FINDINGS:
            nodes = list(ast.walk(ast.parse(path.read_text())))
            constants = {name: text for node in nodes for name, text in _constants(node)}
            for node in nodes:
                for expression in _expressions(node):
                    yield from ((code, path.name) for code in _texts(expression, constants) if CODE.fullmatch(code))


def _constants(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def _expressions(node: ast.AST) -> Iterator[ast.expr]:
    """What stands where codes are given: to what tells findings, as `code=`, and in a variable `code`."""
    if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == "code" for one in node.targets):
        yield node.value
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in TELLING:
        yield from node.args[:2]
    if name in {"Rejection", "Finding"}:
        yield from (given.value for given in node.keywords if given.arg == "code")


def _texts(expression: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    if isinstance(expression, ast.IfExp):
        yield from _texts(expression.body, constants)
        yield from _texts(expression.orelse, constants)
    elif isinstance(expression, ast.Constant):
        yield str(expression.value)
    elif isinstance(expression, ast.Name) and expression.id in constants:
        yield constants[expression.id]


def test_every_code_of_the_source_has_a_page() -> None:
    missing = {(code, file) for code, file in _codes_in_the_source() if code not in catalog.CATALOG}
    assert not missing


def test_the_pages_in_the_repository_are_those_of_the_checks() -> None:
    """`make generated` writes them anew."""
    assert {path.name: path.read_text() for path in DOCS.glob("*.md")} == catalog.pages()


def test_a_mistyped_code_is_near_the_one_that_is_meant() -> None:
    assert "service-not-found" in catalog.similar("service-not-fuond")
