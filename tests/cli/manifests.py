"""Small manifests for the command line's tests. `SECRET_VALUE` stands in the Secret and must never be told."""

from __future__ import annotations

import textwrap

SECRET_VALUE = "never-tell-4711"  # noqa: S105 - made up

PROMETHEUS = textwrap.dedent("""\
    apiVersion: monitoring.coreos.com/v1
    kind: Prometheus
    metadata:
      name: main
      namespace: mon
    spec:
      serviceMonitorSelector: {}
      podMonitorSelector: {}
      ruleSelector: {}
""")

SECRET = textwrap.dedent(f"""\
    apiVersion: v1
    kind: Secret
    metadata:
      name: login
      namespace: mon
    stringData:
      user: prometheus
      password: {SECRET_VALUE}
""")


def service_monitor(name: str, password_key: str = "password") -> str:  # noqa: S107 - the name of an entry
    """A ServiceMonitor with basic auth."""
    return textwrap.dedent(f"""\
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata:
          name: {name}
          namespace: mon
        spec:
          selector: {{}}
          endpoints:
          - port: web
            basicAuth:
              username:
                name: login
                key: user
              password:
                name: login
                key: {password_key}
    """)


def prometheus_rule(name: str, expression: str) -> str:
    """A PrometheusRule with one recording rule."""
    return textwrap.dedent(f"""\
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: {name}
          namespace: mon
        spec:
          groups:
          - name: g
            rules:
            - record: a:b
              expr: {expression}
    """)
