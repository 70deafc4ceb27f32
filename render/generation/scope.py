"""What generation and checks know beside the object at hand: the server's version, resolved references.

And where to report.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from render import versions
from render.api.places import first_place_of, place_of

if TYPE_CHECKING:
    from render.api.selectors import ConfigMapKeySelector, SecretKeySelector, SecretOrConfigMap
    from render.findings import ObjectKey, Report
    from render.selection.references import References
    from render.versions import Version

PROMETHEUS_CERTS = "/etc/prometheus/certs"


@lru_cache(maxsize=1024)
def camel_case(key: str) -> str:
    """`follow_redirects` to `followRedirects`."""
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


class Scope:
    """One object's view while it is checked and generated.

    `key` is the object whose fields are read: references resolve in its namespace and warnings name it. `product` is
    the server's name in warnings.
    """

    __slots__ = ("key", "namespace", "product", "references", "report", "version")

    def __init__(
        self, key: ObjectKey, version: Version, references: References, report: Report, product: str = "Prometheus"
    ) -> None:
        self.key = key
        self.namespace = key.namespace
        self.version = version
        self.references = references
        self.report = report
        self.product = product

    @property
    def certs(self) -> str:
        """The folder in which the server's configuration looks for TLS assets."""
        return PROMETHEUS_CERTS

    def at_least(self, since: str) -> bool:
        """Whether the server is at least of version `since`; says nothing."""
        return self.version >= versions.parse(since)

    def allows(self, field: str, since: str = "", until: str = "", *, part: object = None, attribute: str = "") -> bool:
        """Whether the server knows a configuration field: from version `since` on and below `until`.

        If not, a warning is kept. It points at the `attribute` (default: `field` in camel case) of the API struct
        `part`, or at the first one of that name in the object.
        """
        if since and self.version < versions.parse(since):
            self._dropped(field, f"needs {self.product} {since} or later", part, attribute)
            return False
        if until and self.version >= versions.parse(until):
            self._dropped(field, f"is gone since {self.product} {until}", part, attribute)
            return False
        return True

    def _dropped(self, field: str, why: str, part: object, attribute: str) -> None:
        message = f"{field} is left out: it {why}, and this is {self.version}"
        place = self._place(part, attribute or camel_case(field)) or field
        self.report.warning(
            "field-dropped", message, self.key, field=place, hint="raise spec.version, or remove the field"
        )

    def _place(self, part: object, attribute: str) -> str:
        root = self.references.resource(self.key)
        if root is None:
            return ""
        return place_of(root, part, attribute) or first_place_of(root, attribute)

    def secret(self, selector: SecretKeySelector, field: str = "") -> str:
        """The value of a Secret's key in this object's namespace. Raises Rejection when it is missing."""
        return self.references.secret(self.namespace, selector, field)

    def config_map(self, selector: ConfigMapKeySelector, field: str = "") -> str:
        """The value of a ConfigMap's key in this object's namespace. Raises Rejection when it is missing."""
        return self.references.config_map(self.namespace, selector, field)

    def either(self, source: SecretOrConfigMap, field: str = "") -> str:
        """The value of a Secret's or ConfigMap's key in this object's namespace.

        Raises Rejection when it is missing.
        """
        return self.references.either(self.namespace, source, field)
