"""The index of everything read, by kind, namespace and name: custom resources, Secrets, ConfigMaps and the like."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from render.findings import Finding, ObjectKey
    from render.objects.targets import Target
    from render.sources.document import Origin
    from render.sources.reading import Tree

T = TypeVar("T")

NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class Object(Generic[T]):
    """A custom resource: its identity, its decoded model and where it was read."""

    key: ObjectKey
    value: T
    origin: Origin


@dataclass(frozen=True, slots=True)
class Payload:
    """A Secret or a ConfigMap: the entries by key, as bytes once asked for.

    `encoded` holds base64 text (a Secret's `data`, a ConfigMap's `binaryData`), `plain` text.
    """

    key: ObjectKey
    plain: Mapping[str, str]
    encoded: Mapping[str, str]
    origin: Origin

    def get(self, entry: str) -> bytes | None:
        """The entry's bytes; None when there is no such entry.

        Raises ValueError when the entry is not base64; the text does not hold the value.
        """
        plain = self.plain.get(entry)
        if plain is not None:
            return plain.encode("utf-8", "surrogateescape")
        encoded = self.encoded.get(entry)
        if encoded is None:
            return None
        try:
            return base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            message = f"entry {entry!r} is not base64"
            raise ValueError(message) from None

    def entries(self) -> list[str]:
        """The entries' names, sorted."""
        return sorted({*self.plain, *self.encoded})


@dataclass(slots=True)
class Objects:
    """What a tree of manifests holds.

    `resources` maps a kind to its objects by (namespace, name); `secrets` and `config_maps` map (namespace, name);
    `namespaces` maps a name to its labels, `service_accounts` are (namespace, name). `findings` tells what was wrong or
    skipped on the way. `texts` keeps what cannot be read again (standard input) for the positions of later findings,
    `trees` what is not in the file system.

    Of a tree that is read whole (`gather.load_tree`) there is more: `targets`, the Services and what makes Pods;
    `annotations`, those of our own domain, by object; and `files`, the names of all files.
    """

    resources: dict[str, dict[tuple[str, str], Object[Any]]] = field(default_factory=dict)
    secrets: dict[tuple[str, str], Payload] = field(default_factory=dict)
    config_maps: dict[tuple[str, str], Payload] = field(default_factory=dict)
    namespaces: dict[str, Mapping[str, str]] = field(default_factory=dict)
    service_accounts: set[tuple[str, str]] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    trees: list[Tree] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    annotations: dict[ObjectKey, Mapping[str, str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def of_kind(self, kind: str) -> Iterable[Object[Any]]:
        """The objects of a kind, ordered by namespace and name."""
        found = self.resources.get(kind, {})
        return (found[identity] for identity in sorted(found))

    def origin(self, key: ObjectKey) -> Origin | None:
        """Where an object was read; None when it is not in the index."""
        identity = (key.namespace, key.name)
        found = {"Secret": self.secrets, "ConfigMap": self.config_maps}.get(key.kind) or self.resources.get(
            key.kind, {}
        )
        return found[identity].origin if identity in found else None

    def namespace_labels(self, name: str) -> Mapping[str, str]:
        """A namespace's labels; one that is named but not read carries its name alone, as every namespace does."""
        return {NAMESPACE_NAME_LABEL: name, **self.namespaces.get(name, {})}
