"""The rules of the house that no linter checks: sizes, links in the documentation, locks without addresses."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MODULES = sorted(path for folder in ("render", "reloaders", "scripts") for path in (ROOT / folder).rglob("*.py"))
DOCUMENTS = sorted(path for pattern in ("*.md", "docs/*.md", "examples/*/*.md") for path in ROOT.glob(pattern))
LONGEST_MODULE = 500  # 400 is the aim; a grammar or an API of many blocks may be a little longer
LONGEST_FUNCTION = 60
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_modules_and_functions_stay_short(module: Path) -> None:
    text = module.read_text()
    assert text.count("\n") <= LONGEST_MODULE
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]
    assert not long


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_of_the_documentation_lead_somewhere(document: Path) -> None:
    missing = [link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("lock", ["requirements-render.lock", "requirements-reloader.lock", "requirements-dev.lock"])
def test_locks_are_hashed_and_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pinned = re.findall(r"^\S+==\S+", text, re.MULTILINE)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text
