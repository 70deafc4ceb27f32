"""From sources of every kind to one index: paths, commits of Git repositories, single objects, a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.findings import ObjectKey
from render.objects.load import add, indexed, inspect, inspect_whole, may_be_stored
from render.sources.manifests import RENDERED, SCRAPED
from render.sources.reading import Wish, fulfil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from render.objects.index import Objects
    from render.sources.cluster import Cluster
    from render.sources.document import Document
    from render.sources.reading import Tree


@dataclass(frozen=True, slots=True)
class Sources:
    """What to read, in this order.

    `paths` as `load.load_paths` takes them; `documents` are objects that something else has read already; `cluster`
    gives those of a cluster: one that another source has, too, is passed over, since what is being changed goes first.
    `cached`: files that have not changed since they were last read are not parsed again (`sources/cache.py`).
    """

    paths: Sequence[str] = ()
    trees: Sequence[Tree] = ()
    documents: Iterable[Document] = ()
    cluster: Cluster | None = None
    cached: bool = False


def load_sources(sources: Sources, default_namespace: str = "default") -> Objects:
    """Read and index everything; objects without a namespace get `default_namespace`.

    :raises UnusableSourceError: a repository or the cluster went away while it was read
    """
    return _load(sources, default_namespace, inspect, RENDERED)


def load_tree(sources: Sources, default_namespace: str = "default") -> Objects:
    """As `load_sources`, and what only validation asks for: Services, what makes Pods, annotations of our own."""
    return _load(sources, default_namespace, inspect_whole, SCRAPED)


def _load(
    sources: Sources, default_namespace: str, inspected: Callable[[Document], Any], words: Sequence[bytes]
) -> Objects:
    wish = Wish(inspected, words, cacheable=may_be_stored if sources.cached else None)
    found = fulfil(wish, sources.paths, trees=sources.trees)
    kept = [(document.origin, wish.inspect(document)) for document in sources.documents]
    found.kept += [entry for entry in kept if entry[1] is not None]
    objects = indexed(found, default_namespace)
    objects.trees += sources.trees
    if sources.cluster:
        _fill(objects, sources.cluster.documents(), wish)
        objects.findings += sources.cluster.findings
    return objects


def _fill(objects: Objects, documents: Iterable[Document], wish: Wish) -> None:
    """Add the cluster's objects that no other source has, one by one as they arrive."""
    scraped = {target.key for target in objects.targets}
    for document in documents:
        entry = wish.inspect(document)
        if entry is None:
            continue
        key = ObjectKey(*entry[1:4])
        known = key.name in objects.namespaces if key.kind == "Namespace" else objects.origin(key) is not None
        if not known and key not in scraped:
            add(objects, document.origin, entry, "")
