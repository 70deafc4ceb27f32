"""Paths of URLs and files as Go cleans and writes them."""

from __future__ import annotations

import posixpath
from urllib.parse import quote

_PLAIN_IN_PATHS = "$&+,/:;=@~"


def clean(path: str) -> str:
    """The shortest path that means the same, as `path.Clean` gives it: `//a/./b/` is `/a/b`, nothing is `.`."""
    cleaned = posixpath.normpath(path)
    return "/" + cleaned.lstrip("/") if cleaned.startswith("/") else cleaned


def url(scheme: str, host: str, path: str) -> str:
    """A URL whose path is written as `url.URL.String` does it."""
    return f"{scheme}://{host}{'' if path.startswith('/') else '/'}{quote(path, safe=_PLAIN_IN_PATHS)}"


def folder(path: str) -> str:
    """The folder of a file, as `filepath.Dir` gives it: `.` for a bare name."""
    return clean(posixpath.dirname(path) or ".")
