"""Imports what `promrender render` imports, for a process that will not be allowed to read the project any more."""

from __future__ import annotations

from importlib import import_module

from render import api
from render.objects import schema

for name in (
    "jsonschema_rs",
    "cryptography.x509",
    "render.cli.render",
    "render.objects.load",
    "render.objects.locate",
    "render.output.terminal",
    "render.output.writers",
    "render.pipeline",
):
    import_module(name)
for version, kind in api.KINDS:
    schema.check(version, kind, {})
