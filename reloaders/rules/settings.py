"""The flags of `rules-reloader`: those of configmap-reload with their defaults, with one dash or two, and ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from reloaders.flags import Parser, duration, http_url, interval
from reloaders.logs import FORMATS, LEVELS

MISSING = 1  # exit status without a folder or a webhook, as configmap-reload has it
_ONE_DASH = re.compile(r"-[a-z]")


@dataclass(frozen=True)
class Settings:
    """What the command line said; one attribute for each flag, intervals in seconds."""

    volume_dir: tuple[str, ...]
    webhook_url: tuple[str, ...]
    webhook_method: str
    webhook_status_code: int
    webhook_retries: int
    listen_address: str
    telemetry_path: str
    validate: str
    promql: str
    watch_interval: float
    delay_interval: float
    retry_interval: float
    reload_timeout: float
    reload_at_start: bool
    log_format: str
    log_level: str


def parse(arguments: list[str]) -> Settings:
    """Read the command line; ends the program with 2 for a flag that is wrong, 1 when a folder or webhook lacks."""
    parser = _parser()
    two_dashes = [f"-{word}" if _ONE_DASH.match(word) and len(word) > len("-h") else word for word in arguments]
    given = vars(parser.parse_args(two_dashes))
    given |= {name: tuple(given[name]) for name in ("volume_dir", "webhook_url")}
    for name in ("volume_dir", "webhook_url"):
        if not given[name]:
            parser.exit(MISSING, f"{parser.prog}: error: missing --{name.replace('_', '-')}, try --help\n")
    return Settings(**{field.name: given[field.name] for field in fields(Settings)})


def _parser() -> Parser:
    parser = Parser("rules-reloader", "Watches mounted folders, checks rule files, and tells servers to load them.")
    flag = parser.add_argument
    flag("--volume-dir", action="append", default=[], help="folder to watch; may be given several times")
    flag("--webhook-url", action="append", default=[], type=http_url, help="where to send the request; several times")
    flag("--webhook-method", default="POST", help="method of that request")
    flag("--webhook-status-code", type=int, default=200, help="status that means success")
    flag("--webhook-retries", type=int, default=1, help="how many times to try for one change")
    address = "address of metrics, /healthz, /readyz and /status; none when empty"
    flag("--web.listen-address", "--listen-address", dest="listen_address", default=":9533", help=address)
    flag("--web.telemetry-path", dest="telemetry_path", default="/metrics", help="path of the metrics")
    validate = "check rule files: not at all, or warn, or hold the reload until they are right"
    flag("--validate", choices=("off", "warn", "hold"), default="warn", help=validate)
    promql = "check expressions too, when the library promql-parser is there"
    flag("--promql", choices=("auto", "off"), default="auto", help=promql)
    flag("--watch-interval", type=interval, default="3m", help="how often to look without an event")
    flag("--delay-interval", type=duration, default="0s", help="how long to wait for further changes")
    flag("--retry-interval", type=interval, default="10s", help="how long to wait before the next try")
    flag("--reload-timeout", type=duration, default="30s", help="how long a server may take to answer")
    flag("--reload-at-start", action="store_true", help="send the requests once at the start")
    flag("--log-format", choices=FORMATS, default="logfmt")
    flag("--log-level", choices=LEVELS, default="info")
    return parser
