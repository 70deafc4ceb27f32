"""What the modules beside this one give: one integration, that is, one kind of entry in a receiver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager import http_client
from render.generation.alertmanager.kinds import KEPT_FLAG, duration
from render.generation.alertmanager.shape import Field, Shape, below
from render.generation.fields import emit
from render.golang import templates, urls
from render.selection.placeholders import Placeholder, known, stripped
from render.sources.kyaml import KyamlError, load_go

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.generation.fields import Block, Row
    from render.generation.scope import Scope

SEND_RESOLVED = Field("send_resolved", KEPT_FLAG)


@dataclass(frozen=True)
class Integration:
    """One integration, in the file and in AlertmanagerConfig.

    `key` names its list in a receiver of the file, `fields` the keys of an entry in their order; `attribute` names its
    list in a receiver of AlertmanagerConfig, empty where that has none, and `rows` says where the values come from.
    Below the version `since` it is refused.

    `urls` and `template_urls` are attributes of the API that hold URLs, `file_urls` and `file_template_urls` keys of
    the file. `validate(entry, field)` are further rules on an entry itself, `check(entry, scope, field)` rules on its
    references and the version, `complete(entry, scope)` makes values that rows cannot; `load(block)` are the server's
    own rules, `rules(block, scope)` the operator's for any entry. `client_first`: the client's references are looked up
    before those of the rows.
    """

    key: str
    fields: tuple[Field, ...]
    attribute: str = ""
    rows: tuple[Row, ...] = ()
    since: str = ""
    urls: tuple[str, ...] = ()
    template_urls: tuple[str, ...] = ()
    file_urls: tuple[str, ...] = ()
    file_template_urls: tuple[str, ...] = ()
    validate: Callable[[Any, str], None] | None = None
    check: Callable[[Any, Scope, str], None] | None = None
    complete: Callable[[Any, Scope], Block] | None = None
    load: Callable[[Block], None] | None = None
    rules: Callable[[Block, Scope], None] | None = None
    client_first: bool = False

    @cached_property
    def shape(self) -> Shape:
        """The shape of an entry in the file."""
        return Shape(self.fields, load=self.load, rules=self._rules)

    def _rules(self, block: Block, scope: Scope) -> None:
        if self.rules is not None:
            self.rules(block, scope)
        for key in self.file_urls:
            check_url(block.get(key), key)
        for key in self.file_template_urls:
            check_template_url(block.get(key), key)
        http_client.prune_client(block, scope)


def validate(integration: Integration, entry: Any, field: str) -> None:  # noqa: ANN401 - the integration's API struct
    """The rules on an entry of an AlertmanagerConfig without its references and a version. Raises Rejection."""
    for attribute in integration.urls:
        check_url(getattr(entry, attribute), f"{field}.{attribute}")
    for attribute in integration.template_urls:
        check_template_url(getattr(entry, attribute), f"{field}.{attribute}")
    if integration.validate is not None:
        integration.validate(entry, field)
    http_client.validate(getattr(entry, "httpConfig", None), f"{field}.httpConfig")


def generate(integration: Integration, entry: Any, scope: Scope, field: str) -> Block:  # noqa: ANN401 - as above
    """The entry for the file; on the way its references are looked up and its TLS assets are kept.

    Raises Rejection when a reference is missing, or the version does not allow what is set.
    """
    client = getattr(entry, "httpConfig", None)
    client_field = f"{field}.httpConfig"
    if client is not None:
        http_client.check_version(client, scope, client_field)
        if integration.client_first:
            http_client.check(client, scope, client_field)
    if integration.check is not None:
        integration.check(entry, scope, field)
    block = _located(integration, entry, scope, field)
    if client is not None:
        if not integration.client_first:
            http_client.check(client, scope, client_field)
        block["http_config"] = http_client.generate(client, scope)
    return block


def _located(integration: Integration, entry: Any, scope: Scope, field: str) -> Block:  # noqa: ANN401 - as above
    try:
        block = emit(integration.rows, entry, scope)
        return block if integration.complete is None else block | integration.complete(entry, scope)
    except Rejection as rejection:
        place = below(field, rejection.field) if rejection.field else field
        raise Rejection(rejection.message, place, code=rejection.code, hint=rejection.hint) from None


def check_url(text: str | None, field: str) -> None:
    """An http or https URL with a host; nothing is fine. Raises Rejection, which does not quote it."""
    text = known(text)
    if text:
        try:
            urls.check_http_url(text)
        except ValueError:
            raise Rejection("is no http or https URL with a host", field, hint="write https://host/path") from None


def check_template_url(text: str | None, field: str) -> None:
    """As `check_url`, or a template that makes one."""
    text = known(text)
    if not text or "{{" not in text:
        check_url(text, field)
        return
    try:
        templates.check_plain_template(text)
    except ValueError:
        raise Rejection("is no template", field, hint="correct the text between {{ and }}") from None


def secret(selector: Any, scope: Scope) -> str:  # noqa: ANN401 - selectors of both API versions
    """The value of a Secret's key. Raises Rejection."""
    return scope.secret(selector)


def secret_url(selector: Any, scope: Scope) -> str:  # noqa: ANN401 - as above
    """The URL that a Secret's key holds, without white space around it. Raises Rejection."""
    text = secret(selector, scope)
    check_secret_url(text)
    return unpadded(text) if isinstance(text, Placeholder) else text.strip()


def check_secret_url(text: str) -> None:
    """An http or https URL that comes from a Secret. Raises Rejection, which does not quote it."""
    value = known(text)
    if value is None:
        return
    try:
        urls.check_secret_http_url(value.strip())
    except ValueError as error:
        raise Rejection(str(error), hint="put an http or https URL into the Secret") from None


def unpadded(reference: Placeholder) -> Placeholder:
    """A placeholder of a URL without the white space that is known to be around it.

    Raises Rejection where the reloader, which reads it as YAML, would lose more of it.
    """
    text = reference.known
    if text is None or text == text.strip():
        return reference
    try:
        read = load_go(text.encode("utf-8", "surrogateescape"))
    except KyamlError:
        read = None
    if read != text.strip():
        raise Rejection("the URL has white space around it", hint="remove it in the Secret")
    return stripped(reference)


def prometheus_duration(text: str, _scope: Scope) -> str:
    """A duration as the server writes it. Raises Rejection."""
    return duration(text)


def key_values(pairs: list[Any], _scope: Scope) -> dict[str, str]:
    """A mapping of a list of keys and values; the last of a key stays."""
    return {pair.key: pair.value for pair in pairs}
