"""Checks that several kinds of discovery share: the client's blocks, Secrets, URLs and fields that need a version.

Each takes an entry, the scope and the entry's path, and raises Rejection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.golang import urls
from render.selection import credentials

if TYPE_CHECKING:
    from render.generation.prometheus.discovery.kind import Check, Entry
    from render.generation.scope import Scope


def basic_auth(entry: Entry, scope: Scope, field: str) -> None:
    """The entry's `basicAuth`."""
    credentials.check_basic_auth(scope.namespace, entry.basicAuth, scope.references, f"{field}.basicAuth")


def authorization(entry: Entry, scope: Scope, field: str) -> None:
    """The entry's `authorization`."""
    credentials.check_safe_authorization(
        scope.namespace, entry.authorization, scope.references, f"{field}.authorization"
    )


def oauth2(entry: Entry, scope: Scope, field: str) -> None:
    """The entry's `oauth2`."""
    credentials.check_oauth2(scope.namespace, entry.oauth2, scope.references, f"{field}.oauth2")


def tls(entry: Entry, scope: Scope, field: str) -> None:
    """The entry's `tlsConfig`; its certificates become assets."""
    credentials.check_safe_tls(scope.namespace, entry.tlsConfig, scope.references, f"{field}.tlsConfig")


def proxy(entry: Entry, scope: Scope, field: str) -> None:
    """The entry's proxy fields."""
    credentials.check_proxy(scope.namespace, entry, scope.references, field)


def secret(attribute: str) -> Check:
    """A check that the Secret's key named by `attribute` exists, where it is given."""

    def look(entry: Entry, scope: Scope, field: str) -> None:
        selector = getattr(entry, attribute)
        if selector is not None:
            scope.secret(selector, f"{field}.{attribute}")

    return look


def needs(attribute: str, since: str) -> Check:
    """A check that the server is at least of version `since` where `attribute` is given."""

    def look(entry: Entry, scope: Scope, field: str) -> None:
        if getattr(entry, attribute) is not None and not scope.at_least(since):
            message = f"{attribute} needs {scope.product} {since} or later, and this is {scope.version}"
            raise Rejection(
                message,
                f"{field}.{attribute}",
                code="version-unsupported",
                hint=f"remove {attribute}, or raise spec.version of the server",
            )

    return look


def url(attribute: str, schemes: tuple[str, ...] = (), *, absolute: bool = False) -> Check:
    """A check that `attribute` is a URL: if `absolute`, with scheme and host; of one of `schemes` if any are named."""

    def look(entry: Entry, _scope: Scope, field: str) -> None:
        text = getattr(entry, attribute)
        try:
            parsed = urls.parse_url(text)
        except ValueError as error:
            raise Rejection(
                f"not a URL: {error}", f"{field}.{attribute}", hint="write a URL such as http://example:8080"
            ) from None
        if schemes and parsed.scheme not in schemes:
            message = f"the scheme of {text!r} is none of {', '.join(schemes)}"
            raise Rejection(message, f"{field}.{attribute}", hint="write a URL such as http://example:8080")
        if absolute and not (parsed.scheme and parsed.host):
            message = f"{text!r} has no scheme or no host"
            raise Rejection(message, f"{field}.{attribute}", hint="write a URL such as http://example:8080")

    return look
