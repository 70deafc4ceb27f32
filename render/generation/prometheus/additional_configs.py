"""Scrape jobs, alert relabelings and Alertmanagers that users keep in Secrets of their own; they go in as they are.

The texts are read as go-yaml v2 reads ordered mappings, and written again with order and types kept. With references,
one placeholder stands for the items of a list that the source lacks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation import secret_fields
from render.generation.relabeling import has_sharding, sharding
from render.selection.placeholders import Placeholder
from render.selection.references import UNSEEN
from render.sources.kyaml import KyamlError, load_go

if TYPE_CHECKING:
    from render.api.selectors import SecretKeySelector
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server

SCRAPE_CONFIGS = "additionalScrapeConfigs"
ALERT_RELABEL_CONFIGS = "additionalAlertRelabelConfigs"
ALERTMANAGER_CONFIGS = "additionalAlertManagerConfigs"


def read(server: Server, attribute: str) -> list[Any] | None:
    """The list that the Secret key named by `spec.<attribute>` holds; None when there is none.

    Raises Rejection when a Secret or key that is not optional is missing, or its text is no list of mappings. With
    references a placeholder stands for the items of a Secret that is missing.
    """
    selector: SecretKeySelector | None = getattr(server.spec, attribute, None)
    if selector is None:
        return None
    field = f"spec.{attribute}"
    if server.references.by_reference and not _in_source(server, selector):
        return _unseen(server, selector, field)
    text = _text(server, selector, field)
    if text is None:
        return None
    source = f"Secret {server.key.namespace}/{selector.name}, key {selector.key!r}"
    blocks = _parsed(text, source, field)
    if not server.references.by_reference:
        return blocks
    refer = partial(server.references.refer, "Secret", server.key.namespace, selector.name, selector.key)
    hidden: list[Any] = secret_fields.hide(blocks, secret_fields.PROMETHEUS, refer)
    if hidden != blocks:
        secret_fields.check_pointable(text.encode("utf-8", "surrogateescape"), source, field)
    return hidden


def _in_source(server: Server, selector: SecretKeySelector) -> bool:
    return server.references.payload("Secret", server.key.namespace, selector.name) is not None


def _unseen(server: Server, selector: SecretKeySelector, field: str) -> list[Any] | None:
    """What stands for the items of a Secret that the source lacks; nothing where the reloader need not find it."""
    if selector.optional:
        message = f"Secret {server.key.namespace}/{selector.name} is optional and not in the source: it is left out"
        hint = "add it to the source, or remove optional to have the reloader look for it"
        server.report.warning(UNSEEN, message, server.key, field=field, hint=hint)
        return None
    if server.access is not None:
        message = f"what the list in Secret {server.key.namespace}/{selector.name} discovers gets no rights"
        hint = "add the Secret to the source, or allow its discovery to the account yourself"
        server.report.warning(UNSEEN, message, server.key, field=field, hint=hint)
    return [server.references.everything(server.key.namespace, selector, field)]


def _text(server: Server, selector: SecretKeySelector, field: str) -> str | None:
    try:
        return server.references.content(server.key.namespace, selector, field)
    except Rejection as rejection:
        if selector.optional and rejection.code == "reference-missing":
            return None
        raise


def _parsed(text: str, source: str, field: str) -> list[Block]:
    """The text's blocks. What is wrong is told by its place alone: the text may hold credentials."""
    try:
        value = load_go(text.encode("utf-8", "surrogateescape"))
    except KyamlError as error:
        message = f"{source}: line {error.line}, column {error.column} cannot be read as YAML"
        raise Rejection(message, field, hint="correct the YAML in the Secret") from None
    if value is None:
        return []
    if not isinstance(value, list) or any(block is not None and not isinstance(block, dict) for block in value):
        raise Rejection(f"{source} holds no list of mappings", field, hint="write a YAML list, each entry a mapping")
    return [block or {} for block in value]


def scrape_configs(server: Server) -> list[Any]:
    """The additional scrape jobs; several shards share their targets by address unless a job spreads them itself.

    Raises Rejection where jobs would have to be spread that the source lacks.
    """
    jobs = read(server, SCRAPE_CONFIGS) or []
    if server.daemon_set or server.shards == 1:
        return jobs
    return [_sharded(job, server) for job in jobs]


def _sharded(job: Any, server: Server) -> Block:  # noqa: ANN401 - a job, or a placeholder for many
    if isinstance(job, Placeholder):
        message = (
            f"the Secret is not in the source, and its jobs must be changed to share targets of {server.shards} shards"
        )
        hint = "add the Secret to the source, or use one shard"
        raise Rejection(message, f"spec.{SCRAPE_CONFIGS}", code="reference-missing", hint=hint)
    steps = _steps(job)
    out = {key: value for key, value in job.items() if key != "relabel_configs"}
    out["relabel_configs"] = steps if has_sharding(steps) else steps + sharding(server)
    return out


def _steps(job: Block) -> list[Block]:
    steps: Any = job.get("relabel_configs", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        message = f"the job {str(job.get('job_name', ''))!r} has relabel_configs that are no list of mappings"
        raise Rejection(message, f"spec.{SCRAPE_CONFIGS}", hint="correct the job in the Secret")
    return steps
