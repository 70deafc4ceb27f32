"""The flags of `config-reloader`: those of prometheus-config-reloader 0.93 with their defaults, then ours."""

from __future__ import annotations

from dataclasses import dataclass, fields

from reloaders.flags import Parser, duration, http_url, interval
from reloaders.logs import FORMATS, LEVELS


@dataclass(frozen=True)
class Settings:
    """What the command line said; one attribute for each flag, intervals in seconds, empty means not given."""

    config_file: str
    config_envsubst_file: str
    watched_dir: tuple[str, ...]
    watch_interval: float
    delay_interval: float
    retry_interval: float
    reload_timeout: float
    reload_method: str
    reload_url: str
    runtimeinfo_url: str
    process_executable_name: str
    statefulset_ordinal_from_envvar: str
    listen_address: str
    web_config_file: str
    log_format: str
    log_level: str
    auto_gomemlimit_ratio: float
    reload_username: str
    reload_password_file: str
    reload_bearer_token_file: str
    reload_ca_file: str
    reload_cert_file: str
    reload_key_file: str
    resolve_secrets: bool
    kubeconfig: str
    tls_assets_dir: str


def parse(arguments: list[str]) -> Settings:
    """Read the command line; ends the program with status 2 when it cannot be used, 0 after --help or --version."""
    parser = _parser()
    given = vars(parser.parse_args(arguments))
    settings = Settings(**{field.name: given[field.name] for field in fields(Settings)} | _tuples(given))
    fault = _fault(settings)
    if fault:
        parser.error(fault)
    return settings


def _tuples(given: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {"watched_dir": tuple(given["watched_dir"])}


def _fault(settings: Settings) -> str:
    """What is wrong with flags that are fine each for itself; empty when nothing is."""
    s = settings
    files = s.config_file and s.config_envsubst_file
    faults = (
        (not 0 < s.auto_gomemlimit_ratio <= 1, "--auto-gomemlimit-ratio must be greater than 0 and at most 1"),
        (bool(s.reload_username) != bool(s.reload_password_file), "a user needs a password file, and the reverse"),
        (s.reload_username and s.reload_bearer_token_file, "choose --reload-username or --reload-bearer-token-file"),
        (s.reload_key_file and not s.reload_cert_file, "--reload-key-file needs --reload-cert-file"),
        (s.resolve_secrets and not files, "--resolve-secrets needs --config-file and --config-envsubst-file"),
        (s.tls_assets_dir and not s.resolve_secrets, "--tls-assets-dir needs --resolve-secrets"),
    )
    return next((fault for wrong, fault in faults if wrong), "")


def _parser() -> Parser:
    parser = Parser("config-reloader", "Watches a configuration file and folders, and reloads the server beside it.")
    flag = parser.add_argument
    flag("--config-file", default="", help="configuration file to watch, plain or gzipped")
    flag("--config-envsubst-file", default="", help="where to write it with $(NAME) replaced from the environment")
    flag("--watched-dir", action="append", default=[], help="folder to watch; may be given several times")
    flag("--watch-interval", type=duration, default="3m", help="how often to look without an event; 0 runs once")
    flag("--delay-interval", type=duration, default="1s", help="how long to wait for further changes")
    flag("--retry-interval", type=interval, default="5s", help="how long to wait before the next try")
    flag("--reload-timeout", type=duration, default="30s", help="how long the server may take to answer")
    flag("--reload-method", choices=("http", "signal"), default="http", help="how to reload the server")
    flag("--reload-url", type=http_url, default="http://127.0.0.1:9090/-/reload", help="where to post the reload")
    runtime = "http://127.0.0.1:9090/api/v1/status/runtimeinfo"
    flag("--runtimeinfo-url", type=http_url, default=runtime, help="where the method signal sees the reload happen")
    flag("--process-executable-name", default="prometheus", help="process that the method signal sends SIGHUP to")
    ordinal = "variable whose trailing digits become STATEFULSET_ORDINAL_NUMBER"
    flag("--statefulset-ordinal-from-envvar", default="POD_NAME", help=ordinal)
    flag("--listen-address", default="", help="address of /metrics, /healthz, /readyz and /status; none when empty")
    flag("--web-config-file", default="", help="TLS and basic auth of that address, as for Prometheus' exporters")
    flag("--log-format", choices=FORMATS, default="logfmt")
    flag("--log-level", choices=LEVELS, default="info")
    flag("--auto-gomemlimit-ratio", type=float, default=0.9, help="accepted for the sake of old pods, has no effect")
    _add_own_flags(parser)
    return parser


def _add_own_flags(parser: Parser) -> None:
    """The flags that prometheus-config-reloader does not have."""
    flag = parser.add_argument
    flag("--reload-username", default="", help="user for the reload request (basic auth)")
    flag("--reload-password-file", default="", help="file with that user's password, read for each request")
    flag("--reload-bearer-token-file", default="", help="file with a token for the reload request, read for each one")
    flag("--reload-ca-file", default="", help="authorities to check the server with; without it TLS is not verified")
    flag("--reload-cert-file", default="", help="client certificate for the reload request")
    flag("--reload-key-file", default="", help="its key, when it is not in the same file")
    secrets = 'replace "$(secret:namespace/name/key)" and "$(configmap:…)" with values from the Kubernetes API'
    flag("--resolve-secrets", action="store_true", help=secrets)
    flag("--kubeconfig", default="", help="how to reach the API; the pod's service account when empty")
    flag("--tls-assets-dir", default="", help="folder to write the TLS files to that the configuration names in it")
