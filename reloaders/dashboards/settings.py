"""The environment variables of `dashboard-reloader`: those of the Grafana sidecar, with their defaults, and ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reloaders.http_post import SYSTEM, Body, Credentials
from reloaders.logs import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Number = TypeVar("_Number", int, float)

ALL = "ALL"
OWN_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
METHODS = ("WATCH", "LIST", "SLEEP")


class BadSettings(Exception):  # noqa: N818 - a verdict about the environment
    """A variable lacks or cannot be used; the text names it."""


@dataclass(frozen=True)
class Request:
    """What to ask when files changed, and how often to try; times in seconds."""

    url: str
    method: str
    body: Body
    credentials: Credentials
    timeout: float
    tries: int
    backoff: float
    skip_first: bool
    accept_5xx: bool


@dataclass(frozen=True)
class Settings:
    """What the environment said; times in seconds."""

    label: str
    label_value: str
    namespaces: tuple[str, ...]
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    folder: Path
    folder_annotation: str
    unique_names: bool
    file_mode: int
    method: str
    sleep_time: float
    watch_server_timeout: int
    watch_client_timeout: int
    pause_after_error: float
    delay: float
    script: str
    request: Request
    kubeconfig: str
    verify_api: bool
    port: int
    log_level: str
    log_format: str
    log_local: bool


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment; raises `BadSettings`."""
    source = _Source(environment)
    return Settings(
        label=source.required("LABEL"),
        label_value=source.text("LABEL_VALUE"),
        namespaces=source.listed("NAMESPACE") or (_own_namespace(),),
        kinds=source.kinds(),
        names=source.listed("RESOURCE_NAME"),
        folder=Path(source.required("FOLDER")),
        folder_annotation=source.text("FOLDER_ANNOTATION", "k8s-sidecar-target-directory"),
        unique_names=source.flag("UNIQUE_FILENAMES"),
        file_mode=source.number("DEFAULT_FILE_MODE", 0o644, lambda text: int(text, 8)),
        method=source.choice("METHOD", METHODS),
        sleep_time=source.number("SLEEP_TIME", 60.0, float),
        watch_server_timeout=source.number("WATCH_SERVER_TIMEOUT", 60, int),
        watch_client_timeout=source.number("WATCH_CLIENT_TIMEOUT", 66, int),
        pause_after_error=source.number("ERROR_THROTTLE_SLEEP", 5.0, float),
        delay=source.number("DELAY_INTERVAL", 0.5, float),
        script=source.text("SCRIPT"),
        request=_request(source),
        kubeconfig=source.text("KUBECONFIG"),
        verify_api=not source.flag("SKIP_TLS_VERIFY"),
        port=source.number("HEALTH_PORT", 8080, int),
        log_level=source.choice("LOG_LEVEL", ("INFO", *(level.upper() for level in LEVELS), "WARNING", "CRITICAL")),
        log_format=source.choice("LOG_FORMAT", ("JSON", "LOGFMT")),
        log_local=source.choice("LOG_TZ", ("LOCAL", "UTC")) == "LOCAL",
    )


def _request(source: _Source) -> Request:
    unverified = source.flag("REQ_SKIP_TLS_VERIFY") or source.flag("SKIP_TLS_VERIFY")
    credentials = Credentials(
        username=source.text("REQ_USERNAME"),
        username_file=source.text("REQ_USERNAME_FILE"),
        password=source.text("REQ_PASSWORD"),
        password_file=source.text("REQ_PASSWORD_FILE"),
        ca_file="" if unverified else SYSTEM,
        encoding=source.text("REQ_BASIC_AUTH_ENCODING", "latin1"),
    )
    tries = [("REQ_RETRY_TOTAL", 5), ("REQ_RETRY_CONNECT", 10), ("REQ_RETRY_READ", 5)]
    return Request(
        url=source.text("REQ_URL"),
        method=source.choice("REQ_METHOD", ("GET", "POST")),
        body=_payload(source.text("REQ_PAYLOAD")),
        credentials=credentials,
        timeout=source.number("REQ_TIMEOUT", 10.0, float),
        tries=1 + min(source.number(name, default, int) for name, default in tries),
        backoff=source.number("REQ_RETRY_BACKOFF_FACTOR", 1.1, float),
        skip_first=source.flag("REQ_SKIP_INIT"),
        accept_5xx=source.flag("ENABLE_5XX"),
    )


def _payload(text: str) -> Body:
    """JSON as it is, anything else as a JSON string."""
    if not text:
        return Body()
    try:
        content = json.dumps(json.loads(text))
    except ValueError:
        content = json.dumps(text)
    return Body(content.encode(), "application/json")


def _own_namespace() -> str:
    try:
        return OWN_NAMESPACE.read_text().strip()
    except OSError:
        return "default"


class _Source:
    """Reads variables; an empty one is as if not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str = "") -> str:
        return self._environment.get(name) or default

    def required(self, name: str) -> str:
        if not self.text(name):
            raise BadSettings(f"the variable {name} must be set")
        return self.text(name)

    def listed(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def kinds(self) -> tuple[str, ...]:
        found = self.choice("RESOURCE", ("configmap", "secret", "both"))
        return ("secret", "configmap") if found == "both" else (found,)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """The value as `allowed` writes it, the first of them when there is none."""
        found = self.text(name, allowed[0])
        for value in allowed:
            if found.lower() == value.lower():
                return value
        raise BadSettings(f"{name}: {found!r} is none of {', '.join(dict.fromkeys(allowed))}")

    def number(self, name: str, default: _Number, parse: Callable[[str], _Number]) -> _Number:
        text = self.text(name)
        try:
            found = parse(text) if text else default
        except ValueError:
            found = None
        if found is None or found < 0:
            raise BadSettings(f"{name}: {text!r} is not a number that can be used")
        return found
