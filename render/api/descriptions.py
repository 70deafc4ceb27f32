"""What the fields of the API mean, in the project's own words: `descriptions/*.toml`.

A table of a file is named as a struct and describes its fields; structs of the same name in several versions share
it. The table `fields` describes fields by name alone: those that mean the same wherever they stand. `kinds` has a line
for each kind.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from render.api.model import fields

if TYPE_CHECKING:
    from render.api.model import Model

FOLDER = Path(__file__).with_name("descriptions")
EVERYWHERE = "fields"
KINDS = "kinds"

Tables = dict[str, dict[str, str]]


@cache
def tables() -> Tables:
    """Return all tables; one that is in several files is put together."""
    found: Tables = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found.setdefault(name, {}).update(table)
    return found


def descriptions(model: type[Model]) -> dict[str, str]:
    """Return the description of each field of a struct by its name in the API.

    A struct's own table comes first, then those of the structs that it extends, then what is the same everywhere.

    :raises KeyError: a field is described nowhere
    """
    found = tables()
    order = [found[base.__name__] for base in model.__mro__ if base.__name__ in found] + [found[EVERYWHERE]]
    names = [field.encode_name for field in fields(model)]
    return {
        name: next((table[name] for table in order if name in table), "") or _missing(model, name) for name in names
    }


def summary(kind: str) -> str:
    """Return what a kind is for."""
    return tables()[KINDS][kind]


def _missing(model: type[Model], name: str) -> str:
    raise KeyError(f"{model.__name__}.{name} has no description in {FOLDER.name}/")
