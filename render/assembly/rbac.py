"""The account that a server runs as, and Roles that allow it what its configuration needs, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from render.assembly import kubernetes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.findings import ObjectKey
    from render.generation.fields import Block
    from render.generation.prometheus.access import Access, Resource
    from render.objects.index import Object, Objects
    from render.options import Options

GROUP = "rbac.authorization.k8s.io"
DEFAULT_ACCOUNT = "default"
"""Every namespace has it."""


def own_account(key: ObjectKey) -> str:
    """The name of the account of an object that names none."""
    return kubernetes.prefix(key)


def with_account(workload: Object[Any], options: Options) -> Object[Any]:
    """The workload object, running as an account of its own where it names none (`--rbac`)."""
    if not options.rbac or workload.value.spec.serviceAccountName:
        return workload
    spec = msgspec.structs.replace(workload.value.spec, serviceAccountName=own_account(workload.key))
    return replace(workload, value=msgspec.structs.replace(workload.value, spec=spec))


def account(name: str | None, owner: Owner, objects: Objects, options: Options) -> Iterator[Manifest]:
    """The ServiceAccount `name`, else the owner's own, unless the source holds it.

    Its token is given only to pods that ask for it.
    """
    name = name or own_account(owner.key)
    if name == DEFAULT_ACCOUNT or (owner.key.namespace, name) in objects.service_accounts:
        return
    head = kubernetes.metadata(name, owner, options)
    if name != own_account(owner.key):  # other objects may run as it, too
        head.pop("ownerReferences", None)
    yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": head, "automountServiceAccountToken": False}


def roles(name: str | None, owner: Owner, access: Access, options: Options) -> Iterator[Manifest]:
    """Roles with their bindings to the account `name`, else the owner's own.

    One in each namespace that is looked into; one for the whole cluster only where something is read there.
    """
    everywhere = {resource[1:] for resource in access.resources if not resource.namespace}
    by_namespace: dict[str, list[Resource]] = {"": []} if access.paths else {}
    for resource in sorted(access.resources):
        if not resource.namespace or resource[1:] not in everywhere:
            by_namespace.setdefault(resource.namespace, []).append(resource)
    for namespace, resources in sorted(by_namespace.items()):
        rules = _rules(resources)
        if not namespace and access.paths:
            rules.append({"nonResourceURLs": sorted(access.paths), "verbs": ["get"]})
        yield from _role_and_binding(name or own_account(owner.key), owner, namespace, rules, options)


def _rules(resources: Iterable[Resource]) -> list[Block]:
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for resource in resources:
        grouped.setdefault((resource.group, resource.verbs), []).append(resource.name)
    return [
        {"apiGroups": [group], "resources": sorted(names), "verbs": list(verbs)}
        for (group, verbs), names in sorted(grouped.items())
    ]


def secret_roles(
    name: str | None, owner: Owner, reads: Iterable[tuple[str, str, str]], options: Options
) -> Iterator[Manifest]:
    """Roles that let the account `name` read just these Secrets and ConfigMaps: kind, namespace and name of each."""
    by_namespace: dict[str, dict[str, list[str]]] = {}
    for kind, namespace, wanted in sorted(reads):
        by_namespace.setdefault(namespace, {}).setdefault(f"{kind.lower()}s", []).append(wanted)
    for namespace, names in sorted(by_namespace.items()):
        rules: list[Block] = [
            {"apiGroups": [""], "resources": [resource], "resourceNames": wanted, "verbs": ["get", "watch"]}
            for resource, wanted in sorted(names.items())
        ]
        yield from _role_and_binding(name or DEFAULT_ACCOUNT, owner, namespace, rules, options, "-secrets")


def _role_and_binding(
    account: str, owner: Owner, namespace: str, rules: list[Block], options: Options, suffix: str = ""
) -> Iterator[Manifest]:
    """A Role with its binding, or those of the whole cluster where `namespace` is empty."""
    kind = "Role" if namespace else "ClusterRole"
    name = f"{kubernetes.PREFIXES[owner.key.kind]}-{owner.key.namespace}.{owner.key.name}{suffix}"
    head = kubernetes.metadata(name, owner, options)
    if namespace != owner.key.namespace:  # an owner elsewhere would let Kubernetes delete it
        head.pop("ownerReferences", None)
    del head["namespace"]
    if namespace:
        head = {"name": head.pop("name"), "namespace": namespace, **head}
    yield {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": head, "rules": rules}
    yield {
        "apiVersion": f"{GROUP}/v1",
        "kind": f"{kind}Binding",
        "metadata": head,
        "roleRef": {"apiGroup": GROUP, "kind": kind, "name": head["name"]},
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": owner.key.namespace}],
    }


def share_accounts(manifests: Iterable[Manifest]) -> Iterator[Manifest]:
    """The manifests, with one ServiceAccount for all objects that run as it."""
    seen = set()
    for manifest in manifests:
        if manifest["kind"] == "ServiceAccount":
            identity = manifest["metadata"]["namespace"], manifest["metadata"]["name"]
            if identity in seen:
                continue
            seen.add(identity)
        yield manifest
