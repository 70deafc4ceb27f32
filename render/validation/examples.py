"""What the examples of pages are made of: a server, a monitor of it, and what these refer to, all in one namespace."""

from __future__ import annotations

_GROUP = "monitoring.coreos.com"


def together(*documents: str) -> str:
    """Several documents as one text."""
    return "---\n".join(documents)


def resource(kind: str, name: str, spec: str, *, version: str = "v1", metadata: str = "") -> str:
    """An object of the monitoring API.

    `spec` in flow form, or in block form from the next line on; `metadata` is what it has beside its name.
    """
    gap = "" if spec.startswith("\n") else " "
    return _document(f"{_GROUP}/{version}", kind, f"name: {name}, namespace: web{metadata}", f"spec:{gap}{spec}")


def prometheus(spec: str, *, metadata: str = "") -> str:
    """The server, its spec in flow form."""
    return resource("Prometheus", "main", spec, metadata=metadata)


def monitor(endpoint: str) -> str:
    """A ServiceMonitor with one endpoint, in flow form."""
    return resource("ServiceMonitor", "shop", f"\n  selector: {{}}\n  endpoints: [{endpoint}]")


def payload(kind: str, name: str, data: str) -> str:
    """A Secret or a ConfigMap; `data` in flow form."""
    return _document("v1", kind, f"name: {name}, namespace: web", f"data: {data}")


def _document(version: str, kind: str, metadata: str, rest: str) -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{{metadata}}}\n{rest}\n"
