"""The `remote_read` block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation import http_client
from render.generation.fields import Block, Row, emit
from render.selection.credentials import check_authorization, check_basic_auth, check_oauth2, check_proxy, check_tls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.api.prometheus import RemoteReadSpec
    from render.generation.scope import Scope

ROWS = (
    Row("url", keep_empty=True),
    Row("remote_timeout", keep_empty=True),
    Row("headers", since="2.26.0", convert=http_client.text_map),
    Row("name", since="2.15.0"),
    Row("required_matchers", convert=http_client.text_map),
    Row("read_recent", skip_zero=True),
    http_client.BASIC_AUTH,
    Row("bearer_token"),
    Row("bearer_token_file"),
    http_client.OAUTH2,
    http_client.TLS,
    http_client.AUTHORIZATION,
    *http_client.PROXY,
    http_client.FOLLOW_REDIRECTS,
    Row("filter_external_labels", since="2.34.0"),
)


def generate(sources: Sequence[RemoteReadSpec], scope: Scope) -> list[Block]:
    """The list of `remote_read`."""
    return [emit(ROWS, source, scope) for source in sources]


def check(sources: Sequence[RemoteReadSpec], scope: Scope) -> None:
    """The client blocks are consistent and their references are there. Raises Rejection.

    Several ways to authenticate together pass, as in the operator; the server refuses them.
    """
    namespace, references = scope.namespace, scope.references
    for number, source in enumerate(sources):
        path = f"spec.remoteRead[{number}]"
        check_basic_auth(namespace, source.basicAuth, references, f"{path}.basicAuth")
        check_oauth2(namespace, source.oauth2, references, f"{path}.oauth2")
        check_tls(namespace, source.tlsConfig, references, f"{path}.tlsConfig")
        check_authorization(namespace, source.authorization, references, f"{path}.authorization")
        check_proxy(namespace, source, references, path)
