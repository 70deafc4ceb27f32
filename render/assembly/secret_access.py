"""What a configuration with references asks for: Roles for the reloader, warnings about what the source lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.assembly import rbac
from render.selection import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.findings import Report
    from render.options import Options
    from render.selection.references import References

UNSEEN = "secret-not-in-source"


def make(
    text: str,
    certificates: str,
    owner: Owner,
    spec: Any,  # noqa: ANN401 - the spec of a workload object
    references: References,
    options: Options,
    report: Report,
) -> Iterator[Manifest]:
    """Roles and bindings for the configuration `text` whose TLS files are in the folder `certificates`."""
    if not references.by_reference:
        return
    reads = placeholders.reads(text, certificates)
    for kind, namespace, name in sorted(reads & references.unseen.keys()):
        message = f"{kind} {namespace}/{name} is not in the source: the reloader looks for it, nothing is checked here"
        hint = f"see that the cluster has it, or add the {kind} to the source to have its keys checked"
        report.warning(UNSEEN, message, owner.key, hint=hint)
    yield from rbac.secret_roles(spec.serviceAccountName, owner, reads, options)
