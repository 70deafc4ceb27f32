"""Every code has a page, every example of a page is found, and the pages in the repository are these."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from render.validation import catalog, migrating
from tests.places import ROOT
from tests.unit.validation.trees import findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITH_EXAMPLE = [code for code, check in catalog.CATALOG.items() if check.example]
DOCS = ROOT / "docs" / "checks"
TELL_BY_NAME = {"error", "warning", "info", "_error"}
NOT_FINDINGS = ("admission", "validation")


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_example_of_a_page_is_found(code: str, tmp_path: Path) -> None:
    check = catalog.CATALOG[code]
    found = [finding for finding in findings(tmp_path, check.example + "\n") if finding.code == code]
    assert found
    assert {finding.severity for finding in found} == {check.severity}


def test_few_pages_are_without_example() -> None:
    """What lies outside of manifests, and what takes half a mebibyte to show."""
    without = set(catalog.CATALOG) - set(WITH_EXAMPLE) - {check.code for check in migrating.CHECKS}
    assert {code.partition("-")[0] for code in without} <= {
        "source",
        "output",
        "secret",
        "rule",
        "size",
        "tracing",
        "lfs",
        "not",
    }


def _codes_in_the_source() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "render").rglob("*.py"):
        if path.relative_to(ROOT / "render").parts[0] in NOT_FINDINGS:
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            for code in _codes_of(call):
                yield code, path.name


def _codes_of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if name in TELL_BY_NAME and call.args and isinstance(call.args[0], ast.Constant):
        yield str(texts[0])
    if name == "Finding" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
        yield str(call.args[1].value)
    if name == "Rejection":
        yield from (
            str(given.value.value)
            for given in call.keywords
            if given.arg == "code" and isinstance(given.value, ast.Constant)
        )


def test_every_code_of_the_source_has_a_page() -> None:
    missing = {(code, file) for code, file in _codes_in_the_source() if code not in catalog.CATALOG}
    assert not missing


def test_the_pages_in_the_repository_are_those_of_the_checks() -> None:
    """`make generated` writes them anew."""
    assert {path.name: path.read_text() for path in DOCS.glob("*.md")} == catalog.pages()


def test_a_mistyped_code_is_near_the_one_that_is_meant() -> None:
    assert "service-not-found" in catalog.similar("service-not-fuond")
