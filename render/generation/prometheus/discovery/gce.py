"""Instances of the Google Compute Engine."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import PORT, REFRESH_INTERVAL

GCE = Discovery(
    "gce_sd_configs",
    "gceSDConfigs",
    rows=(
        Row("project"),
        Row("zone"),
        Row("filter"),
        REFRESH_INTERVAL,
        PORT,
        Row("tag_separator"),
    ),
)
