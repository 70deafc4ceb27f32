"""ObjectMeta, as Kubernetes has it, with the syntax of names and labels that its API server insists on."""

from typing import Annotated, Any

from msgspec import Struct

from render.api.scalars import schema

DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
DNS_SUBDOMAIN = rf"{DNS_LABEL}(\.{DNS_LABEL})*"
LABEL_NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
ANY_CASE_SUBDOMAIN = DNS_SUBDOMAIN.replace("a-z", "A-Za-z")

ObjectName = Annotated[str, schema(minLength=1, maxLength=253, pattern=f"^{DNS_SUBDOMAIN}$")]
"""The name of an object: a DNS subdomain (RFC 1123)."""

NamespaceName = Annotated[str, schema(maxLength=63, pattern=f"^({DNS_LABEL})?$")]
"""The name of a namespace: a DNS label (RFC 1123); empty where the default namespace is meant."""

LabelValue = Annotated[str, schema(maxLength=63, pattern=f"^({LABEL_NAME})?$")]
"""The value of a label."""

Labels = Annotated[
    dict[str, LabelValue], schema(propertyNames={"pattern": f"^({DNS_SUBDOMAIN}/)?{LABEL_NAME}$", "maxLength": 317})
]
"""Labels of an object; a key is a name, or a DNS subdomain, a slash and a name."""

Annotations = Annotated[
    dict[str, str], schema(propertyNames={"pattern": f"^({ANY_CASE_SUBDOMAIN}/)?{LABEL_NAME}$", "maxLength": 317})
]
"""Annotations of an object; a key is as a label's, in any case."""


class OwnerReference(Struct, kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """An object that this one belongs to, and goes with."""

    apiVersion: str
    kind: str
    name: str
    uid: str
    controller: bool | None = None
    blockOwnerDeletion: bool | None = None


class ObjectMeta(Struct, kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """Name, namespace, labels, annotations; the rest is what a cluster adds and an exported object carries along."""

    name: ObjectName
    namespace: NamespaceName = ""
    labels: Labels = {}
    annotations: Annotations = {}
    uid: str = ""
    generateName: str = ""
    selfLink: str = ""
    resourceVersion: str = ""
    generation: int = 0
    creationTimestamp: Annotated[str | None, schema(type=["string", "null"])] = None
    deletionTimestamp: str | None = None
    deletionGracePeriodSeconds: int | None = None
    ownerReferences: list[OwnerReference] = []
    finalizers: list[str] = []
    managedFields: list[dict[str, Any]] = []
