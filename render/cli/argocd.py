"""What Argo CD tells a config management plugin in its environment, as settings of rendering.

The contract is that of sidecar plugins (Argo CD 2.4 and later). Parameters come as `ARGOCD_APP_PARAMETERS`, a JSON list
with their exact names, and again as `PARAM_<NAME>` and `PARAM_<NAME>_<INDEX>`; the first is preferred. What the sidecar
or the application sets as `ARGOCD_ENV_PROMRENDER_<NAME>` or `PROMRENDER_<NAME>` goes behind both.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from render.cli.exits import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VERSION = re.compile(r"v?(\d+)\.(\d+)")
_VARIABLES = ("PROMRENDER_", "ARGOCD_ENV_PROMRENDER_", "PARAM_")


def settings(environment: Mapping[str, str], known: Iterable[str]) -> dict[str, Any]:
    """Settings by the names of flags, of those that are `known`.

    Raises Trouble when ARGOCD_APP_PARAMETERS is no list of parameters.
    """
    names = {_variable(name): name for name in known}
    found: dict[str, Any] = of_the_cluster(environment)
    for prefix in _VARIABLES:
        found |= _of_variables(environment, prefix, names)
    return found | _of_parameters(environment.get("ARGOCD_APP_PARAMETERS", ""))


def _variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def of_the_cluster(environment: Mapping[str, str]) -> dict[str, str]:
    """What Argo CD tells about the cluster and the application; the defaults of an application's parameters."""
    found: dict[str, str] = {}
    version = _VERSION.match(environment.get("KUBE_VERSION", ""))
    if version:
        found["kube-version"] = f"{version[1]}.{version[2]}"
    if environment.get("ARGOCD_APP_NAMESPACE"):
        found["default-namespace"] = environment["ARGOCD_APP_NAMESPACE"]
    return found


def has_endpoint_slices(environment: Mapping[str, str]) -> bool:
    """Whether the cluster knows discovery.k8s.io/v1; it is taken to do so where KUBE_API_VERSIONS is not set."""
    versions = [version.strip() for version in environment.get("KUBE_API_VERSIONS", "").split(",")]
    return versions == [""] or any(f"{version}/".startswith("discovery.k8s.io/v1/") for version in versions)


def _of_variables(environment: Mapping[str, str], prefix: str, names: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, name in names.items():
        entries: list[str] = []
        while f"{prefix}{variable}_{len(entries)}" in environment:
            entries.append(environment[f"{prefix}{variable}_{len(entries)}"])
        given = environment.get(prefix + variable)
        if given is not None or entries:
            found[name] = entries or given
    return found


def _of_parameters(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        parameters = json.loads(text)
        return {parameter["name"]: _value(parameter) for parameter in parameters or []}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Trouble("ARGOCD_APP_PARAMETERS is no list of parameters, each with a name and a value") from None


def _value(parameter: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, a list or a mapping
    return next((parameter[kind] for kind in ("string", "array", "map") if parameter.get(kind) is not None), "")
