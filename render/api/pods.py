"""What all workload objects say alike about their Pods."""

from typing import Literal

from render.api.model import Model, rule
from render.api.scalars import IntOrString, NonEmpty


class Argument(Model, kw_only=True, frozen=True):
    """One more command line argument of a container."""

    name: NonEmpty
    value: str | None = None


class StatefulSetPersistentVolumeClaimRetentionPolicy(Model, kw_only=True, frozen=True):
    """What becomes of the volume claims of a StatefulSet."""

    whenDeleted: str | None = None
    whenScaled: str | None = None


class EmbeddedObjectMetadata(Model, kw_only=True, frozen=True):
    """Name, labels and annotations that are put onto generated objects."""

    annotations: dict[str, str] | None = None
    labels: dict[str, str] | None = None
    name: str | None = None


class RollingUpdateStatefulSetStrategy(Model, kw_only=True, frozen=True):
    """Limits of a rolling update."""

    maxUnavailable: IntOrString | None = None


class StatefulSetUpdateStrategy(Model, kw_only=True, frozen=True):
    """How the Pods of a StatefulSet are replaced."""

    rollingUpdate: RollingUpdateStatefulSetStrategy | None = None
    type: Literal["OnDelete", "RollingUpdate"]


@rule(
    StatefulSetUpdateStrategy,
    "!(self.type != 'RollingUpdate' && has(self.rollingUpdate))",
    "rollingUpdate requires type to be RollingUpdate",
)
def rolling_update_needs_its_type(self: StatefulSetUpdateStrategy) -> bool:
    """Tell whether limits of a rolling update are only given for one."""
    return self.type == "RollingUpdate" or self.rollingUpdate is None
