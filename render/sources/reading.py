"""Reads sources: from paths to documents, with work on each document done where it is read."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from render import forked
from render.findings import Finding  # noqa: TC001 - msgspec reads the annotations at run time
from render.sources import files
from render.sources.cache import Cache, digest
from render.sources.document import Origin
from render.sources.manifests import RENDERED, may_be_template, read_manifests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from render.sources.document import Document
    from render.sources.files import File

# Fewer files and bytes than these are read faster by one process.
_MANY_FILES = 1_000
_MANY_BYTES = 2_000_000
_MOST_PROCESSES = 8


class Tree(Protocol):
    """Files that are not in the file system but, say, in a commit of a Git repository."""

    files: list[File]
    findings: list[Finding]

    def contents(self, share: Sequence[File]) -> Iterator[bytes]:
        """The texts of files, in their order."""

    def exists(self, name: str) -> bool:
        """Whether there is a file of this name."""

    def text(self, name: str) -> bytes | None:
        """The text of a file; None when it is none of this tree."""


@dataclass(slots=True)
class Read:
    """What the sources hold, in the order of the files.

    `kept`: what `inspect` gave for each document, with its origin. `texts`: what cannot be read again (standard
    input, pipes), by name, for the positions of later findings. `files`: the names of all files.
    """

    kept: list[tuple[Origin, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


_Entries = list[tuple[int, int, tuple[str | int, ...], Any]]
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(_Entries).decode


class _FileRead(msgspec.Struct, array_like=True, gc=False):
    """What one file gave: `kept`, or this as `packed` for the cache, with the digest of the file's text."""

    kept: list[tuple[Origin, Any]]
    findings: list[Finding]
    digest: bytes = b""
    packed: bytes = b""

    def entries(self, file: str) -> list[tuple[Origin, Any]]:
        """What is kept of the file."""
        if not self.packed:
            return self.kept
        return [(Origin(file, document, line, path), entry) for document, line, path, entry in _unpack(self.packed)]


def whole(document: Document) -> Any:  # noqa: ANN401 - plain values
    """Keep a document as it was written."""
    return document.raw


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants of each file.

    `inspect` is called on every document, in whichever process reads it, and gives what shall be kept of it: values
    that msgpack knows (lists, not tuples; bytes are fine), or None for nothing. A text without any of `words` is
    checked for syntax alone. With `lenient`, files that the user named may be no manifests, as those of a folder.
    `cacheable` tells whether what is kept of a document may be stored for a later run; without it nothing is.
    """

    inspect: Callable[[Document], Any]
    words: Sequence[bytes] = RENDERED
    lenient: bool = False
    cacheable: Callable[[Any], bool] | None = None

    def cache(self, sources: Sequence[str]) -> Cache | None:
        """What was stored of these sources, if anything may be."""
        if self.cacheable is None:
            return None
        return Cache(self.inspect.__qualname__, repr(self.words), str(self.lenient), *sources)

    def inspected(
        self, file: File, raw: bytes, cache: Cache | None = None, exists: Callable[[str], bool] = os.path.exists
    ) -> _FileRead:
        """What is kept of the file, and the findings about it."""
        if cache is None or may_be_template(file, raw):
            return self._inspected(file, raw, exists)
        named = digest(raw)
        packed = cache.known.get(named)
        if packed is not None:
            return _FileRead([], [], named, packed)
        read = self._inspected(file, raw, exists)
        if not read.findings and self.cacheable and all(self.cacheable(entry) for _, entry in read.kept):
            with suppress(UnicodeEncodeError):
                packed = _pack([(origin.document, origin.line, origin.path, entry) for origin, entry in read.kept])
                return _FileRead([], [], named, packed)
        return read

    def _inspected(self, file: File, raw: bytes, exists: Callable[[str], bool]) -> _FileRead:
        file = file._replace(named=file.named and not self.lenient)
        documents, findings = read_manifests(file, raw, self.words, exists)
        kept = [(document.origin, self.inspect(document)) for document in documents]
        return _FileRead([entry for entry in kept if entry[1] is not None], findings)


def read(
    paths: Sequence[str],
    inspect: Callable[[Document], Any] = whole,
    processes: int | None = None,
    trees: Sequence[Tree] = (),
) -> Read:
    """Read what is there to render, as `fulfil` does."""
    return fulfil(Wish(inspect), paths, processes, trees)


def fulfil(wish: Wish, paths: Sequence[str], processes: int | None = None, trees: Sequence[Tree] = ()) -> Read:
    """Read files, folders and `-` (standard input), then `trees`.

    `processes`: how many at most; by default as many as there are processors, one for a small input. Nothing is raised
    for what cannot be read: see `findings`.
    """
    found, findings = files.find(paths)
    result = Read(findings=findings, files=[file.path for file in found])
    once = [file for file in found if file.named and not Path(file.path).is_file()]
    again = [file for file in found if file not in once] if once else found
    shares = [
        (again, partial(_read_share, wish)),
        *((tree.files, partial(_read_tree_share, wish, tree)) for tree in trees),
    ]
    cache = wish.cache(paths) if sum(len(share) for share, _ in shares) >= _MANY_FILES else None
    with _no_garbage_collection():
        parts = [(file, _read_once(file, wish, result.texts)) for file in once]
        for share, work in shares:
            parts += zip(share, _read_files(share, partial(work, cache), processes), strict=True)
        for file, part in parts:
            result.kept += part.entries(file.path)
            result.findings += part.findings
    for tree in trees:
        result.files += [file.path for file in tree.files]
        result.findings += tree.findings
    if cache:
        cache.keep({part.digest: part.packed for _, part in parts if part.packed})
    return result


def _read_files(
    found: list[File], work: Callable[[Sequence[File]], list[_FileRead]], processes: int | None
) -> list[_FileRead]:
    wanted = _processes(found) if processes is None else processes
    return forked.map_forked(work, found, wanted, _FileRead) if wanted > 1 else work(found)


def _processes(found: list[File]) -> int:
    """As many processes as the input is worth."""
    available = min(forked.processors(), _MOST_PROCESSES)
    if available == 1 or len(found) < available:
        return 1
    return available if len(found) >= _MANY_FILES or sum(map(_size, found)) >= _MANY_BYTES else 1


def _size(file: File) -> int:
    try:
        return Path(file.path).stat().st_size
    except OSError:
        return 0


def _read_share(wish: Wish, cache: Cache | None, share: Sequence[File]) -> list[_FileRead]:
    return [_read_file(file, wish, cache) for file in share]


def _read_tree_share(wish: Wish, tree: Tree, cache: Cache | None, share: Sequence[File]) -> list[_FileRead]:
    texts = zip(share, tree.contents(share), strict=True)
    return [wish.inspected(file, raw, cache, tree.exists) for file, raw in texts]


def _read_file(file: File, wish: Wish, cache: Cache | None) -> _FileRead:
    try:
        with open(file.path, "rb", buffering=0) as opened:  # noqa: PTH123 - a Path for each of thousands takes its time
            raw = opened.read()
    except OSError as error:
        return _FileRead([], [files.unreadable(file.path, error)])
    return wish.inspected(file, raw, cache)


def _read_once(file: File, wish: Wish, texts: dict[str, bytes]) -> _FileRead:
    """Standard input or a pipe; the text is kept in `texts`."""
    try:
        raw = sys.stdin.buffer.read() if file.path == files.STDIN else Path(file.path).read_bytes()
    except OSError as error:
        return _FileRead([], [files.unreadable(file.path, error)])
    texts[file.path] = raw
    return wish.inspected(file, raw)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Plain values hold no cycles; searching for some would take five times as long as the work itself."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
