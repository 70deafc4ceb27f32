"""The flags that say what to read besides files and folders, the same for every command."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from render.cli.exits import LACKING_CODES, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence

    from render.objects.index import Objects
    from render.sources.cluster import Cluster
    from render.sources.git_tree import GitTree

_ONCE_OR_EACH = "Given once it goes for every --repo; else once for each, in their order."
_OPTIONS = (
    click.option(
        "--repo",
        "repos",
        multiple=True,
        metavar="URL|PATH",
        help="Read a commit of this Git repository, without a checkout (repeatable).",
    ),
    click.option(
        "--ref", "refs", multiple=True, metavar="REF", help=f"Branch, tag or commit of --repo [HEAD]. {_ONCE_OR_EACH}"
    ),
    click.option(
        "--path",
        "repo_paths",
        multiple=True,
        metavar="DIR",
        help=f"Folder or file of --repo, counted from its root [all of it]. {_ONCE_OR_EACH}",
    ),
    click.option("--cache/--no-cache", default=True, help="Parse only what has changed since the last run."),
    click.option("--from-cluster", is_flag=True, help="Read a running cluster; other sources go first."),
    click.option("--kubeconfig", metavar="FILE", help="File with access to the cluster [as kubectl]."),
    click.option("--context", metavar="NAME", help="Context in that file [the current one]."),
    click.option(
        "--cluster-namespace",
        "cluster_namespaces",
        multiple=True,
        metavar="NAMESPACE",
        help="Read this namespace of the cluster (repeatable).",
    ),
    click.option("--all-namespaces", is_flag=True, help="Read all namespaces of the cluster."),
    click.option(
        "--cluster-kind",
        "cluster_kinds",
        multiple=True,
        metavar="KIND",
        help="Read this kind only, e.g. Secret where manifests come from elsewhere (repeatable).",
    ),
)


def source_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags; `asked_sources` takes their values."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class AskedSources:
    """What a command line asks to read: paths, (repository, ref, path) for each commit, and a cluster's flags."""

    paths: Sequence[str]
    commits: Sequence[tuple[str, str, str]]
    cluster: Mapping[str, Any] | None = None
    cached: bool = True

    def load(self, default_namespace: str, *, whole: bool = False) -> Objects:
        """Read and index everything; `whole`: with what only validation asks for.

        Raises Trouble when a repository or the cluster cannot be used, and when something is elsewhere that is to be
        rendered; then nothing is written.
        """
        from render.objects.gather import Sources, load_sources, load_tree
        from render.sources.unusable import UnusableSourceError

        try:
            trees = [_tree(*commit) for commit in self.commits]
            cluster = _cluster(**self.cluster, scraped=whole) if self.cluster else None
            sources = Sources(self.paths, trees, cluster=cluster, cached=self.cached)
            objects = (load_tree if whole else load_sources)(sources, default_namespace)
        except UnusableSourceError as error:
            raise Trouble(str(error)) from None
        lacking = [finding for finding in objects.findings if finding.code in LACKING_CODES]
        if lacking and not whole:
            told = "\n".join(f"{finding.file}: {finding.message} ({finding.hint})" for finding in lacking)
            raise Trouble(f"{told}\nnothing is rendered, since manifests are missing")
        return objects


def asked_sources(paths: Sequence[str], given: MutableMapping[str, Any], otherwise: Sequence[str] = ()) -> AskedSources:
    """Take the values of the flags out of `given`.

    Without any, the paths `otherwise` are read or, without these, standard input when something is piped in.
    """
    repos = given.pop("repos")
    refs = _for_each(repos, given.pop("refs"), "--ref", "HEAD")
    folders = _for_each(repos, given.pop("repo_paths"), "--path", "")
    cluster = _asked_cluster(given)
    cached = given.pop("cache")
    if not paths and not repos and not cluster:
        paths = otherwise
        if not paths and sys.stdin.isatty():
            raise click.UsageError("name a file or a folder to read, or - for standard input")
        paths = paths or ["-"]
    return AskedSources(list(paths), list(zip(repos, refs, folders, strict=True)), cluster, cached)


def _asked_cluster(given: MutableMapping[str, Any]) -> Mapping[str, Any] | None:
    """The flags of the cluster, when it is asked for."""
    names = ("kubeconfig", "context", "cluster_namespaces", "all_namespaces", "cluster_kinds")
    values = {name: given.pop(name) for name in names}
    if not given.pop("from_cluster"):
        said = next((name for name, value in values.items() if value), None)
        if said:
            flag = said.removesuffix("s") if said.startswith("cluster") else said
            raise click.UsageError(f"--{flag.replace('_', '-')} needs --from-cluster")
        return None
    if bool(values["cluster_namespaces"]) == values.pop("all_namespaces"):
        raise click.UsageError("--from-cluster needs either --cluster-namespace or --all-namespaces")
    return values | {"by_reference": given.get("secrets") == "reference"}


def _for_each(repos: Sequence[str], values: Sequence[str], flag: str, default: str) -> Sequence[str]:
    """One value for each repository."""
    if len(values) <= 1:
        return [*values, default][:1] * len(repos) if repos or not values else _without_repository(flag)
    if len(values) != len(repos):
        raise click.UsageError(
            f"{flag} is given {len(values)} times, --repo {len(repos)} times: once, or once for each"
        )
    return values


def _without_repository(flag: str) -> Sequence[str]:
    raise click.UsageError(f"{flag} needs a --repo")


def _tree(repository: str, ref: str, path: str) -> GitTree:
    from render.sources.git_tree import GitTree

    return GitTree(repository, ref, path)


def _cluster(
    kubeconfig: str | None,
    context: str | None,
    cluster_namespaces: Sequence[str],
    cluster_kinds: Sequence[str],
    *,
    by_reference: bool,
    scraped: bool,
) -> Cluster:
    from render.sources.cluster import KINDS, SCRAPED, Cluster

    listed_kinds = (*KINDS, *SCRAPED) if scraped else KINDS
    known = {listed.kind.lower(): listed.kind for listed in listed_kinds}
    unknown = [kind for kind in cluster_kinds if kind.lower() not in known]
    if unknown:
        raise Trouble(f"--cluster-kind {unknown[0]}: known are {', '.join(known.values())}")
    kinds = frozenset(known[kind.lower()] for kind in cluster_kinds)
    return Cluster(kubeconfig or "", context or "", cluster_namespaces, kinds, listed_kinds, by_reference)
