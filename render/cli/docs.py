"""`promrender docs`."""

from __future__ import annotations

import click

from render.cli.generated import write_all


@click.command(name="docs")
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False),
    default="docs/reference",
    show_default=True,
    help="Folder that the pages are written to.",
)
def command(output_dir: str) -> None:
    """Write the reference of all fields, as Markdown."""
    from render.crds.reference import pages

    write_all(output_dir, pages())
