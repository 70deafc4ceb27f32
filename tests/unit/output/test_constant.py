"""Mappings whose text is made once are written as any mapping is."""

from __future__ import annotations

import pytest

from render.output.goyaml import Constant, dumps

BLOCK = {"source_labels": ["a", "b"], "regex": "(.+);yes", "nested": {"on": "off", "empty": []}, "long": "word " * 30}


@pytest.mark.parametrize("around", [[BLOCK, BLOCK], [[BLOCK], [[BLOCK]]]], ids=["flat", "nested"])
def test_a_constant_is_written_as_its_mapping_is(around: list[object]) -> None:
    def constant(value: object) -> object:
        return [constant(entry) for entry in value] if isinstance(value, list) else Constant(BLOCK)

    value = {"steps": around, "deeper": {"steps": around}}
    constants = {"steps": constant(around), "deeper": {"steps": constant(around)}}
    assert dumps(constants) == dumps(value)
    assert dumps(constants) == dumps(value)


def test_an_empty_constant_is_an_empty_mapping() -> None:
    assert dumps([Constant({})]) == "- {}\n"
