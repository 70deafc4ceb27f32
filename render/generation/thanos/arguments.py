"""The command line of a Thanos Ruler, by its version, and the files that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from render.generation import volumes
from render.generation.arguments import Argument
from render.generation.grpc_server import tls_arguments
from render.generation.volumes import Mounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from render.api.selectors import SecretKeySelector
    from render.generation.thanos.ruler import Ruler

DATA_FOLDER = "/thanos/data"
CONFIG_FOLDER, RULES_FOLDER = "/etc/thanos/config", "/etc/thanos/rules"
REPLICA_LABEL = "thanos_ruler_replica"
REMOTE_WRITE, REMOTE_WRITE_FILE = "remote-write-config", "remote-write.yaml"
UNPACKED_FOLDER = "/etc/thanos/config_out"
UNPACKED_FILE = f"{UNPACKED_FOLDER}/{REMOTE_WRITE_FILE}"
"""The remote write configuration, once the reloader has resolved the references in it."""
REMOTE_WRITE_SINCE = "0.24.0"
RULES = (
    ("rule-query-offset", "ruleQueryOffset", "0.38.0"),
    ("rule-concurrent-evaluation", "ruleConcurrentEval", "0.37.0"),
    ("for-outage-tolerance", "ruleOutageTolerance", "0.30.0"),
    ("for-grace-period", "ruleGracePeriod", "0.30.0"),
    ("resend-delay", "resendDelay", ""),
)
"""Flag, attribute and the version that it came with."""


@dataclass(slots=True)
class Files:
    """Entries of Secrets that flags name, each mounted in a folder of its own."""

    mounts: Mounts = field(default_factory=Mounts)

    def add(self, name: str, secret: str, key: str) -> str:
        """Mount an entry and return the path of its file."""
        self.mounts.add(volumes.secret(name, secret, key), f"{CONFIG_FOLDER}/{name}")
        return f"{CONFIG_FOLDER}/{name}/{key}"

    def selected(self, name: str, selector: SecretKeySelector) -> str:
        """Mount what a selector names and return the path of its file."""
        return self.add(name, selector.name or "", selector.key or "")


def flags(ruler: Ruler, prefix: str, files: Files) -> Iterator[Argument]:
    """The flags, but for the web configuration; what they name is added to `files`."""
    spec = ruler.spec
    yield Argument("data-dir", DATA_FOLDER)
    yield Argument("eval-interval", spec.evaluationInterval)
    yield Argument("tsdb.retention", spec.retention)
    yield from _rules(ruler)
    yield from _labels(ruler)
    if spec.listenLocal:
        yield Argument("http-address", "localhost:10902")
    if spec.logLevel and spec.logLevel != "info":
        yield Argument("log.level", spec.logLevel)
    if spec.logFormat:
        yield Argument("log.format", spec.logFormat)
    yield Argument("rule-file", f"{RULES_FOLDER}/*/*.yaml")
    remote_write = files.add(REMOTE_WRITE, f"{prefix}-config", REMOTE_WRITE_FILE)
    if spec.remoteWrite and ruler.scope.allows("remoteWrite", REMOTE_WRITE_SINCE):
        yield Argument("remote-write.config-file", UNPACKED_FILE if ruler.references.by_reference else remote_write)
    yield from _peers(ruler, files)
    yield from _file_or_secret(ruler, files)
    yield from tls_arguments(spec.grpcServerTlsConfig)
    for name, value in (
        ("web.external-prefix", spec.externalPrefix),
        ("web.route-prefix", spec.routePrefix),
        ("alert.query-url", spec.alertQueryUrl),
    ):
        if value:
            yield Argument(name, value)


def _rules(ruler: Ruler) -> Iterator[Argument]:
    for flag, attribute, since in RULES:
        value = getattr(ruler.spec, attribute)
        if value and ruler.scope.allows(attribute, since):
            yield Argument(flag, str(value))
    if ruler.spec.enableFeatures and ruler.scope.allows("enableFeatures", "0.39.0"):
        yield Argument("enable-feature", ",".join(ruler.spec.enableFeatures))


def _labels(ruler: Ruler) -> Iterator[Argument]:
    yield Argument("label", f'{REPLICA_LABEL}="$(POD_NAME)"')
    for name, value in sorted((ruler.spec.labels or {}).items()):
        yield Argument("label", f'{name}="{value}"')
    for name in (REPLICA_LABEL, *(ruler.spec.alertDropLabels or ())):
        yield Argument("alert.label-drop", name)


def _peers(ruler: Ruler, files: Files) -> Iterator[Argument]:
    """Whom rules are asked of, and whom alerts are sent to."""
    spec = ruler.spec
    for flag, selector, name, single, urls in (
        ("query.config-file", spec.queryConfig, "query-config", "query", spec.queryEndpoints),
        (
            "alertmanagers.config-file",
            spec.alertmanagersConfig,
            "alertmanager-config",
            "alertmanagers.url",
            spec.alertmanagersUrl,
        ),
    ):
        if selector is not None:
            yield Argument(flag, files.selected(name, selector))
        else:
            yield from _each(single, urls or ())


def _each(name: str, values: Iterable[str]) -> Iterator[Argument]:
    return (Argument(name, value) for value in values)


def _file_or_secret(ruler: Ruler, files: Files) -> Iterator[Argument]:
    """What is given as a path in the container, or else as an entry of a Secret."""
    spec = ruler.spec
    for flag, path, selector, name in (
        ("objstore.config-file", spec.objectStorageConfigFile, spec.objectStorageConfig, "objstorage-config"),
        ("tracing.config-file", spec.tracingConfigFile or None, spec.tracingConfig, "tracing-config"),
        ("alert.relabel-config-file", spec.alertRelabelConfigFile, spec.alertRelabelConfigs, "alertrelabel-config"),
    ):
        if path is not None:
            yield Argument(flag, path)
        elif selector is not None:
            yield Argument(flag, files.selected(name, selector))
