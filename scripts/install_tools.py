#!/usr/bin/env python3
"""Put the real servers and checkers that the tests need into `.tools/`, without root.

    scripts/install_tools.py                  every tool of the table
    scripts/install_tools.py promtool-2.42    some of them
    scripts/install_tools.py --list           what there is and where

A tool is one row of `TOOLS`: the program, the version that its `--version` must print, and where it comes from: a Go
module (built in a scratch module) or a Debian package (downloaded through a private apt configuration and unpacked,
never installed). What is already in `.tools/bin`, or on PATH in the right version, is used as it is. Only the standard
library is needed, so that this runs before the virtual environment is there.

Exit status: 0 when every tool asked for is there, 1 otherwise. On a laptop the tests that need a missing tool are
skipped; in CI they fail.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / ".tools"
BIN = ROOT / "bin"


class Unavailable(Exception):  # noqa: N818 - a verdict about this machine
    """A tool cannot be had here; the text says why."""


@dataclass(frozen=True)
class GoModule:
    """A Go module and the flags that its programs are linked with.

    `staging` is the version that every `k8s.io/*` module it names as v0.0.0 is replaced by (Kubernetes keeps those
    modules in its own tree, so that its go.mod names no version that can be downloaded). `pages` is a file that the
    program embeds and the published module lacks, since it is made by another build: it is made empty in a copy. With
    `replaces` the versions that its go.mod replaces others by are taken over, which Go does for a main module alone.
    """

    path: str
    version: str
    ldflags: str = "-s -w"
    staging: str = ""
    pages: str = ""
    replaces: bool = False


@dataclass(frozen=True)
class DebianPackage:
    """A package of one Debian suite; it is unpacked, not installed."""

    name: str
    suite: str


@dataclass(frozen=True)
class Tool:
    """`.tools/bin/<name>`: the program at `program` in its source (a Go package's folder, or a path in a package).

    A `program` that begins with `./` is a folder beside this file: a few lines of Go around packages of the module.
    `version` is a regular expression for what the program prints when it is asked with `asked`.
    """

    name: str
    version: str
    source: GoModule | DebianPackage
    program: str
    asked: tuple[str, ...] = ("--version",)


PROMETHEUS = GoModule(
    "github.com/prometheus/prometheus",
    "v0.313.2",
    "-s -w -X github.com/prometheus/common/version.Version=3.13.2",
)
PROMETHEUS_2_42 = DebianPackage("prometheus", "bookworm")
# Not Debian's package: its program looks for templates in a folder of the installed package.
ALERTMANAGER = GoModule(
    "github.com/prometheus/alertmanager",
    "v0.33.1",
    "-s -w -X github.com/prometheus/common/version.Version=0.33.1",
    pages="ui/app/dist/index.html",
)
ALERTMANAGER_0_25 = DebianPackage("prometheus-alertmanager", "bookworm")
ETCD = DebianPackage("etcd-server", "sid")
KUSTOMIZE = GoModule("sigs.k8s.io/kustomize/kustomize/v5", "v5.7.1")
KUBERNETES = GoModule(
    "k8s.io/kubernetes",
    "v1.36.3",
    "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3",
    staging="v0.36.3",
)
HELM_3 = GoModule("helm.sh/helm/v3", "v3.22.0", "-s -w -X helm.sh/helm/v3/internal/version.version=v3.22.0")
HELM_4 = GoModule("helm.sh/helm/v4", "v4.3.1", "-s -w -X helm.sh/helm/v4/internal/version.version=v4.3.1")
FLUX = GoModule(
    "github.com/fluxcd/flux2/v2", "v2.9.5", "-s -w -X main.VERSION=2.9.5", pages="cmd/flux/manifests/none.yaml"
)
CRANE = GoModule(
    "github.com/google/go-containerregistry",
    "v0.22.1",
    "-s -w -X github.com/google/go-containerregistry/cmd/crane/cmd.Version=0.22.1",
)
# The last minor version whose modules are all published: later ones keep one of them in their own tree.
ARGO_CD = GoModule(
    "github.com/argoproj/argo-cd/v3",
    "v3.2.12",
    "-s -w -X github.com/argoproj/argo-cd/v3/common.version=3.2.12",
    replaces=True,
)

TOOLS = (
    Tool("prometheus", r"\b3\.13\.2\b", PROMETHEUS, "cmd/prometheus"),
    Tool("promtool", r"\b3\.13\.2\b", PROMETHEUS, "cmd/promtool"),
    Tool("prometheus-2.42", r"\b2\.42\.", PROMETHEUS_2_42, "usr/bin/prometheus"),
    Tool("promtool-2.42", r"\b2\.42\.", PROMETHEUS_2_42, "usr/bin/promtool"),
    Tool("alertmanager", r"\b0\.33\.", ALERTMANAGER, "cmd/alertmanager"),
    Tool("amtool", r"\b0\.33\.", ALERTMANAGER, "cmd/amtool"),
    Tool("amtool-0.25", r"\b0\.25\.", ALERTMANAGER_0_25, "usr/bin/amtool"),
    Tool("etcd", r"\b3\.5\.", ETCD, "usr/bin/etcd"),
    Tool("kube-apiserver", r"\bv1\.36\.3\b", KUBERNETES, "cmd/kube-apiserver"),
    Tool("kustomize", r"\bv5\.", KUSTOMIZE, "", ("version",)),
    Tool("kubectl", r"\bv1\.3\d\.", KUBERNETES, "cmd/kubectl", ("version", "--client")),
    Tool("helm-3", r"\bv3\.22\.", HELM_3, "cmd/helm", ("version",)),
    Tool("helm-4", r"\bv4\.3\.", HELM_4, "cmd/helm", ("version",)),
    Tool("flux", r"\b2\.9\.", FLUX, "cmd/flux"),
    Tool("crane", r"\b0\.2\d\.", CRANE, "cmd/crane", ("version",)),
    Tool("argocd-cmp-server", r"\bv3\.2\.", ARGO_CD, "./argocd-cmp-server"),
    Tool("argocd-cmp-client", r"\bv3\.2\.", ARGO_CD, "./argocd-cmp-client"),
)


def run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; `Unavailable` carries the end of its standard error."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise Unavailable(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        raise Unavailable(f"`{' '.join(command[:3])} …` failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout + done.stderr


def fits(program: Path, tool: Tool) -> bool:
    """Whether the program runs and prints the version of the tool."""
    try:
        return re.search(tool.version, run(str(program), *tool.asked)) is not None
    except Unavailable:
        return False


def on_path(tool: Tool) -> Path | None:
    """The program of this name on PATH, when its version fits."""
    found = shutil.which(Path(tool.program).name or tool.name)
    return Path(found) if found and fits(Path(found), tool) else None


def link(tool: Tool, program: Path) -> None:
    """Make `.tools/bin/<name>` point at a program, in one step."""
    BIN.mkdir(parents=True, exist_ok=True)
    fresh = BIN / f".{tool.name}.{os.getpid()}"
    fresh.symlink_to(os.path.relpath(program, BIN) if program.is_relative_to(ROOT) else program)
    fresh.replace(BIN / tool.name)


def from_go(tool: Tool, module: GoModule) -> Path:
    """Build one program in a scratch module that requires the module."""
    if shutil.which("go") is None:
        raise Unavailable("it is built with Go, and there is no go on PATH")
    scratch = ROOT / "build" / f"{re.sub(r'/v[0-9]+$', '', module.path).rsplit('/', 1)[1]}-{module.version}"
    env = {"GOFLAGS": "-mod=mod -buildvcs=false -trimpath", "GOWORK": "off", "CGO_ENABLED": "0"}
    if not (scratch / "go.mod").exists():
        scratch.mkdir(parents=True, exist_ok=True)
        run("go", "mod", "init", "promrender.invalid/tools", cwd=scratch, env=env)
    if module.staging:
        replace_staging(module, scratch, env)
    if module.replaces:
        replace_as_it_does(module, scratch, env)
    if module.pages:
        replace_by_copy(module, scratch, env)
    run("go", "get", f"{module.path}@{module.version}", cwd=scratch, env=env)
    program = scratch / "bin" / tool.name
    package = f"{module.path}/{tool.program}".rstrip("/")
    if tool.program.startswith("./"):
        package = tool.program
        shutil.copytree(Path(__file__).parent / package, scratch / package, dirs_exist_ok=True)
    run("go", "build", "-ldflags", module.ldflags, "-o", str(program), package, cwd=scratch, env=env)
    return program


def downloaded(module: GoModule, scratch: Path, env: dict[str, str], part: str) -> Path:
    """Download a module; the path of its go.mod (`part` "GoMod") or of its folder ("Dir")."""
    told = run("go", "mod", "download", "-json", f"{module.path}@{module.version}", cwd=scratch, env=env)
    return Path(json.loads(told)[part])


def replace_staging(module: GoModule, scratch: Path, env: dict[str, str]) -> None:
    """Replace the modules that a module requires as v0.0.0 with their published versions."""
    go_mod = downloaded(module, scratch, env, "GoMod").read_text()
    for name in sorted(set(re.findall(r"^\s*(k8s\.io/\S+) v0\.0\.0$", go_mod, re.MULTILINE))):
        run("go", "mod", "edit", f"-replace={name}={name}@{module.staging}", cwd=scratch, env=env)


def replace_as_it_does(module: GoModule, scratch: Path, env: dict[str, str]) -> None:
    """Replace modules by the versions by which a module replaces them."""
    go_mod = downloaded(module, scratch, env, "GoMod").read_text()
    for name, other, version in re.findall(r"^\s*(?:replace )?(\S+) => (\S+) (v\S+)$", go_mod, re.MULTILINE):
        run("go", "mod", "edit", f"-replace={name}={other}@{version}", cwd=scratch, env=env)


def replace_by_copy(module: GoModule, scratch: Path, env: dict[str, str]) -> None:
    """Replace a module with a copy of it that has the file it embeds."""
    copy = scratch / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(downloaded(module, scratch, env, "Dir"), copy, copy_function=shutil.copyfile)
    for folder in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
        folder.chmod(0o755)  # Go keeps its copy read-only
    page = copy / module.pages
    page.parent.mkdir(parents=True, exist_ok=True)
    page.touch()
    run("go", "mod", "edit", f"-replace={module.path}=./copy", cwd=scratch, env=env)


def from_debian(tool: Tool, package: DebianPackage) -> Path:
    """Download and unpack a package of a suite, whatever suite the machine itself runs."""
    unpacked = ROOT / f"{package.name}-{package.suite}"
    program = unpacked / tool.program
    if not fits(program, tool):
        apt = private_apt(package.suite)
        downloads = ROOT / "apt" / package.suite / "downloads"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir()
        run("apt-get", *apt, "update")
        run("apt-get", *apt, "download", package.name, cwd=downloads)
        (archive,) = downloads.glob("*.deb")
        shutil.rmtree(unpacked, ignore_errors=True)
        run("dpkg", "-x", str(archive), str(unpacked))
    return program


def private_apt(suite: str) -> list[str]:
    """Options that give apt a state, a cache and a source list of its own below `.tools/apt/<suite>`."""
    home = ROOT / "apt" / suite
    for folder in ("state/lists/partial", "cache/archives/partial", "etc"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    sources = home / "etc" / "suite.sources"
    sources.write_text(f"Types: deb\nURIs: {archive_uri()}\nSuites: {suite}\nComponents: main\n")
    options = {
        "Dir::State": home / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": home / "cache",
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferencesparts": "-",
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    return [part for key, value in options.items() for part in ("-o", f"{key}={value}")]


def archive_uri() -> str:
    """Where this machine itself gets its Debian release from, so that no address stands here."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise Unavailable("it comes from a Debian package, and there is no apt-get or dpkg here")
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    codename = release.get("VERSION_CODENAME", "").strip('"')
    targets = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    for line in targets.splitlines():
        uri, suite, component = line.split()
        if suite == codename and component == "main" and release.get("ID", "").strip('"') == "debian":
            return uri
    raise Unavailable("it comes from a Debian package, and apt has no source for this machine's own Debian release")


def install(tool: Tool) -> str:
    """Make sure that the tool is in `.tools/bin`; says how it got there."""
    if fits(BIN / tool.name, tool):
        return "is there"
    found = on_path(tool)
    if found:
        link(tool, found)
        return f"found at {found}"
    started = time.monotonic()
    program = from_go(tool, tool.source) if isinstance(tool.source, GoModule) else from_debian(tool, tool.source)
    if not fits(program, tool):
        raise Unavailable(f"{program} does not print a version like {tool.version}")
    link(tool, program)
    return f"made in {time.monotonic() - started:.0f} s"


def main() -> int:
    """Install the tools named on the command line, or all."""
    known = {tool.name: tool for tool in TOOLS}
    parser = argparse.ArgumentParser(description="Put the real servers that the tests need into .tools/.")
    parser.add_argument("tools", nargs="*", metavar="TOOL", help=f"some of: {', '.join(known)}")
    parser.add_argument("--list", action="store_true", help="say what is there and where each tool comes from")
    arguments = parser.parse_args()
    unknown = set(arguments.tools) - set(known)
    if unknown:
        parser.error(f"no such tool: {', '.join(sorted(unknown))}")
    missing = 0
    for tool in [known[name] for name in arguments.tools] or TOOLS:
        if arguments.list:
            print(f"{tool.name:18}{'there' if fits(BIN / tool.name, tool) else 'missing':9}{tool.source}")
            continue
        try:
            print(f"{tool.name}: {install(tool)}", flush=True)
        except Unavailable as reason:
            missing += 1
            print(f"{tool.name}: not available: {reason}", file=sys.stderr, flush=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
