"""The `remote_write` block, of Prometheus and, with its TLS parts inline, of ThanosRuler.

Source of the checks: `validateRemoteWriteSpec` of the operator and what its asset store looks up, in that order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation import http_client
from render.generation.fields import Block, Row, emit
from render.generation.relabeling import relabel_configs
from render.selection.credentials import (
    check_authorization,
    check_azure_ad,
    check_basic_auth,
    check_oauth2,
    check_proxy,
    check_sigv4,
    check_tls,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from render.api.http_client import AzureAD, AzureOAuth, AzureSDK, ManagedIdentity
    from render.api.relabeling import RelabelConfig
    from render.api.remote_write import MetadataConfig, QueueConfig, RemoteWriteSpec
    from render.generation.fields import Convert
    from render.generation.scope import Scope

MESSAGES = {"V1.0": "prometheus.WriteRequest", "V2.0": "io.prometheus.write.v2.Request"}
CREDENTIALS = ("basicAuth", "oauth2", "authorization", "sigv4", "azureAd")
"""Ways to authenticate, at most one of which may be used."""
IDENTITIES = ("managedIdentity", "oauth", "sdk", "workloadIdentity")
"""Ways to authenticate with Azure, exactly one of which is used."""
IDENTITIES_SINCE = {"oauth": "2.48.0", "sdk": "2.52.0", "workloadIdentity": "3.7.0"}
OPTIONAL_CLIENT_SINCE = "3.5.0"

_HEX = "[0-9a-fA-F]"
_UUID = re.compile(
    rf"(?:(?:[uU][rR][nN]:[uU][uU][iI][dD]:)?{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"
    rf"|.{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}.|{_HEX}{{32}})",
    re.DOTALL,
)
"""What Go's uuid package parses: plain, as a URN, in braces (it looks at no brace), or without hyphens."""


def _message(value: str, _scope: Scope) -> str:
    return MESSAGES[value]


def _relabelings(steps: Sequence[RelabelConfig], _scope: Scope) -> list[Block]:
    return relabel_configs(steps)


def _managed_identity(block: ManagedIdentity, _scope: Scope) -> Block:
    return {"client_id": block.clientId} if block.clientId else {}


def _azure_oauth(block: AzureOAuth, scope: Scope) -> Block:
    return {"client_id": block.clientId, "client_secret": scope.secret(block.clientSecret), "tenant_id": block.tenantId}


def _azure_sdk(block: AzureSDK, _scope: Scope) -> Block:
    return {"tenant_id": block.tenantId or ""}


def _workload_identity(block: Any, _scope: Scope) -> Block:  # noqa: ANN401 - the struct's two texts
    return {"client_id": block.clientId, "tenant_id": block.tenantId}


AZURE_ROWS = (
    Row("managed_identity", convert=_managed_identity),
    Row("oauth", since="2.48.0", convert=_azure_oauth),
    Row("sdk", since="2.52.0", convert=_azure_sdk),
    Row("workload_identity", since="3.7.0", convert=_workload_identity),
    Row("cloud"),
    Row("scope", since="3.9.0"),
)
QUEUE_ROWS = (
    Row("capacity", skip_zero=True),
    Row("min_shards", since="2.6.0", skip_zero=True),
    Row("max_shards", skip_zero=True),
    Row("max_samples_per_send", skip_zero=True),
    Row("batch_send_deadline", keep_empty=True),
    Row("max_retries", until="2.11.0", skip_zero=True),
    Row("min_backoff", keep_empty=True),
    Row("max_backoff", keep_empty=True),
    Row("retry_on_http_429", of="retryOnRateLimit", since="2.26.0", skip_zero=True),
    Row("sample_age_limit", since="2.50.0", keep_empty=True),
)
METADATA_ROWS = (
    Row("send_interval"),
    Row("max_samples_per_send", since="2.29.0"),
)


def _azure_ad(block: AzureAD, scope: Scope) -> Block:
    return emit(AZURE_ROWS, block, scope)


def _queue(block: QueueConfig, scope: Scope) -> Block:
    return emit(QUEUE_ROWS, block, scope)


def _metadata(block: MetadataConfig, scope: Scope) -> Block:
    return emit(METADATA_ROWS, block, scope, {"send": bool(block.send)})


ROWS = (
    Row("url", keep_empty=True),
    Row("remote_timeout", keep_empty=True),
    Row("headers", since="2.15.0", convert=http_client.text_map),
    Row("name", since="2.15.0"),
    Row("protobuf_message", of="messageVersion", since="2.54.0", convert=_message),
    Row("send_exemplars", since="2.27.0"),
    Row("send_native_histograms", since="2.40.0"),
    Row("write_relabel_configs", convert=_relabelings),
    http_client.BASIC_AUTH,
    Row("bearer_token"),
    Row("bearer_token_file"),
    http_client.OAUTH2,
    http_client.TLS,
    http_client.AUTHORIZATION,
    *http_client.PROXY,
    Row("sigv4", since="2.26.0", convert=http_client.sigv4),
    Row("azuread", of="azureAd", since="2.45.0", convert=_azure_ad),
    http_client.FOLLOW_REDIRECTS,
    http_client.ENABLE_HTTP2,
    Row("queue_config", convert=_queue),
    Row("metadata_config", since="2.23.0", convert=_metadata),
    Row("round_robin_dns", of="roundRobinDNS", since="3.1.0"),
)


def generate(
    targets: Sequence[RemoteWriteSpec], scope: Scope, convert: Mapping[str, Convert] | None = None
) -> list[Block]:
    """The list of `remote_write`; `convert` replaces converters by key, for a server that takes TLS material inline."""
    rows = tuple(replace(row, convert=(convert or {}).get(row.key, row.convert)) for row in ROWS)
    return [_target(emit(rows, target, scope), scope) for target in targets]


def _target(block: Block, scope: Scope) -> Block:
    """The version 2 of the protocol carries metadata with the samples; a server refuses to send it apart as well."""
    metadata: Block = block.get("metadata_config", {})
    if block.get("protobuf_message") == MESSAGES["V2.0"] and metadata.get("send"):
        metadata["send"] = False
        message = "metadataConfig.send is taken as false: messages of version V2.0 carry metadata with the samples"
        scope.report.warning("field-dropped", message, scope.key, field="spec.remoteWrite", hint="remove the field")
    return block


def check(targets: Sequence[RemoteWriteSpec], scope: Scope, field: str = "spec.remoteWrite") -> None:
    """Every target authenticates in one way, and its references are there. Raises Rejection."""
    namespace, references = scope.namespace, scope.references
    for number, target in enumerate(targets):
        path = f"{field}[{number}]"
        check_one_of(target, CREDENTIALS, path)
        if target.azureAd is not None:
            _check_azure(target.azureAd, scope, f"{path}.azureAd")
        check_basic_auth(namespace, target.basicAuth, references, f"{path}.basicAuth")
        check_oauth2(namespace, target.oauth2, references, f"{path}.oauth2")
        check_tls(namespace, target.tlsConfig, references, f"{path}.tlsConfig")
        check_authorization(namespace, target.authorization, references, f"{path}.authorization")
        check_sigv4(namespace, target.sigv4, references, f"{path}.sigv4")
        check_azure_ad(namespace, target.azureAd, references, f"{path}.azureAd")
        check_proxy(namespace, target, references, path)


def check_one_of(source: object, attributes: Sequence[str], field: str) -> None:
    """At most one of the attributes is set. Raises Rejection."""
    used = [attribute for attribute in attributes if getattr(source, attribute) not in (None, "")]
    if len(used) > 1:
        raise Rejection(f"{' and '.join(used)} exclude each other", field, hint="keep one of them")


def _check_azure(block: AzureAD, scope: Scope, field: str) -> None:
    used = [identity for identity in IDENTITIES if getattr(block, identity) is not None]
    if not used:
        raise Rejection("no way to authenticate with Azure is given", field, hint=f"set one of {', '.join(IDENTITIES)}")
    for one, other in combinations(used, 2):
        raise Rejection(f"{one} and {other} exclude each other", field, hint="keep one of the two")
    identity = used[0]
    since = IDENTITIES_SINCE.get(identity)
    if since and not scope.at_least(since):
        message = f"{identity} needs {scope.product} {since} or later, and this is {scope.version}"
        raise Rejection(message, f"{field}.{identity}", hint="raise spec.version, or use another way")
    _check_azure_ids(block, scope, field)


def _check_azure_ids(block: AzureAD, scope: Scope, field: str) -> None:
    managed, oauth, workload = block.managedIdentity, block.oauth, block.workloadIdentity
    if managed is not None and not managed.clientId and not scope.at_least(OPTIONAL_CLIENT_SINCE):
        message = f"clientId is needed before {scope.product} {OPTIONAL_CLIENT_SINCE}, and this is {scope.version}"
        raise Rejection(message, f"{field}.managedIdentity.clientId", hint="set clientId, or raise spec.version")
    if oauth is not None:
        _check_uuid(oauth.clientId, f"{field}.oauth.clientId")
    if workload is not None:
        _check_uuid(workload.clientId, f"{field}.workloadIdentity.clientId")
        _check_uuid(workload.tenantId, f"{field}.workloadIdentity.tenantId")


def _check_uuid(text: str, field: str) -> None:
    if _UUID.fullmatch(text) is None:
        raise Rejection(
            f"{text!r} is not a UUID", field, hint="write an ID such as 00000000-0000-0000-0000-000000000000"
        )
