"""A configuration with references, as it is written for a server: files where that may name them, else placeholders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from render import versions
from render.generation import file_fields
from render.output import goyaml
from render.selection.placeholders import Placeholder, literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from render.generation.fields import Block
    from render.generation.file_fields import FileField
    from render.versions import Version

Field = tuple[str, str]
"""Block and key."""
_READY = Placeholder | goyaml.WrittenItem
_TO_REWRITE = re.compile(r"\$\$\(|\$\((?:secret|configmap):")


@dataclass(frozen=True, slots=True)
class Referring:
    """Which fields of a server name files (block and key, to the file's key), and the folder of the files."""

    fields: Mapping[Field, str]
    folder: str

    def value(self, value: Any, block: str = "") -> Any:  # noqa: ANN401 - plain values of any shape
        """Plain values with files for placeholders, and other texts such that the reloader leaves them as they are.

        `block` is the key that the value, or the list that it is in, stands at.
        """
        if isinstance(value, str):
            return literal(value) if "$(" in value and not isinstance(value, _READY) else value
        if isinstance(value, list):
            return type(value)(self.value(item, block) for item in value)
        if isinstance(value, goyaml.Constant) and not _TO_REWRITE.search(value.text("\n")):
            return value
        if isinstance(value, dict):
            return dict(self._entry(key, item, value, block) for key, item in value.items())
        return value

    def written_item(self, value: Block, block: str) -> goyaml.WrittenItem:
        """An entry of the list `block`, written. Most have no reference and nothing like one: those are not walked."""
        text = goyaml.written_item(value)
        return goyaml.written_item(self.value(value, block)) if _TO_REWRITE.search(text) else text

    def _entry(self, key: Any, item: Any, within: Block, block: str) -> tuple[Any, Any]:  # noqa: ANN401 - as above
        if type(item) is str and "$(" not in item:
            return self.value(key), item
        if isinstance(item, Placeholder) and item.file:
            file_key = self.fields.get((block, key))
            if file_key is not None and file_key not in within:
                return file_key, f"{self.folder}/{item.file}"
        return self.value(key), self.value(item, key)


def server(rows: tuple[FileField, ...], version: Version, folder: str) -> Referring:
    """How references are written for a server of that version, whose files are in `folder`."""
    return Referring(_known(rows, version), folder)


def alertmanager(whole: Block, version: Version, folder: str) -> Referring:
    """As `server`, for an Alertmanager's `whole` configuration: some fields are files together or not at all."""
    fields = _known(file_fields.ALERTMANAGER, version)
    inline = set(_inline(whole, fields))
    apart = {field for group in file_fields.TOGETHER if group & inline for field in group}
    return Referring({field: file for field, file in fields.items() if field not in apart}, folder)


@lru_cache(maxsize=64)
def _known(rows: tuple[FileField, ...], version: Version) -> dict[Field, str]:
    return {(row.block, row.key): row.file for row in rows if version >= versions.parse(row.since)}


def _inline(value: Any, fields: Mapping[Field, str], block: str = "") -> Iterator[Field]:  # noqa: ANN401 - plain values
    """The fields that have a value which cannot be a file."""
    if isinstance(value, dict):
        for key, item in value.items():
            if item and not (isinstance(item, Placeholder) and item.file and (block, key) in fields):
                yield block, key
            yield from _inline(item, fields, key)
    elif isinstance(value, list):
        for item in value:
            yield from _inline(item, fields, block)
