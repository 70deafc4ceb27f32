"""From the text of one file to its Kubernetes objects, and what is said about the parts that are none."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from render.findings import Finding, Severity
from render.sources import kyaml
from render.sources.document import Document, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from render.sources.files import File

RENDERED = (
    b"monitoring.coreos.com",
    b"Secret",
    b"ConfigMap",
    b"Namespace",
    b"ServiceAccount",
    b"List",
    b"Kustomization",
    b"\\",
    b"!!binary",
    b"\x00",
)
"""A text without any of these holds no object that rendering could use.

The last ones are how a kind could be hidden: an escape, a tag, UTF-16.
"""
SCRAPED = (*RENDERED, b"Service", b"Pod", b"Deployment", b"Set", b"Job")
"""A text without any of these holds neither those nor what monitors select: Services, Pods and what makes Pods."""
_HELM = re.compile(
    rb"\{\{-?\s*(?:/\*|\$?\.(?:Values|Release|Chart|Files|Capabilities|Template)\b|(?:include|tpl|define|required|toYaml)\s"
    rb"|(?:if|with|range|else\s+if|template)\b[^}]*\.(?:Values|Release|Chart|Files|Capabilities)\b)",
)
_TEMPLATES = re.compile(r"(?:^|(?<=[/:]))templates/")
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_KUSTOMIZE = "kustomize.config.k8s.io/"


def read_manifests(
    file: File,
    raw: bytes,
    words: Sequence[bytes] = RENDERED,
    exists: Callable[[str], bool] = os.path.exists,
) -> tuple[list[Document], list[Finding]]:
    """The objects of a file, and findings: errors of syntax with their place, notices of what is skipped.

    The entries of a List come one by one. Text without any of `words` (say, only Deployments where nothing but
    rendering is wanted) is checked for syntax alone and gives no documents. `exists` tells whether there is a file.
    """
    if raw.startswith(_LFS_POINTER):
        return [], [_lfs_pointer(file)]
    if _is_chart_template(file, raw, exists):
        return [], [_skipped(file, "a template of a Helm chart; render the chart first (helm template)")]
    if not any(word in raw for word in words):
        return [], list(_check_irrelevant(file, raw))
    documents: list[Document] = []
    findings: list[Finding] = []
    others = 0
    for number, read in enumerate(kyaml.read_all(raw)):
        if isinstance(read, kyaml.KyamlError):
            findings.append(_syntax_finding(file, raw, read))
            continue
        found = list(_objects(read, Origin(file.path, number, read.line)))
        documents += [entry for entry in found if isinstance(entry, Document)]
        findings += [entry for entry in found if isinstance(entry, Finding)]
        others += not found and read.value is not None
    if others and not documents and not findings:
        findings.append(_no_manifest(file))
    return documents, findings


def _check_irrelevant(file: File, raw: bytes) -> Iterator[Finding]:
    try:
        kyaml.check_syntax(raw)
    except kyaml.KyamlError as error:
        yield _syntax_finding(file, raw, error)
        return
    if not _may_be_manifest(raw) and raw.strip():
        yield _no_manifest(file)


def _objects(read: kyaml.YamlDocument, origin: Origin) -> Iterator[Document | Finding]:
    """The objects of a document: itself, or the entries of a List. Nothing when it is no manifest."""
    raw = read.value
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str) or not isinstance(raw.get("apiVersion"), str):
        return
    if raw["apiVersion"].startswith(_KUSTOMIZE):
        message = "skipped: a kustomization; render what it builds (kustomize build | promrender render -)"
        yield Finding(Severity.INFO, "source-skipped", message, file=origin.file, line=origin.line)
    elif raw["kind"].endswith("List") and isinstance(raw.get("items", []), list | None):
        yield from _unfold(raw, read, origin)
    else:
        yield Document(raw, origin, read.has_null)


def _unfold(raw: dict[str, Any], read: kyaml.YamlDocument, origin: Origin) -> Iterator[Document | Finding]:
    """The entries of a List. In a typed one (ServiceMonitorList) they may leave out what the list says."""
    defaults = (
        {"apiVersion": raw["apiVersion"], "kind": raw["kind"].removesuffix("List")} if raw["kind"] != "List" else {}
    )
    for number, item in enumerate(raw.get("items") or []):
        line = read.item_lines[number] if number < len(read.item_lines) else origin.line
        place = Origin(origin.file, origin.document, line, (*origin.path, "items", number))
        entry = {**defaults, **item} if isinstance(item, dict) else None
        if entry is None or not isinstance(entry.get("kind"), str) or not isinstance(entry.get("apiVersion"), str):
            message = f"entry {number} of the {raw['kind']} is no Kubernetes object: it has no apiVersion and kind"
            yield Finding(
                Severity.ERROR,
                "list-entry-invalid",
                message,
                file=place.file,
                line=place.line,
                hint="correct or remove it",
            )
        elif entry["kind"].endswith("List") and isinstance(entry.get("items"), list):
            yield from _unfold(entry, read._replace(item_lines=()), place)
        else:
            yield Document(entry, place, read.has_null)


def may_be_template(file: File, raw: bytes) -> bool:
    """Whether it may matter to what is read where the file lies: as a template in a chart."""
    return "templates" in file.path and b"{{" in raw


def _is_chart_template(file: File, raw: bytes, exists: Callable[[str], bool]) -> bool:
    """Whether the text is a template in a chart's folder `templates`, however well it happens to parse."""
    if file.named or not may_be_template(file, raw) or not _HELM.search(raw):
        return False
    return any(exists(f"{file.path[: found.start()]}Chart.yaml") for found in _TEMPLATES.finditer(file.path))


def _lfs_pointer(file: File) -> Finding:
    message = "a pointer of Git LFS stands here in place of the file"
    hint = "fetch the file (git lfs pull) and name it, or keep manifests out of LFS"
    return Finding(Severity.ERROR, "lfs-pointer", message, file=file.path, hint=hint)


def _syntax_finding(file: File, raw: bytes, error: kyaml.KyamlError) -> Finding:
    """An error, but for files in a folder that are templates of some tool or show no sign of a Kubernetes object."""
    if not file.named and b"{{" in raw and _HELM.search(raw):
        return _skipped(file, "a Helm template, which is not YAML; render the chart first (helm template)")
    if not file.named and not _may_be_manifest(raw):
        return _skipped(
            file, f"it does not parse (line {error.line}: {error.message}) and looks like no Kubernetes manifest"
        )
    hint = "correct the text; kubectl apply --dry-run=server refuses it too"
    return Finding(
        Severity.ERROR, "yaml-syntax", error.message, file=file.path, line=error.line, column=error.column, hint=hint
    )


def _may_be_manifest(raw: bytes) -> bool:
    return b"apiVersion" in raw and b"kind" in raw


def _no_manifest(file: File) -> Finding:
    return _skipped(file, "no Kubernetes manifest: it has no apiVersion and kind")


def _skipped(file: File, why: str) -> Finding:
    return Finding(Severity.INFO, "source-skipped", f"skipped: {why}", file=file.path)
