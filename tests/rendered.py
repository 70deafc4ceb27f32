"""Reading what was rendered: the entries of a Secret or ConfigMap as text."""

from __future__ import annotations

import base64
import gzip
from typing import Any

GZIP = b"\x1f\x8b"


def entries(rendered: dict[str, Any]) -> dict[str, str]:
    """Each entry of a Secret or ConfigMap, decoded and gunzipped, by its name without `.gz`."""
    raw = {key: value.encode() for key, value in (rendered.get("stringData") or {}).items()}
    for key, value in (rendered.get("data") or {}).items():
        raw[key] = base64.b64decode(value) if rendered["kind"] == "Secret" else value.encode()
    for key, value in (rendered.get("binaryData") or {}).items():
        raw[key] = base64.b64decode(value)
    return {key.removesuffix(".gz"): _plain(value).decode() for key, value in raw.items()}


def _plain(value: bytes) -> bytes:
    return gzip.decompress(value) if value.startswith(GZIP) else value
