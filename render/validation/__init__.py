"""What only a whole tree can tell: monitors that nobody selects, selectors that match nothing, targets scraped twice.

`validate` gives everything that rendering reports, what `lint` sees in objects that no server takes and, for each
module of `CHECKS`, what that looks for. `catalog` knows every code and its page, `suppression` what the user wants to
hear nothing of, `reports` the forms of output.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from render import pipeline
from render.validation import lint
from render.validation.checks import (
    alert_routes,
    alertmanagers,
    job_names,
    monitors,
    repeated_scrapes,
    selection,
    sizes,
)
from render.validation.rendering import NOT_SELECTED
from render.validation.tree import Tree

if TYPE_CHECKING:
    from render.findings import Finding
    from render.objects.index import Objects
    from render.options import Options

CHECKS = (selection, monitors, repeated_scrapes, job_names, alert_routes, alertmanagers, sizes)
"""The modules that look at a whole tree."""


class Outcome(NamedTuple):
    """What there is to say about a tree, and how full what is made of it is."""

    findings: list[Finding]
    sizes: list[sizes.Size]


def validate(objects: Objects, options: Options) -> Outcome:
    """Look at a tree that was read whole (`gather.load_tree`); the input is not changed."""
    result = pipeline.render(objects, replace(options, workloads=True))
    tree = Tree(objects, options, result)
    rendering = [finding for finding in result.findings if finding.code != NOT_SELECTED]
    left = {finding.object for finding in result.findings if finding.code == NOT_SELECTED and finding.object}
    found = (finding for module in CHECKS for finding in module.find(tree))
    findings = [*rendering, *lint.faults(objects, left), *found]
    return Outcome(findings, list(sizes.measure(tree)))
