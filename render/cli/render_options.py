"""The flags that say how to render, the same for every command that renders, and how such a command ends."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.operator_flags import flag_options, options_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from render.findings import Finding
    from render.options import Options

_OPTIONS = (
    click.option(
        "--only-namespace",
        "only_namespaces",
        multiple=True,
        metavar="NAMESPACE",
        help="Render the Prometheus objects of this namespace only (repeatable).",
    ),
    click.option(
        "--only",
        "only",
        multiple=True,
        metavar="KIND/NAME",
        help="Render this object only, e.g. Prometheus/main (repeatable).",
    ),
    click.option(
        "--workloads", is_flag=True, help="Make what runs the servers, too: StatefulSets, DaemonSets, Services."
    ),
    click.option(
        "--rbac",
        is_flag=True,
        help="With --workloads: make accounts, too, and Roles that allow what the configuration needs, and no more.",
    ),
    click.option(
        "--secrets",
        type=click.Choice(["inline", "reference"]),
        default="inline",
        show_default=True,
        help="Write values of Secrets, or references that the config-reloader resolves (docs/secrets.md).",
    ),
    click.option(
        "--default-namespace", default="default", show_default=True, help="Namespace of objects that name none."
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning"]),
        default="error",
        show_default=True,
        help="Exit with 1 from this severity on.",
    ),
    click.option("--allow-empty", is_flag=True, help="Exit with 0 when there is nothing to render."),
    click.option("--kube-version", default="1.36", show_default=True, help="Version of the cluster."),
    click.option(
        "--reference-faults",
        is_flag=True,
        help="Repeat the reference operator's faults (docs/differences.md), to compare with it.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Show notices, too."),
)


def render_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags, and the operator's own; `asked_rendering` takes their values."""
    function = flag_options(function)
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Asked:
    """How to render, and what the end of the command depends on."""

    options: Options
    default_namespace: str
    fail_on: str
    allow_empty: bool
    verbose: bool

    def show(self, findings: Iterable[Finding]) -> None:
        """Print findings to standard error."""
        from render.output import terminal

        terminal.show(findings, sys.stderr, verbose=self.verbose)

    def status(self, findings: Iterable[Finding], *, empty: bool) -> int:
        """The exit status; says so when nothing was rendered and that is not allowed."""
        told = list(findings)
        severities = {str(finding.severity) for finding in told}
        if any(finding.code in exits.TROUBLE_CODES for finding in told):
            return exits.TROUBLE
        if severities & ({"error"} if self.fail_on == "error" else {"error", "warning"}):
            return exits.FINDINGS
        if empty and not self.allow_empty:
            click.echo(f"{NOTHING} (--allow-empty makes this fine)", err=True)
            return exits.FINDINGS
        return exits.FINE

    def end(self, findings: Iterable[Finding], *, empty: bool) -> None:
        """End the command with its exit status."""
        status = self.status(findings, empty=empty)
        if status:
            raise click.exceptions.Exit(status)


NOTHING = "nothing was rendered: the sources hold no Prometheus, PrometheusAgent, Alertmanager or ThanosRuler"
_OWN = ("default_namespace", "fail_on", "allow_empty", "verbose")


def asked_rendering(given: Mapping[str, Any], **facts: Any) -> Asked:  # noqa: ANN401 - fields of Options
    """What the values of the flags mean, with what else is known.

    Raises Trouble when one cannot be read.
    """
    values = dict(given)
    own = {name: values.pop(name) for name in _OWN}
    if values["rbac"] and not values["workloads"]:
        raise exits.Trouble("--rbac goes with --workloads: the accounts are those of the pods")
    options = options_of(
        values,
        values.pop("operator_config"),
        only_namespaces=frozenset(values.pop("only_namespaces")),
        only=frozenset(_kind_and_name(text) for text in values.pop("only")),
        kube_version=_kube_version(values.pop("kube_version")),
        reference_faults=values.pop("reference_faults"),
        workloads=values.pop("workloads"),
        rbac=values.pop("rbac"),
        secrets=values.pop("secrets"),
        **facts,
    )
    return Asked(options, **own)


def _kind_and_name(text: str) -> tuple[str, str]:
    from render.pipeline import MAKERS

    kind, slash, name = text.partition("/")
    known = {made.lower(): made for made in MAKERS}
    if not slash or not name or kind.lower() not in known:
        raise exits.Trouble(f"--only {text}: write KIND/NAME with a KIND of {', '.join(MAKERS)}")
    return known[kind.lower()], name


def _kube_version(text: str) -> tuple[int, int]:
    from render import versions

    try:
        version = versions.parse(text)
    except ValueError as error:
        raise exits.Trouble(f"--kube-version: {error}") from None
    return version.major, version.minor


def known_settings() -> dict[str, tuple[str, str, str]]:
    """What `asked_from_settings` takes, by name: boolean, string, array or map; a line of help; the default."""
    return {name: (_kind(option), option.help or "", _default(option)) for name, option in _settings().items()}


def _settings() -> dict[str, click.Option]:
    options = [option for option in _flags.params if isinstance(option, click.Option)]
    return {option.opts[-1].removeprefix("--"): option for option in options}


def _kind(option: click.Option) -> str:
    if option.is_flag:
        return "boolean"
    if option.multiple:
        return "array"
    return "map" if option.opts[-1] in {"--labels", "--annotations", "--feature-gates"} else "string"


def _default(option: click.Option) -> str:
    return "false" if option.is_flag else option.default if isinstance(option.default, str) else ""


def asked_from_settings(settings: Mapping[str, Any], **facts: Any) -> Asked:  # noqa: ANN401 - fields of Options
    """As `asked_rendering`, from the long flags by name (`only-namespace: a`): texts, truths, or lists to repeat one.

    Raises Trouble when a name is unknown or a value cannot be read.
    """
    known = _settings()
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise exits.Trouble(f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    arguments: list[str] = []
    for name, value in settings.items():
        if known[name].is_flag:
            arguments += [f"--{name}"] if str(value).lower() == "true" else []
        else:
            arguments += [f"--{name}={_text(each)}" for each in (value if isinstance(value, list) else [value])]
    return asked_rendering(_flags.make_context("settings", arguments).params, **facts)


def _text(value: object) -> str:
    """A value as it is written on a command line."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(f"{key}={item}" for key, item in value.items()) if isinstance(value, dict) else str(value)


@click.command(add_help_option=False)
@render_options
def _flags(**_: object) -> None:
    """The flags alone, to parse settings with."""
