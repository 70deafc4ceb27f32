"""What the reference makes of an Azure discovery whose references it forgets to load.

Written only where its faults are asked for. It knows a value then only when another reference of the same server has
read the same Secret or ConfigMap. Else user name, password and header are empty, credentials are missing, and oauth2 is
left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, Row, emit
from render.generation.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.api.scrape_config import AzureSDConfig
    from render.api.selectors import ConfigMapKeySelector, SecretKeySelector, SecretOrConfigMap


class _Unloaded(Scope):
    """A view that finds only what others have read."""

    __slots__ = ()

    def secret(self, selector: SecretKeySelector, field: str = "") -> str:
        return super().secret(selector, field) if self._is_known("Secret", selector) else ""

    def either(self, source: SecretOrConfigMap, field: str = "") -> str:
        return super().either(source, field) if self.knows(source) else ""

    def knows(self, source: SecretOrConfigMap) -> bool:
        """Whether the value is there."""
        if source.secret is not None:
            return self._is_known("Secret", source.secret)
        return source.configMap is not None and self._is_known("ConfigMap", source.configMap)

    def knows_secret(self, selector: SecretKeySelector | None) -> bool:
        """Whether the Secret's value is there."""
        return selector is not None and self._is_known("Secret", selector)

    def _is_known(self, kind: str, selector: SecretKeySelector | ConfigMapKeySelector) -> bool:
        if not self.references.was_read(kind, self.namespace, selector.name):
            return False
        payload = self.references.payload(kind, self.namespace, selector.name)
        return payload is not None and payload.get(selector.key) is not None


def client_block(rows: Iterable[Row], entry: AzureSDConfig, scope: Scope) -> Block:
    """The client's part of the discovery as the reference writes it."""
    view = _Unloaded(scope.key, scope.version, scope.references, scope.report, scope.product)
    out = emit(rows, entry, view)
    authorization, oauth2 = entry.authorization, entry.oauth2
    if authorization is not None and "authorization" in out and not view.knows_secret(authorization.credentials):
        out["authorization"].pop("credentials", None)
    if oauth2 is not None and not (view.knows(oauth2.clientId) and view.knows_secret(oauth2.clientSecret)):
        out.pop("oauth2", None)
    return out
