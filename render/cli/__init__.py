"""The command line: one module per command; the only place that prints, asks the terminal or picks an exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "render": "Print the final objects of every Prometheus, Alertmanager and ThanosRuler.",
    "validate": "Check a whole tree: all that render checks, and what lies between the objects.",
    "lint": "Check each file alone: YAML, fields, PromQL.",
    "explain": "Tell what a finding means and what to do.",
    "diff": "Show what a change of manifests changes in the final objects.",
    "apply": "Apply the final objects to a cluster.",
    "krm": "Work as a KRM function: ResourceList in, ResourceList out.",
    "cmp": "Work as a config management plugin of Argo CD.",
    "post-render": "Work as a post-renderer of Helm.",
    "webhook": "Serve the admission and conversion webhook of the monitoring API.",
    "migrate-rules": "Turn old rule ConfigMaps into PrometheusRules.",
    "crds": "Write the CustomResourceDefinitions.",
    "docs": "Write the reference of all fields.",
    "version": "Print the version.",
    "completion": "Print the shell completion script.",
}
"""Name and summary of each command, which lives in the module of its name (with `_` for `-`), in `--help`'s order."""


class _Commands(click.Group):
    """Imports a command's module when that command is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        _ = ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        _ = ctx
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"render.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _ = ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit status: 0 fine; 1 findings at or above --fail-on; 2 usage, or an unusable source or target; 3 a bug.",
)
def cli() -> None:
    """Render Prometheus Operator custom resources to the objects that the operator would make, at commit time."""


def main(arguments: Sequence[str] | None = None) -> Any:  # noqa: ANN401 - never returns
    """Run the command line and end the process with its exit status."""
    with exits.boundary():
        given = list(arguments) if arguments is not None else None
        status = cli.main(args=given, prog_name="promrender", standalone_mode=False)
    sys.exit(status or exits.FINE)
