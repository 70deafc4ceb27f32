"""Bad input: each a clear finding with its place, the rest is rendered, no traceback, no secret value anywhere."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, Ran, promrender

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A good tree with one monitor."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "prometheus.yaml").write_text(PROMETHEUS)
    (folder / "secret.yaml").write_text(SECRET)
    (folder / "good.yaml").write_text(service_monitor("good"))
    return folder


def _configuration(ran: Ran) -> str:
    objects = json.loads(ran.out)["items"]
    (secret,) = (o for o in objects if o["kind"] == "Secret" and o["metadata"]["name"] == "prometheus-main")
    return gzip.decompress(base64.b64decode(secret["data"]["prometheus.yaml.gz"])).decode()


def _render(tree: Path, *arguments: str) -> Ran:
    ran = promrender("render", "-o", "json", *arguments, tree)
    assert SECRET_VALUE not in ran.err
    return ran


def _bad_file(tree: Path, content: bytes | str) -> Path:
    path = tree / "bad.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_good_tree_is_fine(tree: Path) -> None:
    ran = _render(tree)
    assert (ran.status, ran.err) == (0, "")
    assert "serviceMonitor/mon/good/0" in _configuration(ran)


NOT_UTF8 = b"apiVersion: v1\nkind: Secret\nmetadata: {name: \xff\xfe}\n"
HALF = service_monitor("half").partition("selector: {")[0] + "selector: {a: b\n  endpoints:\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]\n" for below, name in zip("abcdefg", "bcdefgh", strict=True)
)
DEEP = "apiVersion: v1\nkind: Secret\nx: " + "[" * 50_000


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        pytest.param(NOT_UTF8, "bad.yaml:3:", "UTF-8", id="not UTF-8"),
        pytest.param(HALF, "bad.yaml:8:", "brace", id="half a document"),
        pytest.param(BOMB + "apiVersion: v1\nkind: Secret\n", "bad.yaml:1:", "alias", id="alias bomb"),
        pytest.param(DEEP, "bad.yaml:3:", "deep", id="deep nesting"),
        pytest.param(
            service_monitor("bad").replace("port: web", "prot: web"),
            "bad.yaml:9:",
            "did you mean port",
            id="unknown field",
        ),
        pytest.param(
            service_monitor("bad").replace("port: web", "port: 8080"),
            "bad.yaml:9:",
            "must be a string",
            id="wrong type",
        ),
        pytest.param(
            service_monitor("good"), "bad.yaml:1, again in", "good.yaml:1; the first one is used", id="a duplicate"
        ),
        pytest.param(
            service_monitor("bad", "passwrd"), "bad.yaml:14:", "Secret mon/login has no key 'passwrd'", id="missing key"
        ),
        pytest.param(
            service_monitor("bad").replace("name: login", "name: nologin"),
            "bad.yaml:11:",
            "Secret mon/nologin does not exist",
            id="missing Secret",
        ),
        pytest.param(prometheus_rule("bad", "rate(up[5m)"), "bad.yaml:11:", "PromQL", id="PromQL that does not parse"),
        pytest.param(
            service_monitor("bad").replace("ServiceMonitor", "ServiceMonitr"),
            "bad.yaml:2",
            "has no kind",
            id="unknown kind",
        ),
    ],
)
def test_a_bad_file_is_told_with_its_place_and_the_rest_is_rendered(
    tree: Path, content: bytes | str, place: str, says: str
) -> None:
    _bad_file(tree, content)
    ran = _render(tree)
    assert ran.status == 1
    assert place in ran.err
    assert says in ran.err
    assert "serviceMonitor/mon/good/0" in _configuration(ran)


def test_what_is_no_manifest_is_skipped_with_a_notice(tree: Path) -> None:
    (tree / "values.yaml").write_text("replicas: 3\n")
    (tree / "kustomization.yaml").write_text("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")
    chart = tree / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("name: c\n")
    (chart / "templates" / "x.yaml").write_text('kind: {{ .Values.kind }}\napiVersion: "v1"\n')
    assert _render(tree).err == "4 notices (-v shows them)\n"
    told = _render(tree, "-v")
    assert told.status == 0
    for name in ("values.yaml", "kustomization.yaml", "x.yaml", "Chart.yaml"):
        assert name in told.err


def test_where_manifests_are_missing_nothing_is_rendered(tree: Path, tmp_path: Path) -> None:
    outside, pointer, out = tree / "outside.yaml", tree / "lfs.yaml", tmp_path / "out"
    outside.symlink_to("/etc/hostname")
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    for sources in ([tree / "good.yaml", tree / "gone"], [tree]):
        ran = promrender("render", "--output-dir", out, *sources)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.endswith("nothing is rendered, since manifests are missing\n")
        assert not out.exists()
    assert f"{outside}: the link leads out of the folder that is read (name /etc/hostname as a source" in ran.err
    assert f"{pointer}: a pointer of Git LFS stands here in place of the file (fetch the file" in ran.err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to run as somebody who may not read the folder")
def test_an_unreadable_folder_is_trouble_and_the_others_are_rendered(tree: Path) -> None:
    locked = tree / "locked"
    locked.mkdir(mode=0o000)
    ran = _as_nobody(tree)
    assert ran.status == 2
    assert "locked" in ran.err
    assert "serviceMonitor/mon/good/0" in _configuration(ran)


def _as_nobody(tree: Path) -> Ran:
    """Run in a process that gave up root's right to read everything."""
    for folder in (tree, *list(tree.parents)[:-1]):
        folder.chmod(folder.stat().st_mode | 0o055)
    preparing = "import os, tests.cli.everything_imported; os.setgid(65534); os.setuid(65534)"
    running = f"from render.cli import main; main(['render', '-o', 'json', {str(tree)!r}])"
    drop = f"{preparing}; {running}"
    ran = subprocess.run(
        [sys.executable, "-c", drop], capture_output=True, text=True, cwd=PROJECT, timeout=60, check=False
    )
    assert "Traceback" not in ran.stderr
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_a_secret_over_one_mebibyte_is_rendered_with_an_error_that_names_the_largest(tree: Path) -> None:
    """Random parameters do not compress, so that 1 MiB is reached soon."""
    noise = base64.b64encode(os.urandom(1_200_000)).decode()
    large = service_monitor("large").replace("port: web", f"port: web\n    params:\n      noise: [{noise}]")
    _bad_file(tree, large)
    ran = _render(tree)
    assert ran.status == 1
    assert "serviceMonitor/mon/large/0" in ran.err
    assert "secret-too-large" in ran.err
    assert "serviceMonitor/mon/good/0" in _configuration(ran)


def test_nothing_to_render_fails_unless_that_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(SECRET)
    assert promrender("render", tmp_path).status == 1
    assert promrender("render", "--allow-empty", tmp_path).status == 0


def test_a_workload_object_that_fails_stops_no_other(tree: Path) -> None:
    broken = PROMETHEUS.replace("name: main", "name: broken") + "  version: v9.0.0\n"
    _bad_file(tree, broken)
    ran = _render(tree)
    assert ran.status == 1
    assert "Prometheus/mon/broken" in ran.err
    assert "bad.yaml:10:" in ran.err
    assert "serviceMonitor/mon/good/0" in _configuration(ran)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "Foo/x"], "KIND/NAME"),
        (["--kube-version", "new"], "--kube-version"),
        (["--rbac"], "--rbac goes with --workloads"),
        (["--feature-gates", "Foo=true"], "unknown feature gate Foo"),
        (["--labels", "a"], "key=value"),
        (["--operator-config", "gone.yaml"], "cannot be read"),
        (["--output", "xml"], "xml"),
        (["--nosuch"], "--nosuch"),
    ],
)
def test_a_wrong_flag_is_usage(tree: Path, arguments: list[str], says: str) -> None:
    ran = promrender("render", *arguments, tree)
    assert ran.status == 2
    assert says in ran.err
    assert ran.out == ""


def test_a_folder_that_cannot_be_written_is_trouble(tree: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder")
    ran = promrender("render", "--output-dir", taken / "out", tree)
    assert ran.status == 2
    assert "taken" in ran.err


@pytest.mark.parametrize("limit", [2_000])
def test_a_full_disk_is_trouble_and_leaves_nothing_half_written(tree: Path, tmp_path: Path, limit: int) -> None:
    """A limit on the size of files stands for the full disk: the write fails in the middle."""
    rule = prometheus_rule("long", "vector(1)").replace("record: a:b", f"record: {'a' * 5_000}")
    _bad_file(tree, rule)
    out = tmp_path / "out"
    code = (
        f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
        f"from render.cli import main; main(['render', '--output-dir', {str(out)!r}, {str(tree)!r}])"
    )
    ran = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, cwd=PROJECT, timeout=60, check=False
    )
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "rulefiles-0" in ran.stderr
    left: list[Any] = [path for path in out.rglob("*") if path.is_file()]
    assert any("web-config" in path.name for path in left)
    assert all(path.stat().st_size < limit for path in left)
    assert not any("rulefiles" in path.name or "tmp" in path.name for path in left)
