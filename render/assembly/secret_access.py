"""What a configuration with references asks for: Roles for the reloader, warnings about what the source lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from render.assembly import rbac
from render.selection import placeholders
from render.selection.references import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.findings import Report
    from render.options import Options
    from render.selection.references import References

UNABLE = "reloader-cannot-resolve"
REFERENCE_IMAGE = "quay.io/prometheus-operator/prometheus-config-reloader"


class Server(Protocol):
    """What every server being rendered has."""

    @property
    def spec(self) -> Any:  # noqa: ANN401 - the spec of a workload object
        """Its specification."""

    @property
    def references(self) -> References:
        """What it refers to."""

    @property
    def report(self) -> Report:
        """Where to tell."""


def make(text: str, certificates: str, owner: Owner, server: Server, options: Options) -> Iterator[Manifest]:
    """Roles and bindings for the configuration `text` whose TLS files are in the folder `certificates`."""
    unseen, report = server.references.unseen, server.report
    if not options.by_reference:
        return
    if options.workloads and options.prometheus_config_reloader.startswith(REFERENCE_IMAGE):
        message = f"{REFERENCE_IMAGE} cannot resolve references to Secrets"
        hint = "name an image of our config-reloader with --prometheus-config-reloader"
        report.warning(UNABLE, message, owner.key, hint=hint)
    reads = placeholders.reads(text, certificates)
    for kind, namespace, name in sorted(reads & unseen.keys()):
        message = f"{kind} {namespace}/{name} is not in the source: the reloader looks for it, nothing is checked here"
        hint = f"see that the cluster has it, or add the {kind} to the source to have its keys checked"
        report.warning(UNSEEN, message, owner.key, hint=hint)
    yield from rbac.secret_roles(server.spec.serviceAccountName, owner, reads, options)
