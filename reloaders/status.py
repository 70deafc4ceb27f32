"""What a reloader says about itself: the facts behind /readyz and /status."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """How the last try of something went; times in seconds since 1970, 0 when there was none."""

    successful: bool | None = None
    reason: str = ""
    at: float = 0.0
    succeeded_at: float = 0.0

    def succeed(self) -> None:
        """It went well just now."""
        self.successful, self.reason, self.at = True, "", time.time()
        self.succeeded_at = self.at

    def fail(self, reason: str) -> None:
        """It failed just now."""
        self.successful, self.reason, self.at = False, reason, time.time()


@dataclass
class Status:
    """The state of a reloader; written by its loop, read by its web server."""

    apply: Outcome = field(default_factory=Outcome)
    reload: Outcome = field(default_factory=Outcome)
    details: dict[str, Any] = field(default_factory=dict)
    _ready: threading.Event = field(default_factory=threading.Event)

    @property
    def ready(self) -> bool:
        """Whether the server has been reloaded once."""
        return self._ready.is_set()

    def set_ready(self) -> None:
        """The first reload went well."""
        self._ready.set()

    def shown(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {"ready": self.ready, "apply": vars(self.apply), "reload": vars(self.reload), **self.details}
