"""`promrender version`."""

from __future__ import annotations

import platform
from importlib import metadata

import click

from render import versions


@click.command(name="version")
def command() -> None:
    """Print the version, and the default versions of the servers that are rendered for."""
    click.echo(f"promrender {metadata.version('promrender')} (Python {platform.python_version()})")
    click.echo("renders as prometheus-operator 0.93.0")
    for product, version in (
        ("Prometheus", versions.DEFAULT_PROMETHEUS),
        ("Alertmanager", versions.DEFAULT_ALERTMANAGER),
        ("Thanos", versions.DEFAULT_THANOS),
    ):
        click.echo(f"default {product} {version}")
