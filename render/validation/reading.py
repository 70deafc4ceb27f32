"""What reading can say: files, YAML, and objects that no API server would take."""

from __future__ import annotations

from render.findings import Severity
from render.validation.check import check

CHECKS = (
    check(
        Severity.ERROR,
        "source-missing",
        "A path that does not exist",
        description="""A file or folder that was named is not there, or a link leads nowhere. The run ends with
            status 2; it cannot be ignored.""",
        fix="Correct the path.",
    ),
    check(
        Severity.ERROR,
        "source-unreadable",
        "A file or folder that cannot be read",
        description="The system does not let us read it. The run ends with status 2; it cannot be ignored.",
        fix="Make it readable, or leave it out.",
    ),
    check(
        Severity.ERROR,
        "source-outside",
        "A link that leads out of what is read",
        description="""A symbolic link leads out of the folder, or the Git repository, that is read. What it points
            to is not read, and without it nothing is rendered. The run ends with status 2; it cannot be ignored.""",
        fix="Name what the link points to as a source of its own, or replace the link by it.",
    ),
    check(
        Severity.INFO,
        "source-skipped",
        "A file that is no manifest",
        description="""A file was passed over: it has no apiVersion and kind, it is a template of a Helm chart,
            or a kustomization. A file that does not parse and looks like no manifest is passed over, too.""",
        fix="Nothing, or render the chart or the kustomization first and give us what comes out.",
        example="""
            replicas: 3
            """,
    ),
    check(
        Severity.ERROR,
        "yaml-syntax",
        "YAML that Kubernetes would not take",
        description="""The text does not parse, a key stands twice in a mapping, aliases multiply beyond
            measure, it is nested too deeply, or it is not UTF-8. The other documents of the file are read.""",
        fix="Correct the text at the place that is named.",
        example="""
            apiVersion: v1
            kind: Secret
            metadata: {name: login
            """,
    ),
    check(
        Severity.ERROR,
        "list-entry-invalid",
        "An entry of a List that is no object",
        description="An entry of a List has no apiVersion and kind.",
        fix="Correct or remove the entry.",
        example="""
            apiVersion: v1
            kind: List
            items: [{name: shop}]
            """,
    ),
    check(
        Severity.ERROR,
        "lfs-pointer",
        "A file whose content Git LFS keeps elsewhere",
        description="The file is a pointer of Git LFS, not the manifest that it stands for.",
        fix="Fetch the content (git lfs pull), or keep manifests out of LFS.",
    ),
    check(
        Severity.ERROR,
        "schema",
        "An object that the API server refuses",
        description="""A field is unknown, missing, of a wrong type or out of its limits, or a rule over several
            fields is broken, as the CustomResourceDefinition says. All errors of an object are told at once;
            the object is left out.""",
        fix="Correct the field. For an unknown one the nearest known names are given.",
        example="""
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata: {name: shop, namespace: web}
            spec:
              selector: {matchLabels: {app: shop}}
              endpoints: [{prot: metrics}]
            """,
    ),
    check(
        Severity.ERROR,
        "kind-unknown",
        "A kind or version that the monitoring API does not have",
        description="The group is monitoring.coreos.com, and it has no such kind, or the kind no such version.",
        fix="Write one of the kinds or versions that are named.",
        example="""
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitr
            metadata: {name: shop, namespace: web}
            """,
    ),
    check(
        Severity.ERROR,
        "duplicate-object",
        "An object that is defined twice",
        description="""Two manifests have the same kind, namespace and name; the first one is used. Objects
            without a namespace are in the one that --default-namespace names.""",
        fix="Keep one of the two, or render overlays one by one.",
        example="""
            apiVersion: v1
            kind: Secret
            metadata: {name: login, namespace: web}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: login, namespace: web}
            """,
    ),
    check(
        Severity.ERROR,
        "source-submodule",
        "A submodule that is not read",
        description="""What was asked for of a Git commit holds a submodule. Its files are in another repository, so
            manifests may be missing. The run ends with status 2.""",
        fix="Name the folders beside it with --path, and its repository with a --repo of its own.",
    ),
    check(
        Severity.INFO,
        "cluster-read",
        "What was read from a cluster",
        description="How many objects of the cluster were read, and in how many calls.",
        fix="Nothing: it is a notice.",
    ),
    check(
        Severity.INFO,
        "cluster-kind-absent",
        "A kind that the cluster does not know",
        description="The cluster has no definition of this kind, so it holds no objects of it.",
        fix="Nothing, or install the definitions (promrender crds).",
    ),
)
