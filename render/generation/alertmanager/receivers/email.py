"""Mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import TLS, tls
from render.generation.alertmanager.kinds import (
    HOST_PORT,
    KEPT_FLAG,
    KEPT_TEXT,
    TEXT,
    TEXT_MAP,
    block,
)
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    key_values,
    secret,
)
from render.generation.alertmanager.shape import Field, Shape, any_of, require
from render.generation.fields import Row
from render.golang.hosts import join_host_port, split_host_port
from render.selection.credentials import check_safe_tls

if TYPE_CHECKING:
    from render.api.alertmanager_config import ThreadingConfig
    from render.api.alertmanager_config_v1alpha1 import EmailConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

DATES = ("none", "daily")
THREADING = Shape((Field("enabled", KEPT_FLAG), Field("thread_by_date", TEXT)))


def _load(entry: Block) -> None:
    any_of(entry, "to")
    _check_headers(list(entry.get("headers") or {}), "headers")
    threading = entry.get("threading") or {}
    if threading.get("enabled"):
        if threading.get("thread_by_date") not in DATES:
            raise Rejection("must be none or daily", "threading.thread_by_date")
        for name in entry.get("headers") or {}:
            if name.lower() in ("references", "in-reply-to"):
                raise Rejection(f"the header {name} is set by threading", "headers", hint="remove one of the two")


def _rules(entry: Block, _scope: Scope) -> None:
    threading = entry.get("threading")
    if threading is not None and threading.get("thread_by_date") not in DATES:
        raise Rejection("must be none or daily", "threading.thread_by_date")


def _validate(entry: EmailConfig, field: str) -> None:
    if not entry.to:
        raise Rejection("is needed", f"{field}.to", hint="give the address to write to")
    if entry.smarthost:
        try:
            split_host_port(entry.smarthost)
        except ValueError as error:
            raise Rejection(str(error), f"{field}.smarthost", hint="write host:port") from None
    _check_headers([header.key for header in entry.headers or ()], f"{field}.headers")


def _check_headers(names: list[str], field: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise Rejection(f"the header {name} stands twice", field, hint="keep one of them; case does not count")
        seen.add(name.lower())


def _check(entry: EmailConfig, scope: Scope, field: str) -> None:
    if entry.threading is not None:
        require(scope, "0.30.0", f"{field}.threading")
    if entry.forceImplicitTLS is not None:
        require(scope, "0.31.0", f"{field}.forceImplicitTLS")


def _complete(entry: EmailConfig, scope: Scope) -> Block:
    check_safe_tls(scope.namespace, entry.tlsConfig, scope.references, "tlsConfig")
    return {}


def _smarthost(text: str, _scope: Scope) -> str:
    return join_host_port(*split_host_port(text))


def _threading(threading: ThreadingConfig, _scope: Scope) -> Block:
    return {"enabled": True, "thread_by_date": threading.threadByDate.lower()}


EMAIL = Integration(
    "email_configs",
    (
        SEND_RESOLVED,
        Field("to", TEXT),
        Field("from", TEXT),
        Field("hello", TEXT),
        Field("smarthost", HOST_PORT),
        Field("auth_username", TEXT),
        Field("auth_password", TEXT),
        Field("auth_password_file", TEXT, since="0.25.0", unless="auth_password"),
        Field("auth_secret", TEXT),
        Field("auth_secret_file", TEXT, since="0.31.0", unless="auth_secret"),
        Field("auth_identity", TEXT),
        Field("headers", TEXT_MAP),
        Field("html", KEPT_TEXT),
        Field("text", KEPT_TEXT),
        Field("require_tls", KEPT_FLAG),
        Field("tls_config", block(TLS)),
        Field("force_implicit_tls", KEPT_FLAG, since="0.31.0"),
        Field("threading", block(THREADING), since="0.30.0"),
    ),
    attribute="emailConfigs",
    rows=(
        Row("send_resolved"),
        Row("to"),
        Row("from", of="from_"),
        Row("hello"),
        Row("smarthost", convert=_smarthost),
        Row("auth_username"),
        Row("auth_password", convert=secret),
        Row("auth_secret", convert=secret),
        Row("auth_identity"),
        Row("headers", convert=key_values),
        Row("html", keep_empty=True),
        Row("text", keep_empty=True),
        Row("require_tls", of="requireTLS"),
        Row("tls_config", convert=tls),
        Row("force_implicit_tls", of="forceImplicitTLS"),
        Row("threading", convert=_threading),
    ),
    validate=_validate,
    check=_check,
    complete=_complete,
    load=_load,
    rules=_rules,
)
"""Whether `smarthost` and `from` are given, here or globally, is for `global_settings` to say."""
