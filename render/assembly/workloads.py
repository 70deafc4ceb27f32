"""StatefulSets, DaemonSets and their governing Services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import xxhash

from render.assembly import kubernetes
from render.generation import embedded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.fields import Block
    from render.generation.pods import Pod
    from render.options import Options

INPUT_HASH = "prometheus-operator-input-hash"
KUBECTL = "kubectl.kubernetes.io/"
"""Annotations of kubectl stay with the object that they were made for; `kubectl apply --prune` would delete ours."""


def stateful_set(name: str, pod: Pod, owner: Owner, options: Options) -> Manifest:
    """A StatefulSet of `pod`s. Raises Rejection when a quantity in it is none."""
    spec = pod.spec
    body: Manifest = {
        "serviceName": spec.serviceName or pod.service,
        "replicas": pod.replicas,
        "podManagementPolicy": spec.podManagementPolicy or "Parallel",
        "updateStrategy": embedded.plain(spec.updateStrategy, "spec.updateStrategy") or {"type": "RollingUpdate"},
        "selector": {"matchLabels": pod.selector_labels(options)},
        "template": pod.template(options),
    }
    if spec.minReadySeconds:
        body["minReadySeconds"] = spec.minReadySeconds
    if pod.claims:
        body["volumeClaimTemplates"] = pod.claims
    retention = getattr(spec, "persistentVolumeClaimRetentionPolicy", None)
    if retention is not None:
        body["persistentVolumeClaimRetentionPolicy"] = embedded.plain(retention, "spec")
    out = _workload("StatefulSet", name, body, pod, owner, options)
    annotations = {**out["metadata"].get("annotations", {}), INPUT_HASH: _digest(out)}
    out["metadata"]["annotations"] = dict(sorted(annotations.items()))
    return out


def daemon_set(name: str, pod: Pod, owner: Owner, options: Options) -> Manifest:
    """A DaemonSet of `pod`s. Raises Rejection when a quantity in it is none."""
    body: Manifest = {
        "selector": {"matchLabels": pod.selector_labels(options)},
        "template": pod.template(options),
    }
    if pod.spec.minReadySeconds:
        body["minReadySeconds"] = pod.spec.minReadySeconds
    return _workload("DaemonSet", name, body, pod, owner, options)


def _workload(kind: str, name: str, body: Manifest, pod: Pod, owner: Owner, options: Options) -> Manifest:
    labels = {
        **kubernetes.MANAGED_BY,
        **owner.metadata.labels,
        **pod.labels,
        **body["selector"]["matchLabels"],
        **options.labels,
    }
    annotations = {**owner.metadata.annotations, **options.annotations}
    kept = {key: value for key, value in sorted(annotations.items()) if not key.startswith(KUBECTL)}
    head = kubernetes.metadata(name, owner, options) | {"labels": dict(sorted(labels.items()))}
    head.pop("annotations", None)
    if kept:
        head["annotations"] = kept
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": head, "spec": body}


def _digest(workload: Manifest) -> str:
    """A hash over everything that enters an object, so that a tool can tell whether anything changed."""
    return str(xxhash.xxh64_intdigest(json.dumps(workload, sort_keys=True).encode()))


def service(name: str, owner: Owner, options: Options, labels: Mapping[str, str], spec: Block) -> Manifest:
    """A headless Service that gives the pods of StatefulSets their names."""
    head = kubernetes.metadata(name, owner, options, labels)
    for reference in head.get("ownerReferences", ()):  # several objects of a namespace own it
        del reference["controller"], reference["blockOwnerDeletion"]
    return {"apiVersion": "v1", "kind": "Service", "metadata": head, "spec": {"clusterIP": "None", **spec}}


def port(name: str, number: int, target: str | int = "", protocol: str = "TCP") -> Block:
    """A port of a Service, by default that of the same name in the pods."""
    return {"name": name, "port": number, "targetPort": target or name, "protocol": protocol}


def share_services(manifests: Iterable[Manifest]) -> list[Manifest]:
    """The manifests, with one governing Service for all objects of a namespace that ask for it.

    It has the ports and the owners of all of them.
    """
    out: list[Manifest] = []
    found: dict[tuple[str, str], Manifest] = {}
    for manifest in manifests:
        if manifest["kind"] != "Service":
            out.append(manifest)
            continue
        metadata = manifest["metadata"]
        shared = found.setdefault((metadata["namespace"], metadata["name"]), manifest)
        if shared is manifest:
            out.append(manifest)
        else:
            _join(shared, manifest)
    return out


def _join(shared: Manifest, other: Manifest) -> None:
    names = {one["name"] for one in shared["spec"]["ports"]}
    shared["spec"]["ports"] += [one for one in other["spec"]["ports"] if one["name"] not in names]
    owners: list[Any] = [
        *shared["metadata"].get("ownerReferences", ()),
        *other["metadata"].get("ownerReferences", ()),
    ]
    if owners:
        shared["metadata"]["ownerReferences"] = owners
