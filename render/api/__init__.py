"""The custom resources of monitoring.coreos.com as typed models, one module per kind.

These models are the single source for decoding, defaults, validation, the CustomResourceDefinitions and the reference:

* a field of the API is an attribute of exactly the same name (a keyword of Python gets a trailing underscore: `from_`);
* `None` means that nothing was said; a default of the API is the attribute's default;
* limits (patterns, ranges, list types) are `Annotated` types, the shared ones in `scalars.py`;
* a field's description is the string literal below its attribute; a struct's is its docstring;
* rules over several fields are functions below their model, marked `@rule` with the text that the definitions carry;
* Kubernetes' own types (containers, affinity, volumes…) stay plain mappings.

The modules leave out `from __future__ import annotations`: the decoder needs the types, and to evaluate them from text
costs time.
"""

from typing import NamedTuple

from render.api.alertmanager import Alertmanager
from render.api.alertmanager_config_v1alpha1 import AlertmanagerConfig as AlertmanagerConfigV1alpha1
from render.api.alertmanager_config_v1beta1 import AlertmanagerConfig as AlertmanagerConfigV1beta1
from render.api.model import Resource
from render.api.pod_monitor import PodMonitor
from render.api.probe import Probe
from render.api.prometheus import Prometheus
from render.api.prometheus_agent import PrometheusAgent
from render.api.prometheus_rule import PrometheusRule
from render.api.scrape_config import ScrapeConfig
from render.api.service_monitor import ServiceMonitor
from render.api.thanos_ruler import ThanosRuler

GROUP = "monitoring.coreos.com"


class Kind(NamedTuple):
    """What Kubernetes has to know of a kind besides its fields. All are namespaced."""

    model: type[Resource]
    version: str
    kind: str
    plural: str
    short_name: str

    @property
    def api_version(self) -> str:
        """Group and version, as an object carries them."""
        return f"{GROUP}/{self.version}"


ALL = (
    Kind(Alertmanager, "v1", "Alertmanager", "alertmanagers", "am"),
    Kind(AlertmanagerConfigV1alpha1, "v1alpha1", "AlertmanagerConfig", "alertmanagerconfigs", "amcfg"),
    Kind(AlertmanagerConfigV1beta1, "v1beta1", "AlertmanagerConfig", "alertmanagerconfigs", "amcfg"),
    Kind(PodMonitor, "v1", "PodMonitor", "podmonitors", "pmon"),
    Kind(Probe, "v1", "Probe", "probes", "prb"),
    Kind(Prometheus, "v1", "Prometheus", "prometheuses", "prom"),
    Kind(PrometheusAgent, "v1alpha1", "PrometheusAgent", "prometheusagents", "promagent"),
    Kind(PrometheusRule, "v1", "PrometheusRule", "prometheusrules", "promrule"),
    Kind(ScrapeConfig, "v1alpha1", "ScrapeConfig", "scrapeconfigs", "scfg"),
    Kind(ServiceMonitor, "v1", "ServiceMonitor", "servicemonitors", "smon"),
    Kind(ThanosRuler, "v1", "ThanosRuler", "thanosrulers", "ruler"),
)
"""Every kind, in the order of their names."""

KINDS: dict[tuple[str, str], type[Resource]] = {(kind.api_version, kind.kind): kind.model for kind in ALL}
"""The model of an object, by its apiVersion and kind."""
