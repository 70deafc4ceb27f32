"""`--resolve-secrets`: the configuration with its references resolved, and the files that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reloaders import cluster, materialize, placeholders
from reloaders.placeholders import Reference, Unresolved

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = r"([01])_([a-z0-9-]+)_([a-z0-9.-]+)_([-._a-zA-Z0-9]+)"
_KINDS = {"0": "secret", "1": "configmap"}
_SHORTEST_REDACTED = 4  # shorter values are found in any text
_QUOTED = 7  # characters of a value that a server's YAML error quotes before an ellipsis


@dataclass(frozen=True)
class Resolved:
    """A configuration without references: its content, unset variables, and the files of `--tls-assets-dir` by name."""

    content: bytes
    unset: tuple[str, ...]
    files: dict[str, bytes] = field(repr=False)


class Resolver:
    """Reads what a configuration refers to; each call reads each object once and fresh."""

    def __init__(self, api: cluster.Cluster, tls_folder: str, *, watch: bool) -> None:
        self._api = api
        self._watch = watch
        self._folder = tls_folder.rstrip("/")
        self._values: set[str] = set()
        self._written: frozenset[str] = frozenset()

    def resolve(self, content: bytes, environment: Mapping[str, str]) -> Resolved:
        """Resolve everything and watch just those objects; raises `Unresolved` with every fault."""
        fetched: dict[cluster.Object, cluster.Fetched] = {}
        self._values = set()

        def lookup(reference: Reference) -> bytes:
            wanted = cluster.Object(reference.kind, reference.namespace, reference.name)
            if wanted not in fetched:
                fetched[wanted] = self._api.fetch(wanted)
            return cluster.value(fetched[wanted], reference)

        def remembered(reference: Reference) -> bytes:
            stored = lookup(reference)
            self._values |= placeholders.texts_of(reference, stored)
            return stored

        faults: list[str] = []
        files: dict[str, bytes] = {}
        for name, reference in self._named_files(content).items():
            try:
                files[name] = lookup(reference)
            except Unresolved as error:
                faults.extend(error.faults)
        try:
            finished, unset = placeholders.resolve(content, environment, remembered)
        except Unresolved as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
        finally:
            if self._watch:
                self._api.watch(fetched)
        if faults:
            raise Unresolved(faults)
        return Resolved(finished, unset, files)

    def write_files(self, files: dict[str, bytes]) -> None:
        """Write the files (mode 0600); those of the last configuration stay. Raises `CannotMaterialize`."""
        for name, content in files.items():
            materialize.write(f"{self._folder}/{name}", content, materialize.SECRET_MODE)
        self._written = frozenset(files)

    def remove_others(self) -> None:
        """Remove the files that the configuration names no more, which the server has until it has loaded that.

        Raises `CannotMaterialize`.
        """
        if not self._folder:
            return
        try:
            for path in Path(self._folder).iterdir():
                if re.fullmatch(_FILE, path.name) and path.name not in self._written:
                    path.unlink()
        except OSError as error:
            raise materialize.CannotMaterialize(f"{self._folder}: {error.strerror}") from None

    def redacted(self, text: str) -> str:
        """The text without any value of this configuration, also where a server quotes only a value's start."""
        for secret in sorted(self._values, key=len, reverse=True):
            if len(secret) >= _SHORTEST_REDACTED:
                text = text.replace(secret, "<secret>").replace(secret[:_QUOTED] + "...", "<secret>")
        return text

    def _named_files(self, content: bytes) -> dict[str, Reference]:
        if not self._folder:
            return {}
        pattern = rf"{re.escape(self._folder)}/({_FILE})(?![-._a-zA-Z0-9])"
        found = re.finditer(pattern.encode(), content)
        groups = [tuple(part.decode() for part in match.groups()) for match in found]
        return {name: Reference(_KINDS[kind], *rest) for name, kind, *rest in groups}
