"""`promrender completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a SHELL; load it with, for example, `source <(promrender completion bash)`."""
    from render.cli import cli

    completion_class = get_completion_class(shell)
    if completion_class is None:  # pragma: no cover - the choice above holds what click knows
        raise click.UsageError(shell)
    click.echo(completion_class(cli, {}, "promrender", "_PROMRENDER_COMPLETE").source())
