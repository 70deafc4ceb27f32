"""Mattermost, which only the user's own file can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import FLAG, KEPT_FLAG, KEPT_TEXT, TEXT, URL_TEXT, block, blocks
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    check_template_url,
)
from render.generation.alertmanager.shape import Field, Shape, any_of, one_of

if TYPE_CHECKING:
    from render.generation.fields import Block
    from render.generation.scope import Scope

TOP_LEVEL_SINCE = "0.32.0"
_LINKS = ("author_link", "author_icon", "title_link", "thumb_url", "footer_icon", "image_url")

FIELD = Shape((Field("title", TEXT), Field("value", TEXT), Field("short", FLAG)))
_ATTACHMENT_FIELDS = (
    Field("fallback", TEXT),
    Field("color", TEXT),
    Field("pretext", TEXT),
    Field("text", TEXT),
    Field("author_name", TEXT),
    Field("author_link", TEXT),
    Field("author_icon", TEXT),
    Field("title", TEXT),
    Field("title_link", TEXT),
    Field("fields", blocks(lambda: FIELD)),
    Field("thumb_url", TEXT),
    Field("footer", TEXT),
    Field("footer_icon", TEXT),
    Field("image_url", TEXT),
)
ATTACHMENT = Shape(_ATTACHMENT_FIELDS)
PROPERTIES = Shape((Field("card", KEPT_TEXT),))
PRIORITY = Shape(
    (Field("priority", TEXT), Field("requested_ack", KEPT_FLAG), Field("persistent_notifications", KEPT_FLAG))
)


def _rules(entry: Block, scope: Scope) -> None:
    if not scope.at_least(TOP_LEVEL_SINCE):
        any_of(entry, "webhook_url", "webhook_url_file")
    for number, attachment in enumerate(entry.get("attachments") or ()):
        for key in _LINKS:
            check_template_url(attachment.get(key), f"attachments[{number}].{key}")


MATTERMOST = Integration(
    "mattermost_configs",
    (
        SEND_RESOLVED,
        Field("webhook_url", URL_TEXT),
        Field("webhook_url_file", TEXT, unless="webhook_url"),
        Field("channel", TEXT),
        Field("username", TEXT),
        Field("text", TEXT),
        *(Field(field.key, field.kind, since=TOP_LEVEL_SINCE) for field in _ATTACHMENT_FIELDS if field.key != "text"),
        Field("icon_url", TEXT),
        Field("icon_emoji", TEXT),
        Field("attachments", blocks(lambda: ATTACHMENT)),
        Field("props", block(PROPERTIES)),
        Field("priority", block(PRIORITY)),
        HTTP_CONFIG,
    ),
    since="0.30.0",
    file_template_urls=("icon_url", *_LINKS),
    load=lambda entry: one_of(entry, "webhook_url", "webhook_url_file"),
    rules=_rules,
)
