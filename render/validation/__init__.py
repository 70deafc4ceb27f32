"""What only a whole tree can tell: monitors that nobody selects, selectors that match nothing, targets scraped twice.

`validate` gives everything that rendering reports and, for each module of `CHECKS`, what that looks for. `catalog`
knows every code and its page, `suppression` what the user wants to hear nothing of, `reports` the forms of output.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from render import pipeline
from render.validation.checks import (
    alert_routes,
    alertmanagers,
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

CHECKS = (selection, monitors, repeated_scrapes, alert_routes, alertmanagers, sizes)
"""The modules that look at a whole tree."""


def validate(objects: Objects, options: Options) -> list[Finding]:
    """Everything there is to say about a tree that was read whole (`gather.load_tree`); the input is not changed."""
    result = pipeline.render(objects, replace(options, workloads=True))
    tree = Tree(objects, options, result.objects)
    rendering = (finding for finding in result.findings if finding.code != NOT_SELECTED)
    return [*rendering, *(finding for module in CHECKS for finding in module.find(tree))]
