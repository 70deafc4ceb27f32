"""`remote_write` of a ThanosRuler: the block of Prometheus, less what the ruler's own version does not know.

Source: `createOrUpdateRulerConfigSecret` of the operator. It takes away what the version of Thanos lacks, then checks
and writes the rest as for a Prometheus that knows every field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from render.findings import Rejection
from render.generation.prometheus import remote_write
from render.generation.scope import Scope

if TYPE_CHECKING:
    from render.api.remote_write import RemoteWriteSpec
    from render.generation.fields import Block
    from render.generation.thanos.ruler import Ruler

SINCE = "0.24.0"
CERTS = "/etc/thanos/certs"
OPTIONAL_CLIENT_SINCE = "0.40.0"


class Gate(NamedTuple):
    """A field of a target, by its path, and the version of Thanos that has it first; empty: none has it."""

    path: str
    since: str = ""


GATES = (
    Gate("azureAd.workloadIdentity"),
    Gate("azureAd.scope"),
    Gate("sigv4.externalId"),
    Gate("roundRobinDNS", "0.38.0"),
    Gate("messageVersion", "0.37.0"),
    Gate("azureAd.sdk", "0.36.0"),
    Gate("queueConfig.sampleAgeLimit", "0.32.0"),
    Gate("noProxy", "0.32.0"),
    Gate("proxyFromEnvironment", "0.32.0"),
    Gate("proxyConnectHeader", "0.32.0"),
    Gate("azureAd.oauth", "0.31.0"),
    Gate("azureAd", "0.31.0"),
    Gate("tlsConfig.maxVersion", "0.30.0"),
    Gate("sendNativeHistograms", "0.30.0"),
    Gate("tlsConfig.minVersion", "0.28.0"),
)


class _Pruned(Scope):
    """The view of targets that hold nothing but what the ruler knows: no other version counts."""

    __slots__ = ()

    @property
    def certs(self) -> str:
        """Where the ruler's pod has its TLS assets; the operator itself names the folder of Prometheus."""
        return super().certs if self.references.reference_faults else CERTS

    def at_least(self, since: str) -> bool:
        _ = since
        return True

    def allows(self, field: str, since: str = "", until: str = "", *, part: object = None, attribute: str = "") -> bool:
        _ = field, since, until, part, attribute
        return True


def configuration(ruler: Ruler) -> Block:
    """The whole file, with an empty list for a ruler that writes nowhere.

    Raises Rejection when the version has no remote write at all, or a target is not valid.
    """
    scope = ruler.scope
    targets = ruler.spec.remoteWrite or []
    if targets and not scope.at_least(SINCE):
        message = f"remote write needs Thanos {SINCE} or later, and this is {ruler.version}"
        raise Rejection(message, "spec.remoteWrite", hint="raise spec.version, or remove remoteWrite")
    pruned = [_prune(target, f"spec.remoteWrite[{number}]", scope) for number, target in enumerate(targets)]
    everything = _Pruned(scope.key, scope.version, scope.references, scope.report, scope.product)
    remote_write.check(pruned, everything)
    return {"remote_write": remote_write.generate(pruned, everything)}


def _prune(target: RemoteWriteSpec, field: str, scope: Scope) -> RemoteWriteSpec:
    azure = target.azureAd
    if azure is not None and azure.managedIdentity is not None and not azure.managedIdentity.clientId:
        _check_client_optional(f"{field}.azureAd.managedIdentity.clientId", scope)
    for gate in GATES:
        if scope.references.reference_faults and "." not in gate.path:
            continue  # the operator takes it away from a copy of the target, and writes the target itself
        if _is_set(target, gate.path) and not _known(gate, field, scope):
            target = _without(target, gate.path.split("."))
    return target


def _check_client_optional(field: str, scope: Scope) -> None:
    if not scope.at_least(OPTIONAL_CLIENT_SINCE):
        message = f"clientId is needed before Thanos {OPTIONAL_CLIENT_SINCE}, and this is {scope.version}"
        raise Rejection(message, field, hint="set clientId, or raise spec.version")


def _is_set(target: RemoteWriteSpec, path: str) -> bool:
    """Whether anything is said for the field, be it false."""
    found: Any = target
    for name in path.split("."):
        found = getattr(found, name, None)
    return found is not None


def _known(gate: Gate, field: str, scope: Scope) -> bool:
    path = f"{field}.{gate.path}"
    if gate.since:
        return scope.allows(path, gate.since)
    message = f"{path} is left out: no version of Thanos knows it"
    scope.report.warning("field-dropped", message, scope.key, field=path, hint="remove the field")
    return False


def _without(source: Any, path: list[str]) -> Any:  # noqa: ANN401 - a target, or a block within
    first, *rest = path
    return structs.replace(source, **{first: _without(getattr(source, first), rest) if rest else None})
