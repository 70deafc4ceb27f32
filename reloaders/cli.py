"""The commands of the reloaders: reads the flags, puts the parts together, ends with an exit status."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from reloaders import health, materialize, process, settings
from reloaders.http_post import Credentials
from reloaders.logs import Logger
from reloaders.loop import ConfigReloader
from reloaders.metrics import Metrics
from reloaders.placeholders import Unresolved
from reloaders.snapshot import Unreadable
from reloaders.status import Status
from reloaders.trigger import HttpTrigger, SignalTrigger, Trigger
from reloaders.wake import Wake
from reloaders.web_config import BadWebConfig, WebConfig

if TYPE_CHECKING:
    from reloaders.resolver import Resolver
    from reloaders.settings import Settings


def config_reloader() -> NoReturn:
    """Run `config-reloader`; status 0 at a signal, 1 when it cannot run, 2 for flags or a web configuration."""
    process.run(_config_reloader)


def _config_reloader() -> None:
    chosen = settings.parse(sys.argv[1:])
    log = Logger(chosen.log_format, chosen.log_level)
    process.end_on_signals(log)
    web_config = usable_web_config(chosen.web_config_file, log)
    materialize.set_ordinal(os.environ, chosen.statefulset_ordinal_from_envvar)
    metrics, status, wake = Metrics(chosen.reload_method), Status(), Wake()
    try:
        resolver = _resolver(chosen, wake, log)
    except Unresolved as error:
        log.error("Cannot resolve secrets", reason=str(error))
        sys.exit(process.FAILED)
    reloader = ConfigReloader(chosen, _trigger(chosen), resolver, metrics=metrics, status=status, log=log)
    if not chosen.watch_interval:
        sys.exit(_run_once(reloader, log))
    _serve(chosen, metrics, status, web_config, log)
    _run(reloader, chosen, metrics, wake, log)


def usable_web_config(path: str, log: Logger) -> WebConfig | None:
    """The web configuration, None when there is no file; ends the program with status 2 when it cannot be used."""
    try:
        return WebConfig(path) if path else None
    except BadWebConfig as error:
        log.error("The web configuration cannot be used", reason=str(error))
        sys.exit(process.USAGE)


def _run_once(reloader: ConfigReloader, log: Logger) -> int:
    """Write the configuration, as an init container does: the server does not run yet."""
    try:
        reloader.materialize()
    except (materialize.CannotMaterialize, Unreadable, Unresolved) as error:
        log.error("Failed to run", reason=str(error))
        return process.FAILED
    return 0


def _run(reloader: ConfigReloader, chosen: Settings, metrics: Metrics, wake: Wake, log: Logger) -> NoReturn:
    from reloaders.watch import Watcher

    if not chosen.config_file and not chosen.watched_dir:
        log.info("Nothing to be watched")
        threading.Event().wait()

    def tell() -> None:
        metrics.watch_events.inc()
        wake.tell()

    folders = [os.path.dirname(chosen.config_file) or "."] if chosen.config_file else []  # noqa: PTH120 - as in watch
    watcher = Watcher([*folders, *chosen.watched_dir], tell)
    log.info("Watching", cfg=chosen.config_file, out=chosen.config_envsubst_file, dirs=",".join(chosen.watched_dir))
    reloader.run(wake, watcher)


def _serve(chosen: Settings, metrics: Metrics, status: Status, web_config: WebConfig | None, log: Logger) -> None:
    if not chosen.listen_address:
        return
    pages = {
        "/metrics": lambda: health.text_page(metrics.text()),
        "/healthz": health.alive,
        "/readyz": lambda: health.readiness(status.ready),
        "/status": lambda: health.json_page(200, status.shown()),
    }
    try:
        port = health.serve(chosen.listen_address, pages, web_config)
    except (OSError, ValueError) as error:
        log.error("Failed to run", listen=chosen.listen_address, reason=str(error))
        sys.exit(process.FAILED)
    log.info("Serving", listen=chosen.listen_address, port=port)


def _trigger(chosen: Settings) -> Trigger:
    credentials = Credentials(
        username=chosen.reload_username,
        password_file=chosen.reload_password_file,
        bearer_token_file=chosen.reload_bearer_token_file,
        ca_file=chosen.reload_ca_file,
        cert_file=chosen.reload_cert_file,
        key_file=chosen.reload_key_file,
    )
    timeout = chosen.reload_timeout
    if chosen.reload_method == "signal":
        return SignalTrigger(chosen.process_executable_name, chosen.runtimeinfo_url, credentials, timeout)
    return HttpTrigger(chosen.reload_url, credentials, timeout)


def _resolver(chosen: Settings, wake: Wake, log: Logger) -> Resolver | None:
    if not chosen.resolve_secrets:
        return None
    from reloaders import cluster, resolver

    api = cluster.Cluster(cluster.connect(chosen.kubeconfig), wake.tell, log)
    return resolver.Resolver(api, chosen.tls_assets_dir, watch=bool(chosen.watch_interval))
