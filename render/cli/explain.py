"""`promrender explain`."""

from __future__ import annotations

import click

from render.cli import exits


@click.command(name="explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Tell what a finding of this CODE means and what to do; without one, list all codes."""
    from render.validation import catalog

    if code is None:
        width = max(map(len, catalog.CATALOG))
        for check in catalog.CATALOG.values():
            click.echo(f"{check.code:<{width}}  {check.severity:<7}  {check.title}")
        return
    if code not in catalog.CATALOG:
        near = catalog.similar(code)
        meant = f"did you mean {' or '.join(near)}?" if near else "promrender explain lists them"
        message = f"there is no code {code!r}; {meant}"
        raise exits.Trouble(message)
    click.echo(catalog.page(code), nl=False)
