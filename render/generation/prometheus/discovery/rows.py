"""Rows and conversions that several kinds of discovery share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, Row

if TYPE_CHECKING:
    from render.api.scrape_config import Filter
    from render.api.selectors import SecretKeySelector
    from render.generation.fields import Convert
    from render.generation.scope import Scope


def secret(selector: SecretKeySelector, scope: Scope) -> str:
    """The value that a Secret's key holds."""
    return scope.secret(selector)


def lower(text: str, _scope: Scope) -> str:
    """The text in lower case, as the server wants its enumerations."""
    return text.lower()


def filters(entries: list[Filter], _scope: Scope) -> list[Block]:
    """Filters in the order of their names."""
    return [{"name": entry.name, "values": entry.values} for entry in sorted(entries, key=lambda entry: entry.name)]


def secret_row(key: str, of: str = "") -> Row:
    """A row whose attribute is a key of a Secret and whose value is what that key holds."""
    return Row(key, of, convert=secret, keep_empty=True)


def given(key: str, of: str = "", since: str = "", convert: Convert | None = None) -> Row:
    """A row that is written whenever its field is given, even if it is empty."""
    return Row(key, of, since, convert=convert, keep_empty=True)


PORT = Row("port")
REFRESH_INTERVAL = given("refresh_interval")
FILTERS = Row("filters", convert=filters)
FOLLOW_REDIRECTS = Row("follow_redirects")
ENABLE_HTTP2 = Row("enable_http2", of="enableHTTP2")
