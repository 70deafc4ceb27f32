"""Secrets and ConfigMaps as the operator makes them: metadata, base64, gzip and shards by size."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

from render.output import goyaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from render.api.metadata import ObjectMeta
    from render.findings import ObjectKey
    from render.options import Options

Manifest = dict[str, Any]
"""A Kubernetes object as a plain mapping."""

MANAGED_BY = {"app.kubernetes.io/managed-by": "prometheus-operator", "managed-by": "prometheus-operator"}
PREFIXES = {
    "Prometheus": "prometheus",
    "PrometheusAgent": "prom-agent",
    "Alertmanager": "alertmanager",
    "ThanosRuler": "thanos-ruler",
}
"""What the names of all that is made of a kind of workload object begin with."""
SECRET_LIMIT = 1_048_576
"""Bytes that Kubernetes stores in one Secret or ConfigMap at most."""
SHARD_LIMIT = SECRET_LIMIT - 50_000
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def prefix(key: ObjectKey) -> str:
    """What the names of all that is made of a workload object begin with."""
    return f"{PREFIXES[key.kind]}-{key.name}"


class Owner:
    """The workload object that generated objects belong to."""

    __slots__ = ("api_version", "key", "metadata", "uid")

    def __init__(self, key: ObjectKey, api_version: str, metadata: ObjectMeta) -> None:
        self.key = key
        self.api_version = api_version
        self.metadata = metadata
        self.uid = metadata.uid


def secret(
    name: str, owner: Owner, options: Options, data: Mapping[str, bytes], labels: Mapping[str, str] | None = None
) -> Manifest:
    """A Secret of the owner's namespace."""
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    return _payload("Secret", metadata(name, owner, options, labels), encoded)


def config_map(
    name: str, owner: Owner, options: Options, data: Mapping[str, str], labels: Mapping[str, str] | None = None
) -> Manifest:
    """A ConfigMap of the owner's namespace."""
    return _payload("ConfigMap", metadata(name, owner, options, labels), data)


def _payload(kind: str, head: Manifest, data: Mapping[str, str]) -> Manifest:
    """An object with entries. One without leaves them out: Kubernetes drops what is empty, and would see a change."""
    out: Manifest = {"apiVersion": "v1", "kind": kind, "metadata": head}
    return {**out, "data": dict(sorted(data.items()))} if data else out


def metadata(name: str, owner: Owner, options: Options, labels: Mapping[str, str] | None = None) -> Manifest:
    """Metadata of a generated object; an owner reference only when the owner carries a UID."""
    out: Manifest = {
        "name": name,
        "namespace": owner.key.namespace,
        "labels": dict(sorted({**(labels or {}), **options.labels, **MANAGED_BY}.items())),
    }
    if options.annotations:
        out["annotations"] = dict(sorted(options.annotations.items()))
    if owner.uid:
        out["ownerReferences"] = [
            {
                "apiVersion": owner.api_version,
                "blockOwnerDeletion": True,
                "controller": True,
                "kind": owner.key.kind,
                "name": owner.key.name,
                "uid": owner.uid,
            },
        ]
    return out


def document(block: Mapping[str, Any] | None) -> bytes:
    """A file's text; no block gives an empty file."""
    return b"" if block is None else goyaml.dumps(block).encode()


def gzip(pieces: Iterable[bytes]) -> bytes:
    """Content in pieces gzipped without a time, so that the same content gives the same bytes anywhere."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    out, checksum, size = [_GZIP_HEADER], 0, 0
    for piece in pieces:
        out.append(compressor.compress(piece))
        checksum = zlib.crc32(piece, checksum)
        size += len(piece)
    out += (compressor.flush(), checksum.to_bytes(4, "little"), (size & 0xFFFFFFFF).to_bytes(4, "little"))
    return b"".join(out)


def shards(data: Mapping[str, bytes]) -> list[dict[str, bytes]]:
    """Entries split over as many mappings as the size limit of one Secret asks for, at least one.

    An entry weighs its key and its value. Entries go in key order; one that would overflow the open shard opens the
    next, and an entry above the limit has a shard of its own (facts: sharded Secrets of the operator 0.93).
    """
    out: list[dict[str, bytes]] = [{}]
    size = 0
    for key in sorted(data):
        weight = len(key.encode()) + len(data[key])
        if size + weight > SHARD_LIMIT:
            out.append({})
            size = 0
        out[-1][key] = data[key]
        size += weight
    return out
