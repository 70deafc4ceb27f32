"""The operator's own flags that change what is rendered: same names, same meaning.

On the command line or in a YAML file.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from render.cli.exits import Trouble
from render.golang.quantities import canonical
from render.options import FEATURE_GATES, Options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of the operator: its name, how its text is read, and a line of help.

    The field of `Options` has the flag's name.
    """

    name: str
    read: Callable[[Any], Any]
    help: str

    @property
    def attribute(self) -> str:
        """The field of `Options`."""
        return self.name.replace("-", "_")


def _text(value: object) -> str:
    return str(value)


def _quantity(value: object) -> str:
    return canonical(str(value))


def _truth(value: object) -> bool:
    """A boolean as Go's flag package reads it."""
    text = str(value).lower()
    if text in {"1", "t", "true"}:
        return True
    if text in {"0", "f", "false"}:
        return False
    message = f"{value!r} is neither true nor false"
    raise ValueError(message)


def _names(value: object) -> frozenset[str]:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return frozenset(str(part).strip() for part in parts if str(part).strip())


def _pairs(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(key): str(item) for key, item in value.items()}
    pairs: dict[str, str] = {}
    for part in str(value).split(","):
        key, equals, item = part.strip().partition("=")
        if not equals or not key:
            message = f"{part.strip()!r} is not of the form key=value"
            raise ValueError(message)
        pairs[key] = item
    return pairs


def _gates(value: object) -> dict[str, bool]:
    pairs = {name: _truth(text) for name, text in _pairs(value).items()}
    unknown = sorted(set(pairs) - set(FEATURE_GATES))
    if unknown:
        message = f"unknown feature gate {', '.join(unknown)}; known are {', '.join(FEATURE_GATES)}"
        raise ValueError(message)
    return {**FEATURE_GATES, **pairs}


FLAGS = (
    Flag("prometheus-config-reloader", _text, "image of the config reloader"),
    Flag("prometheus-default-base-image", _text, "image of Prometheus, without tag"),
    Flag("alertmanager-default-base-image", _text, "image of Alertmanager, without tag"),
    Flag("thanos-default-base-image", _text, "image of Thanos, without tag"),
    Flag("config-reloader-cpu-request", _quantity, "CPU request of the config reloader"),
    Flag("config-reloader-cpu-limit", _quantity, "CPU limit of the config reloader"),
    Flag("config-reloader-memory-request", _quantity, "memory request of the config reloader"),
    Flag("config-reloader-memory-limit", _quantity, "memory limit of the config reloader"),
    Flag("enable-config-reloader-probes", _truth, "probes for the config reloader"),
    Flag("labels", _pairs, "labels for every made object, key=value,…"),
    Flag("annotations", _pairs, "annotations for every made object, key=value,…"),
    Flag("localhost", _text, "name under which a pod reaches itself"),
    Flag("cluster-domain", _text, "domain of the cluster"),
    Flag("namespaces", _names, "namespaces to look into, a,b,…"),
    Flag("deny-namespaces", _names, "namespaces not to look into, a,b,…"),
    Flag("prometheus-instance-namespaces", _names, "namespaces of Prometheus objects"),
    Flag("prometheus-instance-selector", _text, "label selector of Prometheus objects"),
    Flag("alertmanager-instance-namespaces", _names, "namespaces of Alertmanager objects"),
    Flag("alertmanager-instance-selector", _text, "label selector of Alertmanager objects"),
    Flag("alertmanager-config-namespaces", _names, "namespaces of AlertmanagerConfig objects"),
    Flag("thanos-ruler-instance-namespaces", _names, "namespaces of ThanosRuler objects"),
    Flag("thanos-ruler-instance-selector", _text, "label selector of ThanosRuler objects"),
    Flag("controller-id", _text, "value of the annotation that assigns an object to a controller"),
    Flag("disable-unmanaged-prometheus-configuration", _truth, "manage the configuration even when no selector is set"),
    Flag("feature-gates", _gates, "A=true,B=false"),
)


def flag_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command all `FLAGS` and `--operator-config`."""
    for flag in reversed(FLAGS):
        function = click.option(f"--{flag.name}", flag.attribute, metavar="VALUE", help=f"Operator: {flag.help}.")(
            function
        )
    return click.option(
        "--operator-config",
        type=click.Path(dir_okay=False),
        help="YAML file with the operator's flags as keys; flags given here go first.",
    )(function)


def options_of(given: Mapping[str, Any], operator_config: str | None, **others: Any) -> Options:  # noqa: ANN401 - fields of Options
    """Options from flags, a file of flags, and the renderer's own fields.

    Raises Trouble when a value cannot be read or the file names an unknown flag.
    """
    values: dict[str, Any] = _from_file(operator_config) if operator_config else {}
    values |= {key: value for key, value in given.items() if value is not None}
    read = {flag.attribute: flag.read for flag in FLAGS}
    settings: dict[str, Any] = {}
    for attribute, value in values.items():
        try:
            settings[attribute] = read[attribute](value)
        except ValueError as error:
            message = f"--{attribute.replace('_', '-')}: {error}"
            raise Trouble(message) from None
    return Options(**settings, **others)


def _from_file(path: str) -> dict[str, Any]:
    from render.sources import kyaml

    try:
        documents = kyaml.load_all(Path(path).read_bytes())
    except OSError as error:
        message = f"--operator-config: {path} cannot be read: {error.strerror}"
        raise Trouble(message) from None
    except kyaml.KyamlError as error:
        message = f"--operator-config: {path}:{error.line}:{error.column}: {error.message}"
        raise Trouble(message) from None
    content = documents[0].value if documents else {}
    if not isinstance(content, dict):
        message = f"--operator-config: {path} holds no mapping of flags"
        raise Trouble(message)
    known = {flag.name: flag.attribute for flag in FLAGS}
    unknown = sorted(set(content) - set(known))
    if unknown:
        message = f"--operator-config: {path} names unknown flags: {', '.join(unknown)}; known are {', '.join(known)}"
        raise Trouble(message)
    return {known[name]: value for name, value in content.items()}


assert {flag.attribute for flag in FLAGS} <= {field.name for field in fields(Options)}  # noqa: S101 - a mistyped row shows at once
