"""The base configuration: the user's own file in a Secret, or the default that drops every alert."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation import secret_fields
from render.generation.alertmanager import shape
from render.generation.alertmanager.configuration import CONFIGURATION
from render.selection.references import UNSEEN
from render.sources.kyaml import KyamlError, load_go, load_literals

if TYPE_CHECKING:
    from render.generation.alertmanager.server import Server
    from render.generation.fields import Block
    from render.objects.index import Payload

ENTRY = "alertmanager.yaml"
TEMPLATE = ".tmpl"
DEFAULT = b"route:\n  receiver: 'null'\nreceivers:\n- name: 'null'"
FIELD = "spec.configSecret"


def secret_name(server: Server) -> str:
    """The name of the Secret with the user's own file."""
    return server.spec.configSecret or f"alertmanager-{server.key.name}"


def text(server: Server) -> bytes:
    """The user's own file; without the Secret, its key or a text in it the default, with a notice.

    With references the cluster may have a Secret that the source lacks, and only the source can tell what is in it:
    where `spec.configSecret` names it Rejection is raised, else the notice is a warning.
    """
    payload = _payload(server)
    if payload is None and server.references.by_reference:
        _tell_unseen(server)
        return DEFAULT
    content = _value(payload, ENTRY) if payload is not None else None
    if not content:
        message = f"Secret {server.key.namespace}/{secret_name(server)} holds no {ENTRY}: the default drops every alert"
        server.report.info("default-configuration", message, server.key, field=FIELD)
        return DEFAULT
    return content


def _tell_unseen(server: Server) -> None:
    source = f"Secret {server.key.namespace}/{secret_name(server)}"
    hint = "add it to the source: what is secret in it is not written"
    if server.spec.configSecret:
        message = f"{source} is not in the source, and what is made here begins with its {ENTRY}"
        raise Rejection(message, FIELD, code="reference-missing", hint=hint)
    message = f"{source} is not in the source: the default drops every alert that no AlertmanagerConfig routes"
    server.report.warning(
        UNSEEN, message, server.key, field=FIELD, hint=f"{hint}; without it in the cluster all is well"
    )


def further_entries(server: Server) -> dict[str, bytes]:
    """The other entries of the Secret, which are copied beside the configuration."""
    if server.references.by_reference:
        return _further_templates(server)
    payload = _payload(server)
    names = [] if payload is None else [name for name in payload.entries() if name != ENTRY]
    return {} if payload is None else {name: _value(payload, name) or b"" for name in names}


def _further_templates(server: Server) -> dict[str, bytes]:
    """The notification templates alone: any other entry may be a credential, and is left out with a warning."""
    payload = _payload(server)
    out: dict[str, bytes] = {}
    for name in payload.entries() if payload is not None else ():
        if payload is not None and name.endswith(TEMPLATE):
            out[name] = _value(payload, name) or b""
        elif name != ENTRY:
            message = f"the entry {name!r} of Secret {server.key.namespace}/{secret_name(server)} is not copied"
            hint = f"list the Secret in spec.secrets, or name the file *{TEMPLATE} if it is a template"
            server.report.warning("secret-not-copied", message, server.key, field=FIELD, hint=hint)
    return out


def _payload(server: Server) -> Payload | None:
    return server.references.payload("Secret", server.key.namespace, secret_name(server))


def _value(payload: Payload, entry: str) -> bytes | None:
    try:
        return payload.get(entry)
    except ValueError as error:
        message = f"Secret {payload.key.namespace}/{payload.key.name}: {error}"
        raise Rejection(
            message, FIELD, code="reference-invalid", hint="encode the value with base64, or move it to stringData"
        ) from None


def read(server: Server, content: bytes) -> Block:
    """The user's own file, from `text`, read as strictly as the operator and the server do.

    Raises Rejection, which tells the place in the file and never its values.
    """
    try:
        raw = load_literals(content)
    except KyamlError as error:
        message = f"{_source(server)}: line {error.line}, column {error.column} cannot be read as YAML"
        raise Rejection(message, FIELD, hint="correct the YAML in the Secret") from None
    try:
        whole = shape.decode(CONFIGURATION, raw)
    except Rejection as rejection:
        raise in_file(rejection, server) from None
    return _referring(server, whole, content) if server.references.by_reference else whole


def _referring(server: Server, whole: Block, content: bytes) -> Block:
    """The file with references in the place of its secrets."""
    refer = partial(server.references.refer, "Secret", server.key.namespace, secret_name(server), ENTRY)
    hidden: Block = secret_fields.hide(whole, secret_fields.ALERTMANAGER, refer)
    if hidden != whole:
        secret_fields.check_pointable(content, _source(server), FIELD)
    return hidden


def referring_file(server: Server, content: bytes) -> Any:  # noqa: ANN401 - a YAML document of the user's
    """The user's own file as it is, but for its secrets. Raises Rejection when it is no YAML."""
    try:
        return _referring(server, load_go(content), content)
    except KyamlError as error:
        message = f"{_source(server)}: line {error.line}, column {error.column} cannot be read as YAML"
        raise Rejection(message, FIELD, hint="correct the YAML in the Secret") from None


def _source(server: Server) -> str:
    return f"Secret {server.key.namespace}/{secret_name(server)}, key {ENTRY!r}"


def in_file(rejection: Rejection, server: Server) -> Rejection:
    """A rejection of a place in the user's own file, as one of the object."""
    place = f"{rejection.field} " if rejection.field else ""
    hint = rejection.hint or "correct the file in the Secret"
    return Rejection(f"{_source(server)}: {place}{rejection.message}", FIELD, code=rejection.code, hint=hint)
