"""Pushover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import GO_DURATION, GO_DURATION_TEXT, KEPT_FLAG, TEXT
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    prometheus_duration,
    secret,
)
from render.generation.alertmanager.shape import Field, any_of, one_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import PushoverConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

MONOSPACE_SINCE = "0.29.0"


def _load(entry: Block) -> None:
    _load_keys(entry)
    one_of(entry, "user_key", "user_key_file")
    one_of(entry, "token", "token_file")
    _check_format(entry)


def _load_keys(entry: Block) -> None:
    any_of(entry, "user_key", "user_key_file")
    any_of(entry, "token", "token_file")


def _check_format(entry: Block) -> None:
    if entry.get("html") and entry.get("monospace"):
        raise Rejection("html and monospace exclude each other", "monospace", hint="keep one of the two")


def _rules(entry: Block, scope: Scope) -> None:
    _load_keys(entry)
    if entry.get("monospace") and not scope.allows("monospace", since=MONOSPACE_SINCE):
        entry["monospace"] = False
    _check_format(entry)


def _validate(entry: PushoverConfig, field: str) -> None:
    if entry.userKey is None and entry.userKeyFile is None:
        raise Rejection("userKey or userKeyFile is needed", field, hint="set one of the two")
    if entry.token is None and entry.tokenFile is None:
        raise Rejection("token or tokenFile is needed", field, hint="set one of the two")
    if entry.html and entry.monospace:
        raise Rejection("html and monospace exclude each other", f"{field}.monospace", hint="keep one of the two")


def _check(entry: PushoverConfig, scope: Scope, field: str) -> None:
    """The operator wants keys of Secrets even where files are named, so that these cannot be used."""
    if scope.references.reference_faults:
        for attribute in ("userKey", "token"):
            if getattr(entry, attribute) is None:
                raise Rejection("is needed by the operator even beside a file", f"{field}.{attribute}")


def _filled_secret(selector: Any, scope: Scope) -> str:  # noqa: ANN401 - selectors of both API versions
    value = secret(selector, scope)
    if not value:
        raise Rejection(f"the key {selector.key!r} of Secret {scope.namespace}/{selector.name} is empty")
    return value


PUSHOVER = Integration(
    "pushover_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("user_key", TEXT),
        Field("user_key_file", TEXT, since="0.26.0", unless="user_key"),
        Field("token", TEXT),
        Field("token_file", TEXT, since="0.26.0", unless="token"),
        Field("title", TEXT),
        Field("message", TEXT),
        Field("url", TEXT),
        Field("url_title", TEXT),
        Field("ttl", GO_DURATION_TEXT, since="0.27.0"),
        Field("device", TEXT, since="0.26.0"),
        Field("sound", TEXT),
        Field("priority", TEXT),
        Field("retry", GO_DURATION),
        Field("expire", GO_DURATION),
        Field("html", KEPT_FLAG),
        Field("monospace", KEPT_FLAG),
    ),
    attribute="pushoverConfigs",
    rows=(
        Row("send_resolved"),
        Row("user_key", convert=_filled_secret),
        Row("user_key_file"),
        Row("token", convert=_filled_secret),
        Row("token_file"),
        Row("title"),
        Row("message"),
        Row("url"),
        Row("url_title"),
        Row("ttl"),
        Row("device"),
        Row("priority"),
        Row("retry", convert=prometheus_duration),
        Row("expire", convert=prometheus_duration),
        Row("html"),
        Row("monospace"),
    ),
    template_urls=("url",),
    file_template_urls=("url",),
    validate=_validate,
    check=_check,
    load=_load,
    rules=_rules,
)
"""The operator forgets `sound` of an AlertmanagerConfig."""
