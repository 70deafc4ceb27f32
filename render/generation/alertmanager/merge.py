"""The final configuration: the base, and what each selected AlertmanagerConfig adds to it.

An AlertmanagerConfig that cannot be taken is left out with an error, and the others stay. Where the reference operator
stops generating for the whole Alertmanager because of one object, the Alertmanager gets an error, too, that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager import base, config, global_settings, loading, route, shape, template_files
from render.generation.alertmanager.configuration import CONFIGURATION, prune_all
from render.generation.alertmanager.conversion import field_of, spec_of
from render.selection import resources

if TYPE_CHECKING:
    from render.api.alertmanager import AlertmanagerConfiguration
    from render.findings import ObjectKey
    from render.generation.alertmanager.server import Server
    from render.generation.fields import Block
    from render.objects.index import Object, Objects

REFUSED = "alertmanager-refuses"
LEFT_OUT = "configuration-incomplete"


def managed(server: Server) -> bool:
    """Whether anything is merged: without a selector and a global AlertmanagerConfig the user's file stays as it is."""
    return server.spec.alertmanagerConfigSelector is not None or server.spec.alertmanagerConfiguration is not None


def configuration(server: Server, objects: Objects) -> Block:
    """The whole configuration, ready to be written. Raises Rejection when the base cannot be used."""
    candidates = _candidates(server, objects)
    accepted = _accepted(candidates, server)
    whole = _base(server, objects)
    routes = []
    for found, added in accepted:
        if _fits(found, added, whole, server):
            whole.setdefault("inhibit_rules", []).extend(added["inhibit_rules"])
            whole.setdefault("receivers", []).extend(added.get("receivers", ()))
            whole.setdefault("mute_time_intervals", []).extend(added.get("mute_time_intervals", ()))
            routes += [added["route"]] if "route" in added else []
    whole["route"]["routes"] = routes + whole["route"].get("routes", [])
    written = shape.arrange(CONFIGURATION, whole)
    template_files.check(server, written)
    return written


def inspect_base(server: Server, content: bytes) -> None:
    """Look at a file that goes on as it is: what Alertmanager is likely to refuse is a warning."""
    try:
        written = base.read(server, content)
    except Rejection as rejection:
        server.report.warning(REFUSED, rejection.message, server.key, field=rejection.field, hint=rejection.hint)
    else:
        template_files.check(server, written)


def _candidates(server: Server, objects: Objects) -> list[Object[Any]]:
    namespace = server.key.namespace
    chosen = resources.select(config.KIND, config.selectors(server), namespace, objects, server.options, server.report)
    own = server.spec.alertmanagerConfiguration
    name = own.name if own is not None else None
    return [found for found in chosen if (found.key.namespace, found.key.name) != (namespace, name)]


def _accepted(candidates: list[Object[Any]], server: Server) -> list[tuple[Object[Any], Block]]:
    accepted = []
    for found in candidates:
        try:
            accepted.append((found, config.generate(found, spec_of(found.value), server)))
        except Rejection as rejection:
            rejection.field = field_of(found.value, rejection.field)
            server.report.rejected(found.key, rejection)
    return accepted


def _base(server: Server, objects: Objects) -> Block:
    own = server.spec.alertmanagerConfiguration
    if own is not None:
        return _global_configuration(own, server, objects)
    whole = base.read(server, base.text(server))
    try:
        prune_all(whole, server.scope)
    except Rejection as rejection:
        raise base.in_file(rejection, server) from None
    _tell_if_refused(whole, server, base.FIELD)
    return whole


def _global_configuration(own: AlertmanagerConfiguration, server: Server, objects: Objects) -> Block:
    """The base from spec.alertmanagerConfiguration: an AlertmanagerConfig that is not bound to its namespace."""
    field = "spec.alertmanagerConfiguration"
    found = objects.resources.get(config.KIND, {}).get((server.key.namespace, own.name or ""))
    if found is None:
        message = f"AlertmanagerConfig {server.key.namespace}/{own.name} does not exist"
        raise Rejection(message, f"{field}.name", code="reference-missing", hint="add it to the source")
    scope = server.scope_of(found.key)
    try:
        whole = config.generate(found, spec_of(found.value), server)
        if own.global_ is not None:
            global_settings.check(own.global_, scope, f"{field}.global")
            whole["global"] = global_settings.generate(own.global_, scope, f"{field}.global")
        _check_needed(whole, whole.get("global", {}))
        prune_all(whole, scope)
        route.check_root(whole.get("route"), "spec.route")
    except Rejection as rejection:
        place = rejection.field if rejection.field.startswith(field) else f"{field}.name"
        message = f"AlertmanagerConfig {server.key.namespace}/{own.name}: {rejection.field} {rejection.message}"
        raise Rejection(message, place, code=rejection.code, hint=rejection.hint) from None
    _tell_if_refused(whole, server, f"{field}.name")
    sources = [source for entry in own.templates or () for source in (entry.configMap, entry.secret)]
    whole["templates"] = [f"{template_files.TEMPLATES}/{source.key}" for source in sources if source is not None]
    return whole


def _check_needed(added: Block, settings: Block) -> None:
    """What the operator itself asks of entries of AlertmanagerConfigs, before it leaves out what is too new."""
    for number, receiver in enumerate(added.get("receivers", ())):
        global_settings.check_fallbacks(
            receiver, settings, f"receivers[{number}]", ("email_configs", "telegram_configs")
        )


def _fits(found: Object[Any], added: Block, whole: Block, server: Server) -> bool:
    """Whether what an object adds goes into the configuration; if not, errors tell why."""
    scope = server.scope_of(found.key)
    try:
        _check_needed(added, whole.get("global") or {})
        if server.binds(found.key.namespace):
            config.bind(added, found.key.namespace, scope)
        if "route" in added:
            added["route"]["continue"] = True
        prune_all(added, scope)
    except Rejection as rejection:
        _report_left_out(found, rejection, server)
        return False
    return _is_loadable(found, added, whole, server)


def _report_left_out(found: Object[Any], rejection: Rejection, server: Server) -> None:
    """The error is the Alertmanager's, which lacks a part; the culprit is named there and warned."""
    why = f"{rejection.field} {rejection.message}".strip()
    place = field_of(found.value, loading.place_in_spec(rejection.field))
    server.report.warning(LEFT_OUT, f"left out: {why}", found.key, field=place, hint=rejection.hint)
    message = f"{found.key} is left out, {why}; the reference operator would stop updating the configuration here"
    server.report.error(LEFT_OUT, message, server.key, hint=rejection.hint or f"correct {found.key}")


def _is_loadable(found: Object[Any], added: Block, whole: Block, server: Server) -> bool:
    """Whether Alertmanager itself would load the configuration with what an object adds.

    The reference operator does not ask. To write what it writes, with `reference_faults`, a warning is all.
    """
    try:
        loading.check(added, whole.get("global") or {}, server.version)
    except Rejection as rejection:
        place = field_of(found.value, loading.place_in_spec(rejection.field))
        _report_refused(server, found.key, Rejection(rejection.message, place, hint=rejection.hint))
        return server.options.reference_faults
    return True


def _tell_if_refused(whole: Block, server: Server, field: str) -> None:
    """Say when Alertmanager would not load the base; there is nothing to leave out of it."""
    try:
        loading.check(whole, whole.get("global") or {}, server.version)
    except Rejection as rejection:
        message = (
            f"{rejection.field} {rejection.message}, once what Alertmanager {server.version} does not know is gone"
        )
        _report_refused(server, server.key, Rejection(message, field, hint=rejection.hint))


def _report_refused(server: Server, key: ObjectKey, rejection: Rejection) -> None:
    message = f"{rejection.message}: Alertmanager would refuse the whole configuration"
    report = server.report.warning if server.options.reference_faults else server.report.error
    report(REFUSED, message, key, field=rejection.field, hint=rejection.hint)
