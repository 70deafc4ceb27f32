"""What `promrender migrate-rules` can say."""

from __future__ import annotations

from render.findings import Severity
from render.validation.check import check

CHECKS = (
    check(
        Severity.ERROR,
        "invalid-rules",
        "An entry of a rule ConfigMap that holds no rules",
        description="""The entry of the ConfigMap cannot be read as a rule file, or the API server would not
            take the PrometheusRule that it becomes.""",
        fix="Correct the entry at the place that is named, or remove it.",
    ),
    check(
        Severity.INFO,
        "renamed",
        "A rule file whose object has another name",
        description="The name that the entry would give its PrometheusRule is no name of Kubernetes, or is taken.",
        fix="Nothing, or rename the object.",
    ),
    check(
        Severity.WARNING,
        "no-rules",
        "A ConfigMap without rule files",
        description="The ConfigMap was named or selected, and none of its entries is a rule file.",
        fix="Leave it out, or correct its entries.",
    ),
    check(
        Severity.WARNING,
        "binary-data",
        "A ConfigMap with binary data",
        description="Rule files are text; binaryData of the ConfigMap is not read.",
        fix="Move rules to data.",
    ),
)
