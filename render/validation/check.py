"""What a check is: its code and weight, and what its page tells."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from render.findings import Finding, Severity

if TYPE_CHECKING:
    from render.findings import ObjectKey


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be found.

    `severity` is the usual one. `description` is a paragraph; `example` is YAML for which the check speaks, empty where
    the fault is not in a manifest's text; `fix` says what to do.
    """

    code: str
    severity: Severity
    title: str
    description: str
    fix: str
    example: str = ""

    def finding(self, key: ObjectKey, message: str, *, field: str = "", hint: str = "") -> Finding:
        """What this check says about an object."""
        return Finding(self.severity, self.code, message, key, field, hint=hint)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check says about an attribute of a part of an object, such as an endpoint."""

    check: Check
    attribute: str
    message: str
    hint: str

    def finding(self, key: ObjectKey, part: str) -> Finding:
        """The finding at the object's `part`, a field path."""
        return self.check.finding(key, self.message, field=f"{part}.{self.attribute}", hint=self.hint)


def check(severity: Severity, code: str, title: str, *, description: str, fix: str, example: str = "") -> Check:
    """A row of a table of checks; texts are dedented and joined to paragraphs."""
    return Check(code, severity, title, _paragraph(description), _paragraph(fix), textwrap.dedent(example).strip("\n"))


def _paragraph(text: str) -> str:
    return " ".join(text.split())
