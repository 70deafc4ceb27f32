"""Writes the final Kubernetes objects: as YAML or JSON to a stream, or as one file per object to a folder.

A folder holds a list of what an earlier run wrote there (`.promrender-manifest.json`), so that files of objects that
are no longer made can be removed, and only those. Every file appears whole or not at all; one that is the same
already is not touched.
"""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from render.findings import Finding, ObjectKey, Severity
from render.output import goyaml
from render.output.atomic import remove_file, write_file

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    Manifest = Mapping[str, Any]

WRITTEN_LIST = ".promrender-manifest.json"

_FIRST_KEYS = ("apiVersion", "kind", "metadata")
_FIRST_METADATA_KEYS = ("name", "namespace", "labels", "annotations")
_SORTED = ("labels", "annotations", "data", "stringData", "binaryData")
_SAFE_PART = re.compile(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\Z")
_SAFE_FILE = re.compile(r"(?:[a-z0-9][-a-z0-9.]*/)?[a-z0-9][-a-z0-9.]*\.yaml\Z")
_PRIVATE, _PUBLIC = 0o600, 0o644


def to_yaml(manifests: Iterable[Manifest]) -> str:
    """The objects as YAML documents, with `---` between them."""
    return "---\n".join(goyaml.dumps(ordered(manifest)) for manifest in manifests)


def to_json(manifests: Iterable[Manifest]) -> str:
    """The objects as one v1 List, as `kubectl get -o json` prints it."""
    items = [ordered(manifest) for manifest in manifests]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=2, ensure_ascii=False) + "\n"


def ordered(manifest: Manifest) -> dict[str, Any]:
    """The object with its keys in the order that people expect.

    Entries of labels, annotations and data sorted by name.
    """
    out = _first(manifest, _FIRST_KEYS)
    if isinstance(out.get("metadata"), dict):
        out["metadata"] = _first(out["metadata"], _FIRST_METADATA_KEYS)
    return out


def _first(mapping: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    names = [*(key for key in keys if key in mapping), *(key for key in mapping if key not in keys)]
    return {key: _sorted(mapping[key]) if key in _SORTED else mapping[key] for key in names}


def _sorted(entries: Any) -> Any:  # noqa: ANN401 - a mapping, or nothing
    return dict(sorted(entries.items())) if isinstance(entries, dict) else entries


def write_stream(manifests: Sequence[Manifest], stream: BinaryIO, form: str = "yaml") -> list[Finding]:
    """Write all objects to a stream as `yaml` or `json`.

    A full disk is a finding; a closed pipe raises BrokenPipeError.
    """
    try:
        stream.write((to_json(manifests) if form == "json" else to_yaml(manifests)).encode())
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        return [_unwritable("standard output", error)]
    return []


def write_directory(manifests: Iterable[Manifest], folder: str, *, remove_stale: bool = True) -> list[Finding]:
    """Write `<namespace>/<kind>-<name>.yaml` for each object; findings for what could not be written.

    A failure never stops the other files. Files of an earlier run for objects that are no longer made are removed;
    with `remove_stale` False (the run had errors) they are kept, and a warning names them. Secrets are readable for
    their owner only.
    """
    return list(_Folder(Path(folder)).write(manifests, remove_stale=remove_stale))


class _ForeignListError(ValueError):
    """The list of written files is not one that a run left."""


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, manifests: Iterable[Manifest], *, remove_stale: bool) -> Iterator[Finding]:
        """Write, then remove. The list of files names each before it appears, until after it is gone."""
        wanted, findings = self._named(manifests)
        yield from findings
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            earlier = self._earlier()
            self._keep_list(earlier | wanted.keys())
            for name, manifest in sorted(wanted.items()):
                yield from self._write_one(name, manifest)
            stale = earlier - wanted.keys()
            kept = yield from (self._remove(stale) if remove_stale else self._keep(stale))
            self._keep_list(wanted.keys() | kept)
        except OSError as error:
            yield _unwritable(str(self._root), error)
        except _ForeignListError:
            yield self._foreign_list()

    def _named(self, manifests: Iterable[Manifest]) -> tuple[dict[str, Manifest], list[Finding]]:
        """The objects by file name; a finding for each whose name would not stay in the folder."""
        wanted: dict[str, Manifest] = {}
        findings = []
        for manifest in manifests:
            key = _key(manifest)
            parts = [part for part in (key.namespace, f"{key.kind.lower()}-{key.name}") if part]
            name = "/".join(parts) + ".yaml"
            if all(_SAFE_PART.match(part) for part in parts) and name not in wanted:
                wanted[name] = manifest
            else:
                message = f"another object has the file {name}" if name in wanted else "its name cannot be a file name"
                hint = "give it a valid, unique name"
                findings.append(Finding(Severity.ERROR, "output-unwritable", message, key, hint=hint))
        return wanted, findings

    def _write_one(self, name: str, manifest: Manifest) -> Iterator[Finding]:
        path = self._root / name
        try:
            path.parent.mkdir(exist_ok=True)
            self._stay_inside(path.parent)
            mode = _PRIVATE if manifest["kind"] == "Secret" else _PUBLIC
            write_file(path, goyaml.dumps(ordered(manifest)).encode(), mode)
        except OSError as error:
            yield _unwritable(str(path), error, _key(manifest))

    def _stay_inside(self, folder: Path) -> None:
        if not folder.resolve().is_relative_to(self._root.resolve()):
            raise OSError(errno.ELOOP, "a link leads out of the output folder")

    def _earlier(self) -> set[str]:
        """The files that earlier runs wrote.

        :raises _ForeignListError: the list was changed by someone else
        """
        path = self._root / WRITTEN_LIST
        if not path.exists():
            return set()
        try:
            written = json.loads(path.read_bytes())
        except ValueError:
            raise _ForeignListError from None
        files = written.get("files") if isinstance(written, dict) else None
        if not isinstance(files, list) or not all(isinstance(name, str) and _SAFE_FILE.match(name) for name in files):
            raise _ForeignListError
        return set(files)

    def _keep_list(self, names: Iterable[str]) -> None:
        text = json.dumps({"files": sorted(names)}, indent=2) + "\n"
        write_file(self._root / WRITTEN_LIST, text.encode(), _PUBLIC)

    def _foreign_list(self) -> Finding:
        path = str(self._root / WRITTEN_LIST)
        message = "the list of written files is not as an earlier run left it; nothing was written"
        hint = "restore it, or remove it together with the files that are no longer wanted"
        return Finding(Severity.ERROR, "output-unwritable", message, file=path, hint=hint)

    def _remove(self, stale: set[str]) -> Generator[Finding, None, set[str]]:
        """Remove files; gives back those that could not be removed."""
        kept = set()
        for name in sorted(stale):
            path = self._root / name
            try:
                self._stay_inside(path.parent)
                remove_file(path, self._root)
            except OSError as error:
                kept.add(name)
                yield _unwritable(str(path), error)
        return kept

    def _keep(self, stale: set[str]) -> Generator[Finding, None, set[str]]:
        """Leave files of objects that were not made this time; gives back those that are there."""
        kept = {name for name in stale if (self._root / name).exists()}
        message = "the file of an earlier run is kept: this run did not make it, but had errors or found nothing"
        for name in sorted(kept):
            path = str(self._root / name)
            yield Finding(Severity.WARNING, "output-stale", message, file=path, hint="correct the errors, or remove it")
        return kept


def _key(manifest: Manifest) -> ObjectKey:
    metadata = manifest["metadata"]
    return ObjectKey(manifest["kind"], metadata.get("namespace") or "", metadata["name"])


def _unwritable(target: str, error: OSError, key: ObjectKey | None = None) -> Finding:
    reason = (error.strerror or type(error).__name__).lower()
    message, hint = f"cannot be written: {reason}", "make room, or make it writable"
    return Finding(Severity.ERROR, "output-unwritable", message, key, file=target, hint=hint)
