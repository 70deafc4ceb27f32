"""How the time from a change to its reload is counted, the same for all reloaders."""

from __future__ import annotations

# Upper borders of a histogram's buckets, in seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 180)
