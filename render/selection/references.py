"""Key references: values of Secrets and ConfigMaps, resolved once for each workload object; the TLS assets among them.

The TLS assets are the values that the operator copies beside the configuration; see `docs/ARCHITECTURE.md`,
"References".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.golang import x509
from render.selection.placeholders import Placeholder, known, placeholder

if TYPE_CHECKING:
    from render.api.model import Resource
    from render.api.selectors import ConfigMapKeySelector, SecretKeySelector, SecretOrConfigMap
    from render.findings import ObjectKey
    from render.objects.index import Objects, Payload

FROM_SECRET = "0"  # noqa: S105 - the first part of an asset's file name
FROM_CONFIG_MAP = "1"
_FROM = {"Secret": FROM_SECRET, "ConfigMap": FROM_CONFIG_MAP}
UNSEEN = "secret-not-in-source"
"""Code of what only the reloader can see."""


class References:
    """Resolves key references of one workload object and the resources that it selects.

    `assets` collects the TLS assets: file name to content. With `reference_faults`, references that the reference
    operator forgets to load stay unresolved (docs/differences.md). With `by_reference`, values of Secrets are
    placeholders, assets have no content, and `unseen` are the Secrets and ConfigMaps (kind, namespace, name) that the
    source lacks, with the field that names them first.
    """

    def __init__(self, objects: Objects, *, reference_faults: bool = False, by_reference: bool = False) -> None:
        self._objects = objects
        self._read: set[tuple[str, str, str]] = set()
        self.assets: dict[str, bytes] = {}
        self.reference_faults = reference_faults
        self.by_reference = by_reference
        self.unseen: dict[tuple[str, str, str], str] = {}

    @property
    def copied_assets(self) -> dict[str, bytes]:
        """The TLS assets that are copied beside the configuration; none where the reloader writes them."""
        return {} if self.by_reference else self.assets

    def secret(self, namespace: str, selector: SecretKeySelector, field: str = "") -> str:
        """The value that a Secret's key holds, or its placeholder.

        Raises Rejection when the Secret or the key is missing; with placeholders, a missing Secret is fine.
        """
        if self.by_reference:
            return self._reference("Secret", namespace, selector.name, selector.key, field)
        return self.content(namespace, selector, field)

    def content(self, namespace: str, selector: SecretKeySelector, field: str = "") -> str:
        """The value that a Secret's key holds, never a placeholder: for a Secret that is configuration."""
        return _text(self._value("Secret", namespace, selector.name, selector.key, field))

    def config_map(self, namespace: str, selector: ConfigMapKeySelector, field: str = "") -> str:
        """The value that a ConfigMap's key holds. Raises Rejection when the ConfigMap or the key is missing."""
        return _text(self._value("ConfigMap", namespace, selector.name, selector.key, field))

    def either(self, namespace: str, source: SecretOrConfigMap, field: str = "") -> str:
        """The value that a Secret's or ConfigMap's key holds; the Secret goes first, neither gives an empty text."""
        if source.secret is not None:
            return self.secret(namespace, source.secret, f"{field}.secret")
        if source.configMap is not None:
            return self.config_map(namespace, source.configMap, f"{field}.configMap")
        return ""

    def resource(self, key: ObjectKey) -> Resource | None:
        """The custom resource of that identity, for the places of findings."""
        found = self._objects.resources.get(key.kind, {}).get((key.namespace, key.name))
        return found.value if found is not None else None

    def payload(self, kind: str, namespace: str, name: str) -> Payload | None:
        """The Secret or ConfigMap itself."""
        found = self._objects.secrets if kind == "Secret" else self._objects.config_maps
        return found.get((namespace, name))

    def was_read(self, kind: str, namespace: str, name: str) -> bool:
        """Whether a value of this Secret or ConfigMap was asked for already."""
        return (kind, namespace, name) in self._read

    def refer(
        self, kind: str, namespace: str, name: str, key: str, pointer: str | None = None, field: str = ""
    ) -> Placeholder:
        """The placeholder of a value, or of what a JSON pointer finds in it. Raises Rejection for an impossible key."""
        try:
            return placeholder(kind, namespace, name, key, pointer)
        except ValueError as error:
            raise Rejection(str(error), field, code="reference-missing", hint="correct the key") from None

    def everything(self, namespace: str, selector: SecretKeySelector, field: str) -> Placeholder:
        """What stands for all items of a list in a Secret that the source lacks. Raises Rejection, as `refer`."""
        self.unseen.setdefault(("Secret", namespace, selector.name), field)
        return self.refer("Secret", namespace, selector.name, selector.key, "", field)

    def _reference(self, kind: str, namespace: str, name: str, key: str, field: str) -> str:
        """The placeholder of a key; an empty text where the value is known to be empty."""
        self._read.add((kind, namespace, name))
        made = self.refer(kind, namespace, name, key, field=field)
        if self.payload(kind, namespace, name) is None:
            self.unseen.setdefault((kind, namespace, name), field)
            return made
        value = self._value(kind, namespace, name, key, field)
        made.known = _text(value)
        return made if value else ""

    def _value(self, kind: str, namespace: str, name: str, key: str, field: str) -> bytes:
        self._read.add((kind, namespace, name))
        payload = self.payload(kind, namespace, name)
        if payload is None:
            message = f"{kind} {namespace}/{name} does not exist (its key {key!r} is wanted)"
            raise Rejection(
                message, field, code="reference-missing", hint=f"add the {kind} to the source, or correct the name"
            )
        try:
            value = payload.get(key)
        except ValueError as error:
            message = f"{kind} {namespace}/{name}: {error}"
            raise Rejection(
                message, field, code="reference-invalid", hint="encode the value with base64, or move it to stringData"
            ) from None
        if value is None or (kind == "ConfigMap" and key not in payload.plain):
            message = f"{kind} {namespace}/{name} has no key {key!r}; it has {', '.join(payload.entries()) or 'none'}"
            raise Rejection(message, field, code="reference-missing", hint=f"correct the key, or add it to the {kind}")
        return value

    def add_tls(
        self,
        namespace: str,
        ca: SecretOrConfigMap | None,
        cert: SecretOrConfigMap | None,
        key: SecretKeySelector | None,
        field: str,
    ) -> None:
        """Check the references of a TLS block and keep their values as assets.

        An empty value is not kept; whether certificate and key are both given is for the block's own check to say.
        Raises Rejection when a reference is missing, the CA is no PEM certificate, or certificate and key are no pair.
        """
        if self.by_reference and self._refer_tls(namespace, ca, cert, key, field):
            return
        ca_text = known(self.either(namespace, ca, f"{field}.ca")) if ca is not None else ""
        cert_text = known(self.either(namespace, cert, f"{field}.cert")) if cert is not None else ""
        key_text = known(self.secret(namespace, key, f"{field}.keySecret")) if key is not None else ""
        if ca is not None and ca_text:
            self._add_ca(asset_name(namespace, ca), ca_text, f"{field}.ca")
        if not cert_text or not key_text:
            return
        try:
            x509.check_key_pair(cert_text, key_text)
        except ValueError as error:
            message = f"certificate and key are not usable together: {error}"
            raise Rejection(
                message, field, code="tls-invalid", hint="reference a PEM certificate and the key it was made for"
            ) from None
        assert cert is not None and key is not None  # noqa: S101, PT018 - for the type checker: both texts are set
        self.assets[asset_name(namespace, cert)] = _bytes(cert_text)
        self.assets[f"{FROM_SECRET}_{namespace}_{key.name}_{key.key}"] = _bytes(key_text)

    def _refer_tls(
        self,
        namespace: str,
        ca: SecretOrConfigMap | None,
        cert: SecretOrConfigMap | None,
        key: SecretKeySelector | None,
        field: str,
    ) -> bool:
        """Keep the assets' names: the reloader writes the files. Whether it alone can look into one of them."""
        unseen = False
        for source, place in ((ca, f"{field}.ca"), (cert, f"{field}.cert")):
            for kind, selector in _selectors(source):
                unseen |= known(self._reference(kind, namespace, selector.name, selector.key, place)) is None
                self.assets[f"{_FROM[kind]}_{namespace}_{selector.name}_{selector.key}"] = b""
        if key is not None:
            unseen |= known(self._reference("Secret", namespace, key.name, key.key, f"{field}.keySecret")) is None
            self.assets[f"{FROM_SECRET}_{namespace}_{key.name}_{key.key}"] = b""
        return unseen

    def _add_ca(self, name: str, text: str, field: str) -> None:
        try:
            x509.check_ca(text)
        except ValueError as error:
            message = f"not a CA certificate: {error}"
            raise Rejection(
                message, field, code="tls-invalid", hint="reference a PEM block of type CERTIFICATE"
            ) from None
        self.assets[name] = _bytes(text)


def asset_name(namespace: str, source: SecretOrConfigMap) -> str:
    """File name of a TLS asset: `<0 or 1>_<namespace>_<object>_<key>`; empty without a reference."""
    if source.secret is not None:
        return f"{FROM_SECRET}_{namespace}_{source.secret.name}_{source.secret.key}"
    if source.configMap is not None:
        return f"{FROM_CONFIG_MAP}_{namespace}_{source.configMap.name}_{source.configMap.key}"
    return ""


def _selectors(source: SecretOrConfigMap | None) -> list[tuple[str, SecretKeySelector | ConfigMapKeySelector]]:
    """The reference that counts, with its kind: the Secret goes first."""
    if source is None:
        return []
    if source.secret is not None:
        return [("Secret", source.secret)]
    return [("ConfigMap", source.configMap)] if source.configMap is not None else []


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
