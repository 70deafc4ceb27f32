"""From configuration to Kubernetes objects: names, labels, owner references, gzip and size limits."""
