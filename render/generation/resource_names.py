"""Names of volumes made of the names of Secrets and ConfigMaps, which may be longer and hold dots."""

from __future__ import annotations

import re

import xxhash

from render.findings import Rejection

LONGEST_LABEL = 63
HASH_LENGTH = 8
_NOT_IN_LABEL = re.compile("[^a-z0-9-]+")
_LABEL = re.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def label(prefix: str, name: str, field: str) -> str:
    """`prefix` and `name` as a DNS label (RFC 1123). Raises Rejection when nothing of the name is left."""
    return _checked(_joined(prefix, name)[:LONGEST_LABEL], name, field)


def unique_label(prefix: str, name: str, field: str) -> str:
    """`prefix` and `name` as a DNS label, with a hash of `name` so that two names never give the same label.

    Raises Rejection when nothing of the name is left. Source: facts on unique resource names of the operator 0.93.
    """
    head = _joined(prefix, name)[: LONGEST_LABEL - 1 - HASH_LENGTH]
    digits = f"{xxhash.xxh64_intdigest(name.encode()):x}"[:HASH_LENGTH]
    return _checked(f"{head}-{digits}", name, field)


def _joined(prefix: str, name: str) -> str:
    joined = f"{prefix.rstrip('-')}-{name}" if prefix else name
    return _NOT_IN_LABEL.sub("-", joined.lower()).strip("-")


def _checked(made: str, name: str, field: str) -> str:
    if not _LABEL.fullmatch(made):
        message = f"{name!r} cannot be made into the name of a volume"
        raise Rejection(message, field, hint="name a Secret or ConfigMap")
    return made
