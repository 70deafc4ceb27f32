"""Every field is described, once, and no description is left over."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import get_args

import pytest

from render.api import ALL
from render.api.descriptions import EVERYWHERE, FOLDER, KINDS, descriptions, summary, tables
from render.api.model import Model, fields
from render.api.relabeling import RelabelConfig

LONGEST = 200


def _structs(kind: object, found: set[type[Model]]) -> set[type[Model]]:
    if isinstance(kind, type) and issubclass(kind, Model):
        if kind not in found:
            found.add(kind)
            for field in fields(kind):
                _structs(field.type, found)
    else:
        for argument in get_args(kind):
            _structs(argument, found)
    return found


STRUCTS = sorted({struct for kind in ALL for struct in _structs(kind.model, set())}, key=str)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: f"{struct.__module__}.{struct.__name__}")
def test_every_field_is_described_in_a_sentence(struct: type[Model]) -> None:
    for name, text in descriptions(struct).items():
        assert len(text) <= LONGEST, name
        assert text == " ".join(text.split()), name
        assert text.endswith((".", ",", ";", "$1", ")")), name


def test_a_struct_says_it_for_itself_before_what_is_said_everywhere() -> None:
    assert "(.*)" in descriptions(RelabelConfig)["regex"]


def test_every_kind_has_a_summary() -> None:
    assert {kind.kind for kind in ALL} == set(tables()[KINDS])
    assert summary("Probe").startswith("Asks a prober")


def test_an_unknown_field_is_an_error_that_names_it() -> None:
    class Odd(Model, kw_only=True, frozen=True):
        undescribedField: str  # noqa: N815 - as the API writes

    with pytest.raises(KeyError, match=r"Odd\.undescribedField"):
        descriptions(Odd)


def test_nothing_is_described_twice() -> None:
    said = Counter(
        (name, field)
        for file in FOLDER.glob("*.toml")
        for name, table in tomllib.loads(file.read_text()).items()
        for field in table
    )
    assert [entry for entry, times in said.items() if times > 1] == []


def test_no_description_is_left_over() -> None:
    used: set[tuple[str, str]] = set()
    for struct in STRUCTS:
        order = [base.__name__ for base in struct.__mro__] + [EVERYWHERE]
        for field in fields(struct):
            used.add(next((name, field.encode_name) for name in order if field.encode_name in tables().get(name, {})))
    written = {(name, field) for name, table in tables().items() if name != KINDS for field in table}
    assert written - used == set()
