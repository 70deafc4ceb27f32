"""Containers of the user merged over ours, by Kubernetes' strategic merge of a patch.

Mappings merge, lists are replaced, but for the lists whose items have a key of their own: those merge by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.generation.fields import Block

MERGE_KEYS = {"env": "name", "ports": "containerPort", "volumeMounts": "mountPath", "volumeDevices": "devicePath"}
"""Lists of a container that merge, with the field that tells their items apart."""
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
HANDLERS = ("grpc", "tcpSocket", "exec", "httpGet")
"""What a probe may do; only one of them, the first of these when a merge leaves two."""


def merge_containers(ours: Sequence[Block], theirs: Sequence[Block]) -> list[Block]:
    """Our containers, each with the user's of the same name merged into it, and then the user's other ones."""
    patches = {patch["name"]: patch for patch in theirs}
    names = {container["name"] for container in ours}
    merged = [_merged(container, patches.get(container["name"])) for container in ours]
    others = [patches[patch["name"]] for patch in theirs if patch["name"] not in names]
    return [*merged, *(_with_single_handlers(container) for container in others)]


def _merged(container: Block, patch: Block | None) -> Block:
    return container if patch is None else _with_single_handlers(_merge_mapping(container, patch))


def _merge_mapping(base: Block, patch: Block) -> Block:
    out = dict(base)
    for key, value in patch.items():
        if value in ("", []):
            continue
        out[key] = _merge_value(key, base.get(key), value)
    return out


def _merge_value(key: str, base: Any, patch: Any) -> Any:  # noqa: ANN401 - any part of a container
    if isinstance(base, dict) and isinstance(patch, dict):
        return _merge_mapping(base, patch)
    if isinstance(base, list) and isinstance(patch, list) and key in MERGE_KEYS:
        return _merge_list(base, patch, MERGE_KEYS[key])
    return patch


def _merge_list(base: list[Block], patch: list[Block], key: str) -> list[Block]:
    """Items with the same key merged. The patch's items keep their order; ours stand before the one they preceded.

    Ours that precede none of the patch's items come last (the order of `strategicpatch` in Kubernetes).
    """
    place = {repr(item.get(key)): number for number, item in enumerate(base)}
    changed = {repr(item.get(key)) for item in patch}
    kept = [item for item in base if repr(item.get(key)) not in changed]
    out: list[Block] = []
    for item in patch:
        number = place.get(repr(item.get(key)), -1)
        while kept and place[repr(kept[0].get(key))] < number:
            out.append(kept.pop(0))
        out.append(_merge_mapping(base[number], item) if number >= 0 else item)
    return out + kept


def _with_single_handlers(container: Block) -> Block:
    """Leave each probe one handler: a merge over ours would give it two, and Kubernetes refuses that."""
    out = dict(container)
    for name in PROBES:
        probe = out.get(name)
        if isinstance(probe, dict):
            wanted = next((handler for handler in HANDLERS if handler in probe), None)
            out[name] = {key: value for key, value in probe.items() if key not in HANDLERS or key == wanted}
    return out
