"""A `ResourceList`, what KRM functions get and give (the specification of functions, config.kubernetes.io/v1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.sources import kyaml
from render.sources.bookkeeping import as_written
from render.sources.document import Document, Origin
from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_VERSIONS = ("config.kubernetes.io/v1", "config.kubernetes.io/v1beta1", "config.kubernetes.io/v1alpha1")
PATH = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
INDEX = ("internal.config.kubernetes.io/index", "config.kubernetes.io/index")


@dataclass(frozen=True, slots=True)
class ResourceList:
    """The list as it was given, its items, and the settings of its function configuration by name."""

    raw: dict[str, Any]
    items: list[dict[str, Any]]
    settings: Mapping[str, Any]

    def documents(self) -> Iterator[Document]:
        """The items; their origin is the file that the caller's annotations name."""
        for number, item in enumerate(self.items):
            index = annotation(item, INDEX)
            yield Document(
                as_written(item), Origin(annotation(item, PATH), int(index) if index.isdigit() else number, 0)
            )


def read(raw: bytes) -> ResourceList:
    """Read a ResourceList.

    :raises UnusableSourceError: the text is none
    """
    try:
        documents = [document.value for document in kyaml.load_all(raw) if document.value is not None]
    except kyaml.KyamlError as error:
        raise UnusableSourceError(f"standard input does not parse: {error}") from None
    found = documents[0] if len(documents) == 1 else None
    if (
        not isinstance(found, dict)
        or found.get("kind") != "ResourceList"
        or found.get("apiVersion") not in API_VERSIONS
    ):
        raise UnusableSourceError(
            "standard input holds no ResourceList", "this is for callers of KRM functions; see promrender render"
        )
    items = found.get("items") or []
    if not isinstance(items, list) or not all(map(_is_object, items)):
        raise UnusableSourceError("an item of the ResourceList is no Kubernetes object: it has no apiVersion and kind")
    return ResourceList(found, items, _settings(found.get("functionConfig") or {}))


def _is_object(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("kind"), str) and isinstance(item.get("apiVersion"), str)


def _settings(configuration: object) -> Mapping[str, Any]:
    """What a function configuration says: the `data` of a ConfigMap, the `spec` of anything else."""
    if not isinstance(configuration, dict):
        raise UnusableSourceError("functionConfig is no mapping")
    field = "data" if configuration.get("kind") == "ConfigMap" else "spec"
    settings = configuration.get(field) or {}
    if not isinstance(settings, dict):
        raise UnusableSourceError(f"functionConfig: {field} is no mapping")
    return settings


def annotation(item: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of some annotations that an object has; empty when it has none."""
    metadata = item.get("metadata")
    found = metadata.get("annotations") if isinstance(metadata, dict) else None
    given = found if isinstance(found, dict) else {}
    return next((str(given[name]) for name in names if given.get(name) is not None), "")
