"""The image of a container: given as it is, or made of a repository and a digest, a tag or a version."""

from __future__ import annotations

import re

from render.findings import Rejection

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?"
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_REFERENCE = re.compile(
    rf"(?:{_HOST}/)?{_COMPONENT}(?:/{_COMPONENT})*(?P<chosen>:\w[\w.-]{{0,127}})?"
    r"(?P<digest>@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?",
    re.ASCII,
)
"""A reference to an image, as container registries read it (the grammar of the distribution project)."""
_DEFAULT_HOST = "docker.io"
_OFFICIAL = "library"


def image(given: str | None, base: str, version: str, *, tag: str | None = None, sha: str | None = None) -> str:
    """The image to run: `given` wins, then a tag or digest in `base` itself, then `sha`, `tag` and `version`.

    Raises Rejection when `base` is no repository or `tag` no tag. Source: how the operator 0.93 builds image paths; a
    repository with a tag is written in full, `docker.io` included.
    """
    if given and given.strip():
        return given
    found = _REFERENCE.fullmatch(base)
    if found is None:
        message = f"{base!r} is no repository of images"
        raise Rejection(message, "spec.baseImage", hint="write one such as quay.io/prometheus/prometheus")
    if found["chosen"] or found["digest"]:
        return base
    if sha and sha.strip():
        return f"{base}@sha256:{sha}"
    if tag and tag.strip():
        if not _TAG.fullmatch(tag):
            message = f"{tag!r} is no tag of an image"
            raise Rejection(message, "spec.tag", hint="a tag has letters, digits, dots, dashes and underscores")
        return f"{_in_full(base)}:{tag}"
    return f"{base}:{version}"


def _in_full(repository: str) -> str:
    """The repository with its host: `reg/base` is on docker.io, and so is `base`, among the official ones."""
    host, slash, rest = repository.partition("/")
    if slash and ("." in host or ":" in host or host == "localhost" or host != host.lower()):
        return f"{_DEFAULT_HOST}/{rest}" if host == "index.docker.io" else repository
    return f"{_DEFAULT_HOST}/{repository}" if slash else f"{_DEFAULT_HOST}/{_OFFICIAL}/{repository}"
