"""`promrender lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from render.cli import reporting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.findings import Finding


@click.command(name="lint")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@reporting.report_options
def command(files: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Check each FILE alone: its YAML, its objects' fields, PromQL, templates, relabelings and AlertmanagerConfigs.

    Nothing is looked up in another file; `validate` does that. Files that are no manifests are passed over.
    """
    from render.objects.load import load_each
    from render.validation.lint import lint

    wanted = reporting.wishes(given)
    findings: dict[Finding, None] = {}  # a mistaken comment is found with its file, and with all files
    ignored = 0
    for objects in load_each(files):
        left, count = reporting.remaining(lint(objects), objects, whole=False)
        findings |= dict.fromkeys(left)
        ignored += count
    reporting.finish(list(findings), ignored, wanted)
