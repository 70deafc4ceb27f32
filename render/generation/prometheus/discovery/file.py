"""Files of the server that list targets."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import REFRESH_INTERVAL

FILE = Discovery("file_sd_configs", "fileSDConfigs", (Row("files", keep_empty=True), REFRESH_INTERVAL))
