"""Whether the notification templates that a configuration names are there: files, and what is defined in them.

The reference operator does not look, and Alertmanager finds out only when it notifies. Here it is a warning.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from render.generation.alertmanager import base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.generation.alertmanager.server import Server
    from render.generation.fields import Block
    from render.objects.index import Payload

FOLDER = "/etc/alertmanager"
TEMPLATES = f"{FOLDER}/templates"
"""Where the templates of spec.alertmanagerConfiguration are mounted."""
MISSING = "template-missing"

_DEFINED = re.compile(r'\{\{-?\s*(?:define|block)\s+"([^"]+)"')
_USED = re.compile(r'\{\{-?\s*template\s+"([^"]+)"')
_BUILT_IN = re.compile(r"__.+|[a-z0-9]+\.default\..+")
"""Names that the server brings: `__subject`, `slack.default.title`."""

Files = dict[str, str]


def check(server: Server, configuration: Block) -> None:
    """Warn of files of templates that are missing, and of templates that no file defines."""
    files = dict(_mounted(server))
    named: Files = {}
    complete = True
    for pattern in configuration.get("templates") or ():
        matched = {path: text for path, text in files.items() if PurePosixPath(path).match(pattern)}
        named |= matched
        if not matched:
            complete = False
            if pattern.startswith(f"{FOLDER}/"):
                _warn(server, f"no file is mounted at {pattern}", "add it to the source, or correct the path")
    if complete:
        _check_names(server, configuration, named)


def _check_names(server: Server, configuration: Block, files: Files) -> None:
    defined = {name for text in files.values() for name in _DEFINED.findall(text)}
    used = {name for text in _texts(configuration) for name in _USED.findall(text)}
    for name in sorted(used - defined):
        if not _BUILT_IN.fullmatch(name):
            _warn(server, f"no file defines the template {name!r}", "define it, or add its file to the templates")


def _texts(configuration: Block) -> Iterator[str]:
    """The texts anywhere in a configuration that could name a template, in no order."""
    left: list[Any] = [configuration]
    while left:
        value = left.pop()
        if isinstance(value, str):
            if "{{" in value:
                yield value
        elif isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            left += value


def _mounted(server: Server) -> Iterator[tuple[str, str]]:
    """The files in the server's pod that come from Secrets and ConfigMaps: path and text."""
    own = server.spec.alertmanagerConfiguration
    for source in own.templates or () if own is not None else ():
        for kind, selector in (("ConfigMap", source.configMap), ("Secret", source.secret)):
            if selector is not None:
                yield from _entries(_payload(server, kind, selector.name), TEMPLATES, {selector.key})
    yield from _entries(_payload(server, "Secret", base.secret_name(server)), f"{FOLDER}/config")
    for name in server.spec.secrets or ():
        yield from _entries(_payload(server, "Secret", name), f"{FOLDER}/secrets/{name}")
    for name in server.spec.configMaps or ():
        yield from _entries(_payload(server, "ConfigMap", name), f"{FOLDER}/configmaps/{name}")


def _payload(server: Server, kind: str, name: str) -> Payload | None:
    return server.references.payload(kind, server.key.namespace, name)


def _entries(payload: Payload | None, folder: str, wanted: set[str] | None = None) -> Iterator[tuple[str, str]]:
    for name in payload.entries() if payload is not None else ():
        if wanted is None or name in wanted:
            try:
                content = payload.get(name) if payload is not None else None
            except ValueError:
                content = None
            yield f"{folder}/{name}", (content or b"").decode("utf-8", "replace")


def _warn(server: Server, message: str, hint: str) -> None:
    field = base.FIELD if server.spec.alertmanagerConfiguration is None else "spec.alertmanagerConfiguration.templates"
    server.report.warning(MISSING, f"{message}: notifications that need it fail", server.key, field=field, hint=hint)
