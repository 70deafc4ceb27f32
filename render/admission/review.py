"""AdmissionReview and ConversionReview: reading the question, writing the answer.

Source: the API reference of Kubernetes, admission.k8s.io/v1 and apiextensions.k8s.io/v1.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from render.api import GROUP, KINDS
from render.findings import ObjectKey
from render.objects import schema
from render.objects.index import Object
from render.objects.pruning import prune_unknown
from render.promql import STABLE, Syntax
from render.sources.document import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from render.findings import Rejection

ADMISSION = ("admission.k8s.io/v1", "AdmissionReview")
CONVERSION = ("apiextensions.k8s.io/v1", "ConversionReview")
UNPROCESSABLE = 422
KEPT_METADATA = ("name", "namespace", "labels", "annotations")
UNNAMED = "unnamed"
"""Stands for the name of an object that the API server has yet to name."""


class Unusable(ValueError):  # noqa: N818 - a verdict on a request, not a fault of the program
    """A request that is no review of the kind that the path takes; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How PrometheusRules are read: whether names may be UTF-8, and what of PromQL is admitted."""

    utf8_names: bool = True
    syntax: Syntax = STABLE


class Cause(NamedTuple):
    """One reason to refuse an object: a field, and what is wrong with it."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Resource(NamedTuple):
    """What a review is about, as the API server names it."""

    group: str
    version: str
    resource: str


@dataclass(frozen=True, slots=True)
class Request:
    """The question of an AdmissionReview. `raw` is the object, None where one is deleted."""

    uid: str
    resource: Resource
    raw: dict[str, Any] | None


def request_of(review: Any, expected: tuple[str, str]) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """The `request` of a review of the expected apiVersion and kind. Raises Unusable."""
    if not isinstance(review, dict):
        raise Unusable(f"the body is no {expected[1]}")
    found = (review.get("apiVersion"), review.get("kind"))
    if found != expected:
        raise Unusable(f"the body is {_shown(found)}, and this path takes {_shown(expected)}")
    request = review.get("request")
    if not isinstance(request, dict) or not isinstance(request.get("uid"), str):
        raise Unusable(f"the {expected[1]} has no request with a uid")
    return request


def _shown(identity: Iterable[Any]) -> str:
    return " ".join(str(part)[:80] if isinstance(part, str) else "(none)" for part in identity)


def admission_request(review: Any) -> Request:  # noqa: ANN401 - any value of JSON
    """The question of an AdmissionReview. Raises Unusable."""
    request = request_of(review, ADMISSION)
    resource, raw = request.get("resource"), request.get("object")
    if not isinstance(resource, dict) or not all(isinstance(resource.get(key), str) for key in Resource._fields):
        raise Unusable("the request names no resource by group, version and resource")
    if raw is not None and not isinstance(raw, dict):
        raise Unusable("the request's object is no mapping")
    return Request(request["uid"], Resource(*(resource[key] for key in Resource._fields)), raw)


def read_object(raw: dict[str, Any], version: str, kind: str) -> tuple[Object[Any] | None, list[Cause]]:
    """The object as `render` would read it, or all that the schema has against it.

    Fields that the model lacks are passed over: the API server has pruned what its own definition does not know.
    """
    api_version = f"{GROUP}/{version}"
    model: Any = KINDS[api_version, kind]
    metadata = raw.get("metadata")
    kept = {key: metadata[key] for key in KEPT_METADATA if key in metadata} if isinstance(metadata, dict) else {}
    known = prune_unknown({key: value for key, value in raw.items() if key == "spec"}, model)
    known |= {"apiVersion": api_version, "kind": kind, "metadata": {"name": UNNAMED, **kept}}
    errors = schema.check(api_version, kind, known)
    if errors:
        return None, [Cause(schema.path_text(error.path), error.message) for error in errors]
    value: Any = schema.decode(api_version, kind, known)
    key = ObjectKey(kind, value.metadata.namespace, value.metadata.name)
    return Object(key, value, Origin("", 0, 0)), []


def causes_of(rejections: Sequence[Rejection]) -> list[Cause]:
    """Rejections as reasons to refuse."""
    return [Cause(rejection.field, rejection.message) for rejection in rejections]


def allowed(uid: str, patch: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The answer that lets an object pass, perhaps after a JSON patch."""
    response: dict[str, Any] = {"uid": uid, "allowed": True}
    if patch is not None:
        response |= {"patchType": "JSONPatch", "patch": base64.b64encode(msgspec.json.encode(patch)).decode()}
    return _reply(response)


def refused(uid: str, summary: str, resource: str, causes: Sequence[Cause]) -> dict[str, Any]:
    """The answer that refuses an object; its message, which is all that kubectl shows, holds the first cause."""
    more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
    status = {
        "metadata": {},
        "status": "Failure",
        "message": f"{summary}: {causes[0]}{more}",
        "reason": "Invalid",
        "details": {
            "name": resource,
            "causes": [{"message": cause.message, "field": cause.field} for cause in causes],
        },
        "code": UNPROCESSABLE,
    }
    return _reply({"uid": uid, "allowed": False, "status": status})


def _reply(response: dict[str, Any]) -> dict[str, Any]:
    api_version, kind = ADMISSION
    return {"apiVersion": api_version, "kind": kind, "response": response}
