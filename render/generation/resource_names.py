"""Names of volumes made of the names of Secrets and ConfigMaps, which may be longer and hold dots."""

from __future__ import annotations

import re

import xxhash

from render.findings import Rejection

LONGEST_NAME = 54
"""Characters before the hash: a DNS label has 63 at most, the hyphen and the hash need nine."""
HASH_LENGTH = 8
_NOT_IN_LABEL = re.compile("[^a-z0-9-]+")
_LABEL = re.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def unique_label(prefix: str, name: str, field: str) -> str:
    """`prefix` and `name` as a DNS label, with a hash of `name` so that two names never give the same label.

    Raises Rejection when nothing of the name is left. Source: facts on unique resource names of the operator 0.93.
    """
    joined = f"{prefix.rstrip('-')}-{name}" if prefix else name
    label = _NOT_IN_LABEL.sub("-", joined.lower()).strip("-")[:LONGEST_NAME]
    unique = f"{label}-{xxhash.xxh64_intdigest(name.encode()):x}"[: len(label) + 1 + HASH_LENGTH]
    if not _LABEL.fullmatch(unique):
        message = f"{name!r} cannot be made into the name of a volume"
        raise Rejection(message, field, hint="name a Secret or ConfigMap")
    return unique
