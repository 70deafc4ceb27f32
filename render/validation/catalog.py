"""Every code that a finding can have, and the page of each."""

from __future__ import annotations

import difflib
import textwrap
from typing import TYPE_CHECKING

from render.validation import CHECKS as MODULES
from render.validation import configuration, migrating, reading, rendering, suppression
from render.validation.checks import pod_monitors, service_monitors

if TYPE_CHECKING:
    from render.validation.check import Check

CATALOG: dict[str, Check] = {
    one.code: one
    for module in (reading, configuration, rendering, service_monitors, pod_monitors, *MODULES, suppression, migrating)
    for one in module.CHECKS
}
"""Checks by their codes, in the order of the pages."""

_WIDTH = 110


def similar(code: str) -> list[str]:
    """Known codes that are spelled much like this one."""
    return difflib.get_close_matches(code, CATALOG, n=3)


def page(code: str) -> str:
    """The page of a code, as Markdown. Raises KeyError for a code that there is none of."""
    one = CATALOG[code]
    parts = [f"# {one.code}", f"{one.title}. Severity: {one.severity}.", textwrap.fill(one.description, _WIDTH)]
    if one.example:
        parts += ["## Example", f"```yaml\n{one.example}\n```"]
    return "\n\n".join([*parts, "## What to do", textwrap.fill(one.fix, _WIDTH)]) + "\n"


def contents() -> str:
    """The page that lists all codes, as Markdown."""
    rows = [f"| [{one.code}]({one.code}.md) | {one.severity} | {one.title} |" for one in CATALOG.values()]
    text = (
        "What `promrender render`, `validate` and `lint` can say. `promrender explain CODE` prints a page.\n\n"
        "To hear nothing of a code: `--ignore CODE`; at one object, the annotation `promrender.dev/ignore: CODE`;\n"
        "at one place, the comment `# promrender: ignore CODE -- reason` on the line of the finding, or alone above it."
    )
    return "\n".join(
        ["# Checks", "", text, "", "| code | severity | what it finds |", "| --- | --- | --- |", *rows, ""]
    )


def pages() -> dict[str, str]:
    """All pages by the names of their files, and `README.md` with the list."""
    return {**{f"{code}.md": page(code) for code in CATALOG}, "README.md": contents()}
