"""What all our containers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
