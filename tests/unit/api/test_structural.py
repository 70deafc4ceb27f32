"""Structural schemas made from models: of a small one, and of all against the reference's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest

from render.api import ALL, Kind
from render.api.model import RULES, Atomic, Model, rule
from render.api.scalars import SET, Duration, IntOrString, keyed_by, schema
from render.api.structural import OPEN_OBJECT, structural_schema
from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = ROOT.parent / "shared" / "schema"


class Key(Atomic, kw_only=True, frozen=True):
    """A key."""

    name: str = ""


class Small(Model, kw_only=True, frozen=True):
    """One field of each sort."""

    colour: Literal["red", "blue"] = "red"
    count: Annotated[int, schema(minimum=1)] | None = None
    every: Duration
    keys: Annotated[list[Key], keyed_by("name")] | None = None
    open: dict[str, Any] | None = None
    port: IntOrString | None = None
    words: Annotated[list[str], SET] | None = None


@pytest.fixture
def _with_rule() -> Iterator[None]:
    rule(Small, "has(self.count)", "count is needed")(lambda self: self.count is not None)
    yield
    del RULES[Small]


@pytest.mark.usefixtures("_with_rule")
def test_a_model_says_all_that_a_definition_needs() -> None:
    described = structural_schema(Small)
    assert described["required"] == ["every"]
    assert described["x-kubernetes-validations"] == [{"rule": "has(self.count)", "message": "count is needed"}]
    fields = described["properties"]
    assert fields["colour"] == {"type": "string", "enum": ["red", "blue"], "default": "red"}
    assert fields["count"] == {"type": "integer", "minimum": 1}
    assert fields["every"]["pattern"].startswith("^(0|")
    assert fields["keys"] == {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        "items": {
            "type": "object",
            "x-kubernetes-map-type": "atomic",
            "properties": {"name": {"type": "string", "default": ""}},
        },
    }
    assert fields["open"] == OPEN_OBJECT
    assert fields["port"] == {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True}
    assert fields["words"] == {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.kind}-{kind.version}")
def test_the_models_say_what_the_reference_says(kind: Kind) -> None:
    """Names, types, defaults, limits, rules; what is inside Kubernetes' own types is theirs to say."""
    file = REFERENCE / f"{kind.kind}.{kind.version}.json"
    if not file.exists():
        pytest.skip(f"there is no ../shared/schema/{file.name} beside this checkout")
    reference = json.loads(file.read_text())
    assert kind.plural == reference["names"]["plural"]
    assert [kind.short_name] == reference["names"]["shortNames"]
    ours, theirs = structural_schema(kind.model), reference["openAPIV3Schema"]
    assert set(theirs["required"]) <= set(ours["required"])
    assert list(_differences(ours["properties"]["spec"], theirs["properties"]["spec"], "spec")) == []


def _differences(ours: dict[str, Any], theirs: dict[str, Any], path: str) -> Iterator[str]:
    if ours == OPEN_OBJECT:
        return
    for keyword in ours.keys() | theirs.keys():
        mine, other = ours.get(keyword, {}), theirs.get(keyword, {})
        if keyword == "properties":
            yield from (f"{path}.{name} is in one only" for name in mine.keys() ^ other.keys())
            for name in mine.keys() & other.keys():
                yield from _differences(mine[name], other[name], f"{path}.{name}")
        elif keyword in {"items", "additionalProperties"} and mine and other:
            yield from _differences(mine, other, f"{path}[]")
        elif _sorted(mine) != _sorted(other):
            yield f"{path}: {keyword} is {mine}, not {other}"


def _sorted(value: object) -> object:
    return sorted(json.dumps(item, sort_keys=True) for item in value) if isinstance(value, list) else value


def test_a_difference_is_seen() -> None:
    ours = structural_schema(Small)
    theirs = json.loads(json.dumps(ours))
    theirs["properties"]["keys"]["items"]["properties"]["name"]["default"] = "x"
    theirs["properties"]["more"] = {"type": "string"}
    del theirs["required"]
    found = list(_differences(ours, theirs, "spec"))
    assert len(found) == 3
    assert any("keys[].name: default" in line for line in found)
