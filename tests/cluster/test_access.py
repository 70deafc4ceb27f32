"""Kubeconfig files and credentials that do not work: an error that says what to do, and no credential in it."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.manifests import PROMETHEUS
from tests.cli.promrender import promrender
from tests.cluster.gateway import gateway
from tests.reloaders import certificates

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster.conftest import Cluster

pytestmark = pytest.mark.xdist_group("kube-apiserver")

HIDDEN = "never-tell-token-4711"


def _kubeconfig(folder: Path, user: dict[str, Any], **cluster: Any) -> Path:  # noqa: ANN401 - JSON
    """A kubeconfig file with a user and a cluster as they are given."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1", **cluster}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(content))
    return path


def _refusal(kubeconfig: str | Path, folder: Path, *more: str, apply: bool = False) -> str:
    """What a command says that cannot use the kubeconfig; it ends with 2, writes nothing and tells no credential."""
    (folder / "prometheus.yaml").write_text(PROMETHEUS)
    command = ("apply", folder / "prometheus.yaml") if apply else ("render", "--from-cluster", "--all-namespaces")
    ran = promrender(*command, *(("--kubeconfig", kubeconfig) if kubeconfig else ()), *more)
    assert (ran.status, ran.out) == (2, "")
    assert HIDDEN not in ran.err
    return ran.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a: [",
        b"[]",
        b"5",
        b"\x00\xff",
        f"token: {HIDDEN}: {HIDDEN}".encode(),
        b"apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n",
        b"apiVersion: v1\nkind: Config\ncurrent-context: gone\nclusters: []\ncontexts: []\nusers: []\n",
        b"apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n",
    ],
)
def test_a_broken_kubeconfig_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kubeconfig").write_bytes(content)
    assert "correct --kubeconfig" in _refusal(tmp_path / "kubeconfig", tmp_path)
    assert "correct --kubeconfig" in _refusal(tmp_path / "kubeconfig", tmp_path, apply=True)


def test_a_kubeconfig_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "correct --kubeconfig" in _refusal(tmp_path / "gone", tmp_path)
    assert "correct --kubeconfig" in _refusal(tmp_path, tmp_path)


def test_a_context_that_does_not_exist_is_named(tmp_path: Path) -> None:
    told = _refusal(_kubeconfig(tmp_path, {"token": HIDDEN}), tmp_path, "--context", "elsewhere")
    assert "elsewhere" in told
    assert "correct --kubeconfig or --context" in told


def _plugin(folder: Path, script: str) -> dict[str, Any]:
    """A user whose credentials a program gives."""
    program = folder / "login"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(program)}}


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (f"echo {HIDDEN} >&2; exit 3", "its process returned 3"),
        (f"echo {HIDDEN}", "gave none"),
        ("echo '{}'", "gave none"),
        (
            'echo \'{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {}}\'',
            "gave none",
        ),
    ],
)
def test_a_login_program_that_fails_is_told_without_what_it_wrote(tmp_path: Path, script: str, says: str) -> None:
    told = _refusal(_kubeconfig(tmp_path, _plugin(tmp_path, script)), tmp_path)
    assert "the program that gives the credentials" in told
    assert says in told
    assert "users[].user.exec" in told


def test_a_login_program_that_is_missing_is_named(tmp_path: Path) -> None:
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login"}}
    assert "there is no program no-such-login" in _refusal(_kubeconfig(tmp_path, user), tmp_path)


def test_a_login_program_that_works_gives_access(tmp_path: Path, cluster: Cluster) -> None:
    good = json.loads(cluster.api.kubeconfig().read_text())
    credential = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": good["users"][0]["user"]["token"]},
    }
    user = _plugin(tmp_path, f"echo '{json.dumps(credential)}'")
    kubeconfig = _kubeconfig(tmp_path, user, **good["clusters"][0]["cluster"])
    arguments = ("--from-cluster", "--all-namespaces", "--cluster-kind", "Probe", "--allow-empty")
    assert promrender("render", *arguments, "--kubeconfig", kubeconfig).status == 0


@pytest.mark.parametrize(
    ("user", "server", "says"),
    [
        ({"token": f"{HIDDEN}\nsecond"}, "", "token is none that can be sent"),
        ({"token": HIDDEN}, "nonsense", "the kubeconfig's server is no URL (write it as https://HOST:PORT)"),
        ({"token": HIDDEN}, "https://no-such-host.invalid", "does not answer ("),
        ({"client-certificate": "/gone", "client-key": "/gone"}, "", "/gone"),
        (
            {"client-certificate-data": "bm9uZQ==", "client-key-data": "bm9uZQ=="},
            "",
            "no TLS connection to the API server",
        ),
        ({"client-certificate-data": HIDDEN}, "", "the kubeconfig file cannot be read"),
    ],
)
def test_access_that_cannot_work_ends_with_words(
    tmp_path: Path, cluster: Cluster, user: dict[str, Any], server: str, says: str
) -> None:
    authority = {"certificate-authority": f"{cluster.api.folder}/pairs/ca.crt"}
    kubeconfig = _kubeconfig(tmp_path, user, server=server or cluster.api.url, **authority)
    assert says in _refusal(kubeconfig, tmp_path)
    assert says in _refusal(kubeconfig, tmp_path, apply=True)


def _expired(name: str, authority: Path) -> tuple[bytes, bytes]:
    """A certificate that expired yesterday, signed by an authority, and its key."""
    issuer = x509.load_pem_x509_certificate(authority.with_suffix(".crt").read_bytes())
    signer = serialization.load_pem_private_key(authority.with_suffix(".key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now - dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    form = serialization.PrivateFormat.TraditionalOpenSSL
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return built.public_bytes(serialization.Encoding.PEM), pem


def test_an_expired_client_certificate_is_told_with_its_date(tmp_path: Path, cluster: Cluster) -> None:
    pair = _expired("admin", cluster.api.folder / "pairs" / "ca")
    encoded = [base64.b64encode(part).decode() for part in pair]
    user = {"client-certificate-data": encoded[0], "client-key-data": encoded[1]}
    authority = f"{cluster.api.folder}/pairs/ca.crt"
    kubeconfig = _kubeconfig(tmp_path, user, server=cluster.api.url, **{"certificate-authority": authority})
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    for apply in (False, True):
        told = _refusal(kubeconfig, tmp_path, apply=apply)
        assert f"refuses the credentials: the client certificate expired at {yesterday:%Y-%m-%d}" in told
        assert "log in again" in told


def test_a_server_certificate_that_is_not_trusted_is_told(tmp_path: Path, cluster: Cluster) -> None:
    certificates.make(tmp_path / "others")
    authority = {"certificate-authority": f"{tmp_path}/others/ca.crt"}
    kubeconfig = _kubeconfig(tmp_path, {"token": HIDDEN}, server=cluster.api.url, **authority)
    for apply in (False, True):
        told = _refusal(kubeconfig, tmp_path, apply=apply)
        assert "the API server's certificate is not trusted: " in told
        assert "certificate-authority" in told


def test_an_expired_server_certificate_is_told(tmp_path: Path, cluster: Cluster) -> None:
    certificate, key = _expired("server", cluster.api.folder / "pairs" / "ca")
    (tmp_path / "server.pem").write_bytes(certificate + key)
    with gateway(cluster.api, tmp_path / "server.pem") as between:
        told = _refusal(between.kubeconfig(tmp_path), tmp_path)
    assert "the API server's certificate is not trusted: certificate has expired" in told


def test_the_file_that_the_environment_names_is_used(tmp_path: Path) -> None:
    ran = promrender("render", "--from-cluster", "--all-namespaces", KUBECONFIG=f"{tmp_path}{os.sep}gone")
    assert (ran.status, ran.out) == (2, "")
    assert "correct --kubeconfig" in ran.err
