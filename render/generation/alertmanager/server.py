"""The Alertmanager that is being rendered, as the modules beside this one see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render import versions
from render.findings import Rejection
from render.generation.scope import Scope
from render.selection.references import References

if TYPE_CHECKING:
    from render.api.alertmanager import AlertmanagerSpec
    from render.findings import ObjectKey, Report
    from render.objects.index import Object, Objects
    from render.options import Options
    from render.versions import Version

OLDEST = "0.15.0"


@dataclass(slots=True)
class Server:
    """One Alertmanager with what its modules share. `scope_of` makes the view of a selected AlertmanagerConfig."""

    key: ObjectKey
    spec: AlertmanagerSpec
    version: Version
    options: Options
    references: References
    report: Report

    @property
    def scope(self) -> Scope:
        """The view of the object itself."""
        return self.scope_of(self.key)

    def scope_of(self, key: ObjectKey) -> Scope:
        """The view of another object: references in its namespace, warnings in its name."""
        return Scope(key, self.version, self.references, self.report, "Alertmanager")

    @property
    def strategy(self) -> str:
        """How routes and inhibition rules of AlertmanagerConfigs are bound to their namespaces."""
        strategy = self.spec.alertmanagerConfigMatcherStrategy
        return strategy.type if strategy is not None else "OnNamespace"

    def binds(self, namespace: str) -> bool:
        """Whether what an AlertmanagerConfig of a namespace adds sees only alerts of that namespace."""
        if self.strategy == "OnNamespaceExceptForAlertmanagerNamespace":
            return namespace != self.key.namespace
        return self.strategy != "None"


def open_server(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Server:
    """The server of an Alertmanager object. Raises Rejection when its version is not one that the operator takes."""
    references = References(objects, reference_faults=options.reference_faults, by_reference=options.by_reference)
    version = server_version(workload.value.spec.version)
    return Server(workload.key, workload.value.spec, version, options, references, report)


def server_version(text: str | None) -> Version:
    """The version to generate for. Raises Rejection when it is no version, or one that is not supported."""
    shown = text or versions.DEFAULT_ALERTMANAGER
    hint = f"write a version such as {versions.DEFAULT_ALERTMANAGER}"
    try:
        version = versions.parse(shown)
    except ValueError as error:
        raise Rejection(str(error), "spec.version", code="version-invalid", hint=hint) from None
    if version < versions.parse(OLDEST) or version.major > 0:
        message = f"Alertmanager {shown} is not supported: it must be {OLDEST} or later, and below 1.0"
        raise Rejection(message, "spec.version", code="version-invalid", hint=hint)
    return version
