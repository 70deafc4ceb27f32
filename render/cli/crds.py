"""`promrender crds`."""

from __future__ import annotations

import click

from render.cli.generated import write_all


@click.command(name="crds")
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False),
    default="crds",
    show_default=True,
    help="Folder that the definitions are written to.",
)
def command(output_dir: str) -> None:
    """Write the ten CustomResourceDefinitions, ready for `kubectl apply`."""
    from render.crds.definition import as_text, custom_resource_definitions

    write_all(output_dir, {name: as_text(definition) for name, definition in custom_resource_definitions().items()})
