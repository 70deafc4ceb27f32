"""The custom resources of monitoring.coreos.com as typed models, one module per kind.

These models are the single source for decoding, defaults, validation, the CustomResourceDefinitions and the reference:

* a field of the API is an attribute of exactly the same name (a keyword of Python gets a trailing underscore: `from_`);
* `None` means that nothing was said; a default of the API is the attribute's default;
* limits (patterns, ranges, list types) are `Annotated` types, the shared ones in `scalars.py`;
* a field's description is in `descriptions/*.toml` under its struct's name, which both versions of a kind share;
  a struct's is its docstring;
* rules over several fields are functions below their model, marked `@rule` with the text that the definitions carry;
* Kubernetes' own types (containers, affinity, volumes…) stay plain mappings.

The modules leave out `from __future__ import annotations`: the decoder needs the types, and to evaluate them from text
costs time.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import NamedTuple, cast

from render.api.model import Resource

GROUP = "monitoring.coreos.com"


class Kind(NamedTuple):
    """What Kubernetes has to know of a kind besides its fields. All are namespaced."""

    kind: str
    version: str
    plural: str
    short_name: str
    module: str

    @property
    def api_version(self) -> str:
        """Group and version, as an object carries them."""
        return f"{GROUP}/{self.version}"

    @property
    def model(self) -> type[Resource]:
        """The struct, imported when it is first needed: a run seldom meets all kinds."""
        return cast("type[Resource]", getattr(import_module(f"{__name__}.{self.module}"), self.kind))


ALL = (
    Kind("Alertmanager", "v1", "alertmanagers", "am", "alertmanager"),
    Kind("AlertmanagerConfig", "v1alpha1", "alertmanagerconfigs", "amcfg", "alertmanager_config_v1alpha1"),
    Kind("AlertmanagerConfig", "v1beta1", "alertmanagerconfigs", "amcfg", "alertmanager_config_v1beta1"),
    Kind("PodMonitor", "v1", "podmonitors", "pmon", "pod_monitor"),
    Kind("Probe", "v1", "probes", "prb", "probe"),
    Kind("Prometheus", "v1", "prometheuses", "prom", "prometheus"),
    Kind("PrometheusAgent", "v1alpha1", "prometheusagents", "promagent", "prometheus_agent"),
    Kind("PrometheusRule", "v1", "prometheusrules", "promrule", "prometheus_rule"),
    Kind("ScrapeConfig", "v1alpha1", "scrapeconfigs", "scfg", "scrape_config"),
    Kind("ServiceMonitor", "v1", "servicemonitors", "smon", "service_monitor"),
    Kind("ThanosRuler", "v1", "thanosrulers", "ruler", "thanos_ruler"),
)
"""Every kind, in the order of their names."""


class Models(Mapping[tuple[str, str], type[Resource]]):
    """The model of an object, by its apiVersion and kind."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        """Take the kinds, and import none of their modules."""
        self._kinds = {(kind.api_version, kind.kind): kind for kind in kinds}
        self._loaded: dict[tuple[str, str], type[Resource]] = {}

    def __getitem__(self, key: tuple[str, str]) -> type[Resource]:
        """Return the model, its module imported on first use."""
        model = self._loaded.get(key)
        if model is None:
            model = self._loaded[key] = self._kinds[key].model
        return model

    def __contains__(self, key: object) -> bool:
        """Tell whether there is a model, without importing it."""
        return key in self._kinds

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Go through apiVersion and kind of every model."""
        return iter(self._kinds)

    def __len__(self) -> int:
        """Return the number of models."""
        return len(self._kinds)


KINDS = Models(ALL)
