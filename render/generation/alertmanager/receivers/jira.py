"""Jira, which only the user's own file can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import ANY_MAP, NONZERO_DURATION, TEXT, TEXTS, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration
from render.generation.alertmanager.shape import Field, any_of

if TYPE_CHECKING:
    from render.generation.fields import Block

API_TYPES = ("auto", "cloud", "datacenter")


def _load(block: Block) -> None:
    any_of(block, "project")
    any_of(block, "issue_type")
    if block.get("api_type") and block["api_type"] not in API_TYPES:
        raise Rejection(f"must be one of {', '.join(API_TYPES)}", "api_type")


JIRA = Integration(
    "jira_configs",
    (
        HTTP_CONFIG,
        SEND_RESOLVED,
        Field("api_url", URL_TEXT),
        Field("project", TEXT),
        Field("summary", TEXT),
        Field("description", TEXT),
        Field("labels", TEXTS),
        Field("priority", TEXT),
        Field("issue_type", TEXT),
        Field("reopen_transition", TEXT),
        Field("resolve_transition", TEXT),
        Field("wont_fix_resolution", TEXT),
        Field("reopen_duration", NONZERO_DURATION),
        Field("fields", ANY_MAP),
        Field("api_type", TEXT, since="0.29.0"),
    ),
    since="0.28.0",
    load=_load,
)
