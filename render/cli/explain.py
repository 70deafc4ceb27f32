"""`promrender explain`."""

from __future__ import annotations

import click

from render.cli import exits
from render.cli.generated import write_all


@click.command(name="explain")
@click.argument("code", required=False)
@click.option("--output-dir", type=click.Path(file_okay=False), help="Write the pages of all codes there instead.")
def command(code: str | None, output_dir: str | None) -> None:
    """Tell what a finding of this CODE means and what to do; without one, list all codes."""
    from render.validation import catalog

    if output_dir is not None:
        write_all(output_dir, catalog.pages())
    elif code is None:
        width = max(map(len, catalog.CATALOG))
        for check in catalog.CATALOG.values():
            click.echo(f"{check.code:<{width}}  {check.severity:<7}  {check.title}")
    else:
        _explain(code)


def _explain(code: str) -> None:
    from render.validation import catalog

    if code not in catalog.CATALOG:
        near = catalog.similar(code)
        meant = f"did you mean {' or '.join(near)}?" if near else "promrender explain lists them"
        message = f"there is no code {code!r}; {meant}"
        raise exits.Trouble(message)
    click.echo(catalog.page(code), nl=False)
