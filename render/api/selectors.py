"""Selectors: of labels, of namespaces, and of one key in a Secret or ConfigMap."""

from typing import Annotated

from render.api.model import Atomic, Model
from render.api.scalars import ATOMIC


class SecretKeySelector(Atomic, kw_only=True, frozen=True):
    """One key of a Secret in the object's own namespace."""

    key: str
    name: str = ""
    optional: bool | None = None


class ConfigMapKeySelector(Atomic, kw_only=True, frozen=True):
    """One key of a ConfigMap in the namespace of the object."""

    key: str
    name: str = ""
    optional: bool | None = None


class SecretOrConfigMap(Model, kw_only=True, frozen=True):
    """A value held by a Secret or by a ConfigMap, never by both."""

    configMap: ConfigMapKeySelector | None = None
    secret: SecretKeySelector | None = None


class NamespaceSelector(Model, kw_only=True, frozen=True):
    """The namespaces in which a monitor looks for its targets; its own one when nothing is said."""

    any: bool | None = None
    matchNames: list[str] | None = None


class LabelSelectorRequirement(Model, kw_only=True, frozen=True):
    """One condition of a label selector: a label key, an operator and its values."""

    key: str
    operator: str
    values: Annotated[list[str], ATOMIC] | None = None


class LabelSelector(Atomic, kw_only=True, frozen=True):
    """Chooses objects by their labels; every condition must hold, and no condition at all means everything."""

    matchExpressions: Annotated[list[LabelSelectorRequirement], ATOMIC] | None = None
    matchLabels: dict[str, str] | None = None


class LocalObjectReference(Atomic, kw_only=True, frozen=True):
    """The name of an object in the same namespace."""

    name: str = ""
