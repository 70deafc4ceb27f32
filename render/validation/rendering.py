"""What rendering can say of servers, references and versions. `configuration.py` has what servers would refuse."""

from __future__ import annotations

from render.findings import Severity
from render.validation.check import check
from render.validation.examples import monitor, payload, prometheus, resource, together

NOT_SELECTED = "not-selected"
"""Validation has words of its own for this."""

CHECKS = (
    check(
        Severity.ERROR,
        "reference-missing",
        "A reference to a Secret or ConfigMap that is not there",
        description="""The Secret or ConfigMap, or its key, is not in the source. A monitor or rule with such a
            reference is left out, a server fails.""",
        fix="Add it to the source, or correct the name or the key; the message lists the keys that there are.",
        example=together(
            prometheus("{serviceMonitorSelector: {}}"),
            monitor("{port: metrics, basicAuth: {username: {name: login, key: user}}}"),
        ),
    ),
    check(
        Severity.ERROR,
        "reference-invalid",
        "A referenced value that cannot be used",
        description="""The entry of the Secret or ConfigMap is not base64, or cannot be read as what it shall
            be. The value is never shown.""",
        fix="Encode the value with base64, or move it to stringData; correct it where the message says so.",
        example=together(
            prometheus("{serviceMonitorSelector: {}, additionalScrapeConfigs: {name: additional, key: jobs.yaml}}"),
            payload("Secret", "additional", '{jobs.yaml: "no base64!"}'),
        ),
    ),
    check(
        Severity.ERROR,
        "tls-invalid",
        "A certificate or key that cannot be used",
        description="""A CA is no PEM certificate, or a certificate and its key are no pair, as Go's TLS library
            sees them.""",
        fix="Reference a PEM certificate, and the key that it was made for.",
        example=together(
            prometheus("{serviceMonitorSelector: {}}"),
            payload("ConfigMap", "ca", "{ca.crt: none}"),
            monitor("{port: metrics, tlsConfig: {ca: {configMap: {name: ca, key: ca.crt}}}}"),
        ),
    ),
    check(
        Severity.ERROR,
        "version-invalid",
        "A version that is none",
        description="spec.version, or a version in another field, cannot be read: nothing is rendered for the object.",
        fix="Write a version such as v3.13.2.",
        example=prometheus("{version: newest}"),
    ),
    check(
        Severity.ERROR,
        "version-unsupported",
        "A feature that the server's version does not have",
        description="""The object asks for something that this version of the server does not know, and the
            operator refuses the object for it.""",
        fix="Raise spec.version of the server, or leave the feature out.",
        example="""
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata: {name: main, namespace: web}
            spec: {version: v2.30.0, scrapeConfigSelector: {}}
            ---
            apiVersion: monitoring.coreos.com/v1alpha1
            kind: ScrapeConfig
            metadata: {name: shop, namespace: web}
            spec:
              staticConfigs: [{targets: ["shop:80"]}]
            """,
    ),
    check(
        Severity.WARNING,
        "field-dropped",
        "A field that the server's version does not know",
        description="""The operator leaves the field out of the configuration of this version, as we do. The
            message names the version that knows it.""",
        fix="Raise spec.version of the server, or remove the field.",
        example=together(
            prometheus("{version: v2.30.0, serviceMonitorSelector: {}, ruleSelector: {}}"),
            resource(
                "PrometheusRule", "shop", '{groups: [{name: shop, limit: 5, rules: [{record: "a:b", expr: up}]}]}'
            ),
        ),
    ),
    check(
        Severity.WARNING,
        "external-label-reserved",
        "An external label that the operator sets itself",
        description="""spec.externalLabels names the label that tells replicas or the server apart, which the
            operator sets itself; the user's value is not written.""",
        fix="Remove the label, or choose another name for the operator's own.",
        example=prometheus("{serviceMonitorSelector: {}, externalLabels: {prometheus_replica: a}}"),
    ),
    check(
        Severity.WARNING,
        "tracing-tls-not-copied",
        "Certificates of tracing that are not mounted",
        description="""The configuration names files for spec.tracingConfig.tlsConfig which the operator does
            not put there (a fault of the reference that is repeated; see the page on differences).""",
        fix="Refer to the same objects elsewhere in the server's spec, or mount the files.",
    ),
    check(
        Severity.WARNING,
        "unmanaged",
        "A Prometheus whose configuration is yours to write",
        description="""No selector of monitors is set, so the operator leaves the configuration Secret alone,
            and none is rendered.""",
        fix="Set a selector ({} selects all), or --disable-unmanaged-prometheus-configuration.",
        example=prometheus("{}"),
    ),
    check(
        Severity.WARNING,
        "secret-not-in-source",
        "A Secret that only the cluster may have",
        description="""With --secrets reference a Secret need not be in the source: the reloader reads it from the
            cluster. Whether it exists, has the key and holds something fit is seen only there. An optional list
            and Alertmanager's own configuration are not looked for: the finding says what is written without them.""",
        fix="See that the cluster has it, or add it to the source to have its keys checked.",
    ),
    check(
        Severity.WARNING,
        "secret-not-copied",
        "A file beside Alertmanager's configuration that is left out",
        description="""With --secrets reference only templates (*.tmpl) are copied from the Secret with Alertmanager's
            own configuration: any other entry may be a credential.""",
        fix="Mount the Secret with spec.secrets, and name its files there; name templates *.tmpl.",
    ),
    check(
        Severity.WARNING,
        "reloader-cannot-resolve",
        "A config-reloader that does not know references",
        description="""With --secrets reference and --workloads the pods need our config-reloader: that of the operator
            leaves references as they are.""",
        fix="Name an image of our config-reloader with --prometheus-config-reloader.",
    ),
    check(
        Severity.WARNING,
        "paused",
        "A server that is paused",
        description="spec.paused is set: the operator does nothing for the object, and nothing is rendered for it.",
        fix="Remove spec.paused when the work is done.",
        example=prometheus("{paused: true}"),
    ),
    check(
        Severity.INFO,
        "out-of-scope",
        "A server that another controller manages",
        description="""The operator's own flags (instance namespaces and selectors, the controller's id) leave
            the object to another controller.""",
        fix="Nothing, or correct the flags or the annotation operator.prometheus.io/controller-id.",
        example=prometheus("{}", metadata=", annotations: {operator.prometheus.io/controller-id: other}"),
    ),
    check(
        Severity.INFO,
        "default-configuration",
        "An Alertmanager with the default configuration",
        description="""The Secret with the Alertmanager's own configuration is not in the source: the operator
            uses a configuration that tells nobody.""",
        fix="Add the Secret to the source, or use AlertmanagerConfigs.",
        example=resource("Alertmanager", "main", "{}"),
    ),
    check(
        Severity.ERROR,
        "secret-too-large",
        "A configuration that no Secret can hold",
        description="""The compressed configuration has more bytes than Kubernetes stores in a Secret (1 MiB).
            It is rendered, and the message names its largest jobs.""",
        fix="Select fewer monitors, or split them over several servers.",
    ),
    check(
        Severity.WARNING,
        "output-stale",
        "A file of an earlier run",
        description="""--output-dir holds a file that this run did not make; it is kept because this run had
            errors or made nothing.""",
        fix="Correct the errors and run again, or remove the file.",
    ),
    check(
        Severity.ERROR,
        "output-unwritable",
        "An output that cannot be written",
        description="A file or folder of --output-dir cannot be written. The run ends with status 2.",
        fix="Make it writable, or choose another folder.",
    ),
    check(
        Severity.INFO,
        NOT_SELECTED,
        "A resource that nobody selects",
        description="""What `render -v` says of a monitor, a rule or an AlertmanagerConfig that no server takes.
            `validate` says more: see monitor-not-selected, rule-not-loaded and
            alertmanager-config-not-selected.""",
        fix="Compare the labels and the namespace of the object with the selectors of the servers.",
    ),
)
