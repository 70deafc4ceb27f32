"""ObjectMeta, as Kubernetes has it."""

from typing import Any

from msgspec import Struct


class ObjectMeta(Struct, kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """Name, namespace, labels, annotations; the rest is what a cluster adds and an exported object carries along."""

    name: str = ""
    namespace: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    uid: str = ""
    generateName: str = ""
    selfLink: str = ""
    resourceVersion: str = ""
    generation: int = 0
    creationTimestamp: str | None = None
    deletionTimestamp: str | None = None
    deletionGracePeriodSeconds: int | None = None
    ownerReferences: list[dict[str, Any]] = []
    finalizers: list[str] = []
    managedFields: list[dict[str, Any]] = []
