"""What rendering has to say: values, not exceptions.

A `Finding` is made where something is learned and printed only by the command line. A `Rejection` is how a check inside
one object says no; the selection turns it into a finding for that object and goes on with the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs; `--fail-on` compares it."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class ObjectKey(NamedTuple):
    """Identity of a Kubernetes object; `str()` is `Kind/namespace/name`."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the user.

    `code` is stable and kebab-case, `field` a path as in `spec.endpoints[0].port`, `line` and `column` count from 1 (0:
    not known), `hint` says what to do. No field ever holds the value of a Secret.
    """

    severity: Severity
    code: str
    message: str
    object: ObjectKey | None = None
    field: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""


class Rejection(ValueError):  # noqa: N818 - a verdict on an object, not a fault of the program
    """An object is left out (a configuration resource) or fails (a workload object).

    `field` is the path below the object, without a leading dot. The text never holds a secret value.
    """

    def __init__(self, message: str, field: str = "", *, code: str = "invalid-configuration", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.hint = hint


@dataclass(slots=True)
class Report:
    """Collects findings in the order they are made; `selected` are the configuration resources that somebody takes."""

    findings: list[Finding] = field(default_factory=list)
    selected: set[ObjectKey] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        """Keep a finding."""
        self.findings.append(finding)

    def error(self, code: str, message: str, key: ObjectKey | None = None, *, field: str = "", hint: str = "") -> None:
        """Keep an error of the object `key`."""
        self.add(Finding(Severity.ERROR, code, message, key, field, hint=hint))

    def warning(
        self, code: str, message: str, key: ObjectKey | None = None, *, field: str = "", hint: str = ""
    ) -> None:
        """Keep a warning about the object `key`."""
        self.add(Finding(Severity.WARNING, code, message, key, field, hint=hint))

    def info(self, code: str, message: str, key: ObjectKey | None = None, *, field: str = "", hint: str = "") -> None:
        """Keep a notice about the object `key`."""
        self.add(Finding(Severity.INFO, code, message, key, field, hint=hint))

    def rejected(self, key: ObjectKey, rejection: Rejection) -> None:
        """Keep a rejection as an error of the object `key`."""
        self.error(rejection.code, rejection.message, key, field=rejection.field, hint=rejection.hint)
