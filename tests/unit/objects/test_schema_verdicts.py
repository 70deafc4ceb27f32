"""The same verdict as a real API server, for every object of the cases that were applied to one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from render.api import KINDS
from render.objects.schema import check, decode, path_text
from render.sources import kyaml
from tests.places import CONFORMANCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIVE = CONFORMANCE / "live"
SUITES = sorted(path.name for path in LIVE.iterdir()) if LIVE.is_dir() else []

pytestmark = pytest.mark.skipif(not SUITES, reason="there is no ../shared/conformance beside this checkout")


@pytest.mark.parametrize("suite", SUITES or ["live"])
def test_objects_are_refused_as_by_the_api_server(suite: str) -> None:
    wrong = [line for case in sorted((LIVE / suite).iterdir()) for line in _different_verdicts(case)]
    assert wrong == []


def _different_verdicts(case: Path) -> Iterator[str]:
    invalid = set(json.loads((case / "expected.json").read_text())["invalid"])
    for raw in _objects(case / "input.yaml"):
        meta = raw["metadata"]
        key = f"{raw['kind']}/{meta.get('namespace', 'default')}/{meta['name']}"
        errors = check(raw["apiVersion"], raw["kind"], raw)
        if bool(errors) != (key in invalid):
            yield f"{case.name} {key}: {[(path_text(error.path), error.message) for error in errors]}"
        if not errors:
            decode(raw["apiVersion"], raw["kind"], raw)


@pytest.mark.parametrize("suite", ["prometheus", "selection", "rules"])
def test_objects_that_the_reference_rendered_are_valid(suite: str) -> None:
    wrong = []
    for case in sorted(path for path in (CONFORMANCE / suite).iterdir() if (path / "case.json").exists()):
        facts = json.loads((case / "case.json").read_text())
        if not facts.get("error") and facts.get("selected", True):
            wrong += [f"{case.name} {raw['kind']}" for raw in _objects(case / "input.yaml") if _errors(raw)]
    assert wrong == []


def _errors(raw: dict[str, Any]) -> bool:
    return bool(check(raw["apiVersion"], raw["kind"], raw))


def _objects(file: Path) -> Iterator[dict[str, Any]]:
    for document in kyaml.load_all(file.read_bytes()):
        value = document.value
        for raw in value["items"] if value and value["kind"].endswith("List") else [value]:
            if raw and (raw.get("apiVersion"), raw.get("kind")) in KINDS:
                yield raw
