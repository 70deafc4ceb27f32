"""What all our containers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.generation import embedded

if TYPE_CHECKING:
    from render.generation.fields import Block


def hardened() -> Block:
    """No more rights than a server needs, and the end of its log as its last words."""
    return {
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }


def image_pull_policy(policy: str | None) -> Block:
    """The policy as a field, if there is one."""
    return {"imagePullPolicy": policy} if policy else {}


def environment_field(name: str, path: str) -> Block:
    """An environment variable that holds a field of the pod."""
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def environment_secret(name: str, secret: str, key: str) -> Block:
    """An environment variable that holds an entry of a Secret."""
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def resources(given: dict[str, Any] | None, *, memory: str = "", field: str = "spec.resources") -> Block:
    """What a container asks for and may use; `memory` is asked for where nothing is said about it.

    Raises Rejection when a quantity is none.
    """
    out: Block = embedded.plain(given or {}, field)
    return {**out, "requests": {"memory": memory, **out.get("requests", {})}} if memory else out
