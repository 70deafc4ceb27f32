"""From custom resources to configuration: plain mappings and lists, in the order in which they are written."""
