"""AWS SNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import FLAG, TEXT, TEXT_MAP, filled_block
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration
from render.generation.alertmanager.shape import Field, Shape, require
from render.generation.fields import Row, emit
from render.selection.credentials import check_sigv4

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import SNSConfig
    from render.api.http_client import Sigv4
    from render.generation.fields import Block
    from render.generation.scope import Scope

EXTERNAL_ID_SINCE = "0.33.0"
AWS_CLIENT_SINCE = "0.33.0"
TARGETS = ("target_arn", "topic_arn", "phone_number")


def _load_sigv4(block: Block) -> None:
    if bool(block.get("access_key")) != bool(block.get("secret_key")):
        raise Rejection("access_key and secret_key belong together", "access_key", hint="give both, or neither")
    _check_external_id(block)


def _check_external_id(block: Block) -> None:
    if block.get("external_id") and not block.get("role_arn"):
        raise Rejection("needs role_arn", "external_id")


SIGV4 = Shape(
    (
        Field("region", TEXT),
        Field("access_key", TEXT),
        Field("secret_key", TEXT),
        Field("profile", TEXT),
        Field("role_arn", TEXT),
        Field("external_id", TEXT),
    ),
    load=_load_sigv4,
)


def _is_odd(given: tuple[object, ...]) -> bool:
    """Whether one or three of the targets are given: the operator and the server both take one or all of them."""
    return sum(map(bool, given)) % 2 == 1


def _load(block: Block) -> None:
    if not _is_odd(tuple(block.get(key) for key in TARGETS)):
        raise Rejection(f"one of {', '.join(TARGETS)} is needed", TARGETS[0])


def _rules(block: Block, scope: Scope) -> None:
    sigv4 = block.get("sigv4") or {}
    _check_external_id(sigv4)
    if sigv4.get("external_id") and not scope.allows("sigv4.external_id", since=EXTERNAL_ID_SINCE):
        del sigv4["external_id"]


def _validate(entry: SNSConfig, field: str) -> None:
    if not _is_odd((entry.targetARN, entry.topicARN, entry.phoneNumber)):
        raise Rejection("one of targetARN, topicARN and phoneNumber is needed", field, hint="set one of them")
    if entry.apiURL == "":
        raise Rejection("must not be empty", f"{field}.apiURL", hint="write https://host/path, or remove it")


def _check(entry: SNSConfig, scope: Scope, field: str) -> None:
    if entry.useAWSHTTPClient is not None:
        require(scope, AWS_CLIENT_SINCE, f"{field}.useAWSHTTPClient")
    check_sigv4(scope.namespace, entry.sigv4, scope.references, f"{field}.sigv4")


def _sigv4(sigv4: Sigv4, scope: Scope) -> Block:
    out = emit(_SIGV4_ROWS, sigv4, scope)
    if sigv4.accessKey is not None and sigv4.secretKey is not None:
        out |= {"access_key": scope.secret(sigv4.accessKey), "secret_key": scope.secret(sigv4.secretKey)}
    return out


_SIGV4_ROWS = (Row("region"), Row("profile"), Row("role_arn"), Row("external_id"))

SNS = Integration(
    "sns_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("api_url", TEXT),
        Field("sigv4", filled_block(SIGV4)),
        Field("topic_arn", TEXT),
        Field("phone_number", TEXT),
        Field("target_arn", TEXT),
        Field("subject", TEXT),
        Field("message", TEXT),
        Field("attributes", TEXT_MAP),
        Field("use_aws_http_client", FLAG, since=AWS_CLIENT_SINCE),
    ),
    attribute="snsConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_url", of="apiURL"),
        Row("sigv4", convert=_sigv4),
        Row("topic_arn", of="topicARN"),
        Row("phone_number"),
        Row("target_arn", of="targetARN"),
        Row("subject"),
        Row("message"),
        Row("attributes"),
        Row("use_aws_http_client", of="useAWSHTTPClient"),
    ),
    template_urls=("apiURL",),
    file_template_urls=("api_url",),
    validate=_validate,
    check=_check,
    load=_load,
    rules=_rules,
)
