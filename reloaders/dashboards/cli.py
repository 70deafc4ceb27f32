"""The command `dashboard-reloader`."""

from __future__ import annotations

import os
import sys
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from reloaders import cluster, health, process
from reloaders.dashboards import settings
from reloaders.dashboards.follow import Contact, Follower
from reloaders.dashboards.metrics import Metrics
from reloaders.dashboards.notify import Notifier, NotTold, fetcher
from reloaders.dashboards.tree import Tree
from reloaders.flags import Parser
from reloaders.logs import Logger
from reloaders.materialize import CannotMaterialize
from reloaders.placeholders import Unresolved
from reloaders.status import Status
from reloaders.wake import Wake

if TYPE_CHECKING:
    from reloaders.dashboards.settings import Settings

STALEST = 60.0  # seconds without an answer of the API after which /healthz says so
_LOOK = 15.0  # seconds between two looks at whether the API answers
_LEVELS = {"WARNING": "warn", "CRITICAL": "error"}


def main() -> NoReturn:
    """Run `dashboard-reloader`; status 0 at a signal or after METHOD=LIST, 1 when it cannot, 2 for bad variables."""
    process.run(_dashboard_reloader)


def _dashboard_reloader() -> None:
    text = "Writes labelled ConfigMaps and Secrets into a folder; environment variables say which and where."
    Parser("dashboard-reloader", text).parse_args()
    try:
        chosen = settings.read(os.environ)
    except settings.BadSettings as error:
        Logger().error("Cannot run", reason=str(error))
        sys.exit(process.USAGE)
    level = _LEVELS.get(chosen.log_level, chosen.log_level.lower())
    log = Logger(chosen.log_format.lower(), level, local=chosen.log_local)
    process.end_on_signals(log)
    try:
        Reloader(chosen, log).run()
    except (Unresolved, CannotMaterialize, OSError) as error:
        log.error("Cannot run", reason=str(error))
        sys.exit(process.FAILED)


class Reloader:
    """The parts of the program and how they work together."""

    def __init__(self, chosen: Settings, log: Logger) -> None:
        self._settings = chosen
        self._log = log
        self._metrics = metrics = Metrics()
        self._status = Status()
        self._wake = Wake()
        self._api = cluster.connect(chosen.kubeconfig, verify=chosen.verify_api)
        self._contact = contact = Contact(metrics)
        self._tree = Tree(chosen, fetcher(chosen.request, log), metrics, log)
        self._notifier = Notifier(chosen, metrics, log)
        self._told = 0  # changes of the tree that the server knows
        tell = self._wake.tell
        self._followers = [
            Follower(self._api, chosen, self._tree, (kind, space), contact=contact, metrics=metrics, log=log, tell=tell)
            for kind in chosen.kinds
            for space in chosen.namespaces
        ]

    def run(self) -> None:
        """List once, or follow until the end; raises what makes that impossible."""
        self._tree.load()
        once = self._settings.method == "LIST"
        if not once:
            self._serve()
        self._first_sync()
        self._status.set_ready()
        self._tell_server(first=True)
        if not once:
            self._follow()
        if self._tree.changes != self._told:
            raise Unresolved([f"the server was not told: {self._status.reload.reason}"])

    def _first_sync(self) -> None:
        """List everything, each again until the API gives it; then clean up what no follower sees any more."""
        waiting = self._followers
        while waiting:
            waiting = [follower for follower in waiting if not self._listed(follower)]
            if waiting:
                self._tell_server(first=True)
                time.sleep(self._settings.pause_after_error)
        self._tree.retain((), lambda owner: not any(follower.covers(owner) for follower in self._followers))

    def _listed(self, follower: Follower) -> bool:
        try:
            follower.list()
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
            if self._settings.method == "LIST":
                raise Unresolved([f"{follower.scope}: {cluster.reason_of(error)}"]) from None
            self._log.error("Cannot list, trying again", objects=follower.scope, reason=cluster.reason_of(error))
            self._status.apply.fail(cluster.reason_of(error))
            return False
        self._status.apply.succeed()
        if self._settings.method != "LIST":
            follower.thread.start()
        return True

    def _follow(self) -> NoReturn:
        looked = time.monotonic()
        while True:
            pending = self._tree.unsettled() or self._tree.changes != self._told
            changed_at = self._wake.wait(self._settings.pause_after_error if pending else _LOOK, self._settings.delay)
            if time.monotonic() - looked >= _LOOK:
                looked = time.monotonic()
                self._look_for_api()
            if changed_at is None:
                self._settle()
            if self._tell_server(first=False) and changed_at is not None:
                self._metrics.latency.observe(time.monotonic() - changed_at)

    def _settle(self) -> None:
        """Read again the objects whose files are not what they say."""
        for key in self._tree.unsettled():
            for follower in self._followers:
                if follower.covers(str(key)):
                    follower.read(key)

    def _tell_server(self, *, first: bool) -> bool:
        """Tell the server about the changes that it does not know; False when it knows all, or was not told."""
        changes = self._tree.changes
        if changes == self._told:
            return False
        try:
            self._notifier.tell(first=first)
        except NotTold as error:
            self._status.reload.fail(str(error))
            self._log.error("The server was not told, trying again", reason=str(error))
            return False
        self._told = changes
        self._status.reload.succeed()
        return True

    def _look_for_api(self) -> None:
        """A watch may be silent for long: ask the API something small."""
        if self._contact.age < _LOOK:
            return
        if cluster.answers(self._api):
            self._contact.made()

    def _serve(self) -> None:
        pages = {
            "/metrics": lambda: health.text_page(self._metrics.text()),
            "/healthz": self._healthz,
            "/readyz": lambda: health.readiness(self._status.ready),
            "/status": lambda: health.json_page(HTTPStatus.OK, self._status.shown()),
        }
        port = health.serve(f":{self._settings.port}", pages)
        self._log.info("Serving", port=port)

    def _healthz(self) -> health.Page:
        dead = [follower.scope for follower in self._followers if self._status.ready and not follower.thread.is_alive()]
        report: dict[str, Any] = {
            "ready": self._status.ready,
            "secondsSinceApiContact": round(self._contact.age, 1),
            "deadWatches": dead,
        }
        healthy = self._status.ready and self._contact.age <= STALEST and not dead
        return health.json_page(HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE, report)
