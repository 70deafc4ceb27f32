"""AlertmanagerConfigs at the door: what `render` would leave out whatever the Alertmanager is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.admission.review import Cause, admission_request, allowed, read_object, refused
from render.api import GROUP
from render.findings import Rejection
from render.generation.alertmanager import config, conversion

if TYPE_CHECKING:
    from render.admission.review import Settings
    from render.objects.index import Object

KIND = "AlertmanagerConfig"
RESOURCE = "alertmanagerconfigs"
VERSIONS = ("v1alpha1", "v1beta1")


def validate(review: Any, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """Refuse an object that no Alertmanager could use. References to Secrets are not looked up. Raises Unusable."""
    _ = settings
    request = admission_request(review)
    group, version, resource = request.resource
    if (group, resource) != (GROUP, RESOURCE) or version not in VERSIONS:
        message = f"{'.'.join(request.resource)} was sent, and this path takes {RESOURCE} of {' or '.join(VERSIONS)}"
        return refused(request.uid, "Unexpected resource", RESOURCE, [Cause("", message)])
    if request.raw is None:
        return allowed(request.uid)
    found, causes = read_object(request.raw, version, KIND)
    if found is not None:
        causes = _faults(found, version)
    if causes:
        return refused(request.uid, "AlertmanagerConfig is invalid", RESOURCE, causes)
    return allowed(request.uid)


def _faults(found: Object[Any], version: str) -> list[Cause]:
    """The first thing wrong with an object, at its place in the version that was sent."""
    try:
        config.validate(conversion.spec_of(found.value))
    except Rejection as rejection:
        return [Cause(_field(rejection.field, version), rejection.message)]
    return []


def _field(field: str, version: str) -> str:
    return field.replace("spec.muteTimeIntervals", "spec.timeIntervals", 1) if version == "v1beta1" else field
