"""Forms of a report that machines read: a module for each, with a function from a `Report` to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.validation.reports import checkstyle, github, gitlab, json_form, junit, sarif

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from render.validation.reports.report import Report

FORMS: Mapping[str, Callable[[Report], str]] = {
    "json": json_form.text,
    "sarif": sarif.text,
    "github": github.text,
    "gitlab": gitlab.text,
    "junit": junit.text,
    "checkstyle": checkstyle.text,
}
"""The text of a report by the name of its form."""
