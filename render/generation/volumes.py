"""Volumes of a pod and where its containers mount them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from render.generation import embedded
from render.generation.resource_names import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.generation.fields import Block


@dataclass(frozen=True, slots=True)
class Mounts:
    """Volumes, and the mounts of them in the server's container."""

    volumes: list[Block] = field(default_factory=list)
    mounts: list[Block] = field(default_factory=list)

    def add(self, volume: Block, path: str, sub_path: str = "") -> None:
        """Add a volume and mount it to be read."""
        self.volumes.append(volume)
        self.mounts.append(mount(volume["name"], path, sub_path=sub_path, read_only=True))

    def extend(self, other: Mounts) -> None:
        """Add the volumes and mounts of another."""
        self.volumes.extend(other.volumes)
        self.mounts.extend(other.mounts)


def mount(name: str, path: str, *, sub_path: str = "", read_only: bool = False) -> Block:
    """A mount of the volume `name`."""
    out: Block = {"name": name, "mountPath": path}
    if read_only:
        out["readOnly"] = True
    if sub_path:
        out["subPath"] = sub_path
    return out


def secret(name: str, secret_name: str, *keys: str) -> Block:
    """A Secret as files; only `keys`, if there are any."""
    source: Block = {"secretName": secret_name}
    if keys:
        source["items"] = [{"key": key, "path": key} for key in keys]
    return {"name": name, "secret": source}


def config_map(name: str, config_map_name: str, *, optional: bool = False) -> Block:
    """A ConfigMap as files; an optional one need not exist."""
    source: Block = {"name": config_map_name}
    if optional:
        source["optional"] = True
    return {"name": name, "configMap": source}


def projected_secrets(name: str, secret_names: Iterable[str]) -> Block:
    """Several Secrets in one folder."""
    return {"name": name, "projected": {"sources": [{"secret": {"name": secret}} for secret in secret_names]}}


def tls_assets(prefix: str, count: int, *, written: bool) -> Block:
    """The folder of TLS files: so many Secrets, or, where the reloader writes the files, an empty one."""
    if written:
        return memory("tls-assets")
    return projected_secrets("tls-assets", [f"{prefix}-tls-assets-{number}" for number in range(count)])


def empty(name: str) -> Block:
    """An empty folder of the node."""
    return {"name": name, "emptyDir": {}}


def memory(name: str) -> Block:
    """An empty folder in memory, so that what is secret is never written to a disk."""
    return {"name": name, "emptyDir": {"medium": "Memory"}}


def named_objects(spec: Any, folder: str) -> Mounts:  # noqa: ANN401 - the spec of a workload object
    """The Secrets and ConfigMaps that `secrets` and `configMaps` name, each mounted below `folder`.

    Raises Rejection when no volume can be named after one.
    """
    out = Mounts()
    for number, name in enumerate(spec.secrets or ()):
        volume = label("secret", name, f"spec.secrets[{number}]")
        out.add(secret(volume, name), f"{folder}/secrets/{name}")
    for number, name in enumerate(spec.configMaps or ()):
        volume = label("configmap", name, f"spec.configMaps[{number}]")
        out.add(config_map(volume, name), f"{folder}/configmaps/{name}")
    return out


@dataclass(frozen=True, slots=True)
class Storage:
    """Where a server keeps its data: the volume's name, and the volume or the claims that it is made by."""

    name: str
    volumes: list[Block]
    claims: list[Block]
    in_root: bool

    def mount(self, path: str, folder: str) -> Block:
        """Mount the storage; `folder` is the folder in it that holds the data, unless the root does."""
        return mount(self.name, path, sub_path="" if self.in_root else folder)


def storage(given: dict[str, Any] | None, name: str, field: str = "spec.storage") -> Storage:
    """The storage that an object asks for, an empty folder of the node where it asks for none.

    `name` is the name of the volume unless a claim template has one. Raises Rejection when a quantity is none.
    """
    asked = embedded.plain(given, field)
    if asked is None:
        return Storage(name, [empty(name)], [], in_root=True)
    template = asked.get("volumeClaimTemplate") or {}
    claim_name = (template.get("metadata") or {}).get("name") or name
    in_root = bool(asked.get("disableMountSubPath"))
    for kind in ("emptyDir", "ephemeral"):
        if kind in asked:
            return Storage(name, [{"name": name, kind: asked[kind]}], [], in_root=in_root)
    return Storage(claim_name, [], [_claim(template, claim_name)], in_root=in_root)


def _claim(template: Block, name: str) -> Block:
    metadata = {key: value for key, value in (template.get("metadata") or {}).items() if key != "name"}
    spec = dict(template.get("spec") or {})
    spec.setdefault("accessModes", ["ReadWriteOnce"])
    return {
        "apiVersion": template.get("apiVersion") or "v1",
        "kind": template.get("kind") or "PersistentVolumeClaim",
        "metadata": {"name": name, **metadata},
        "spec": spec,
    }
