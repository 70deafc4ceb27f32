"""Who may ask and who is asked: the reloader's own web server and its reload request, with real TLS."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import bcrypt
import pytest
import requests
import yaml

from tests.reloaders import certificates
from tests.reloaders.daemons import SCRIPTS, Daemon, daemon, eventually, server
from tests.reloaders.mounts import Mount
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSWORD = "correct horse"  # noqa: S105 - of this test alone
HASHED = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs")
    certificates.make(folder)
    return folder


def _with_web_config(folder: Path, content: object) -> tuple[str, ...]:
    (folder / "web.yaml").write_text(yaml.safe_dump(content))
    (folder / "p.yaml").write_text("a: 1\n")
    flags = (f"--config-file={folder}/p.yaml", "--listen-address=127.0.0.1:0", f"--web-config-file={folder}/web.yaml")
    return (*flags, "--reload-url=http://127.0.0.1:1")


def _address(reloader: Daemon) -> str:
    return reloader.url.replace("http:", "https:")


def test_web_server_with_tls_and_users(tmp_path: Path, pairs: Path) -> None:
    tls = {
        "cert_file": f"{pairs}/server.crt",
        "key_file": f"{pairs}/server.key",
        "client_ca_file": f"{pairs}/ca.crt",
        "client_auth_type": "RequireAndVerifyClientCert",
        "min_version": "TLS12",
        "cipher_suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    }
    headers = {"headers": {"X-Frame-Options": "deny"}}
    content = {"tls_server_config": tls, "http_server_config": headers, "basic_auth_users": {"ann": HASHED}}
    with daemon("config-reloader", *_with_web_config(tmp_path, content), log=tmp_path / "log") as reloader:
        page = f"{_address(reloader)}/healthz"
        ours = (f"{pairs}/client.crt", f"{pairs}/client.key")
        answer = requests.get(page, verify=f"{pairs}/ca.crt", cert=ours, auth=("ann", PASSWORD), timeout=5)
        assert (answer.status_code, answer.headers["X-Frame-Options"]) == (200, "deny")
        for wrong in [("ann", "wrong"), ("bob", PASSWORD), None]:
            answer = requests.get(page, verify=f"{pairs}/ca.crt", cert=ours, auth=wrong, timeout=5)
            assert answer.status_code == 401
        with pytest.raises(requests.ConnectionError):
            requests.get(page, verify=f"{pairs}/ca.crt", timeout=5)
        with pytest.raises(requests.ConnectionError):
            requests.get(page.replace("https", "http"), timeout=5)
        assert PASSWORD not in reloader.log


def test_web_config_follows_its_files(tmp_path: Path) -> None:
    """A changed file counts from the next connection on; one that cannot be used leaves what was."""
    with daemon("config-reloader", *_with_web_config(tmp_path, {}), log=tmp_path / "log") as reloader:
        assert reloader.page("/healthz").status_code == 200
        _with_web_config(tmp_path, {"basic_auth_users": {"ann": HASHED}})
        assert reloader.page("/healthz").status_code == 401
        (tmp_path / "web.yaml").write_text("nonsense: 1\n")
        assert reloader.page("/healthz").status_code == 401
        assert requests.get(f"{reloader.url}/healthz", auth=("ann", PASSWORD), timeout=5).status_code == 200


BAD = [
    ({"tls_config": {}}, "unknown field tls_config"),
    ({"tls_server_config": {"certfile": "x"}}, "unknown field tls_server_config.certfile"),
    ({"tls_server_config": {"cert_file": "x"}}, "needs cert_file and key_file"),
    ({"tls_server_config": {"cert_file": "x", "key_file": "y"}}, "cannot be used"),
    ({"basic_auth_users": {"ann": "plain text"}}, "password of ann is not a bcrypt hash"),
    (["x"], "must be a mapping"),
]


@pytest.mark.parametrize(("content", "says"), BAD)
def test_bad_web_config_ends_with_2(tmp_path: Path, content: object, says: str) -> None:
    command = [str(SCRIPTS / "config-reloader"), *_with_web_config(tmp_path, content)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == 2
    assert says in done.stderr
    assert "plain text" not in done.stderr


def test_reload_of_a_prometheus_with_tls_and_users(tool: Callable[[str], Path], tmp_path: Path, pairs: Path) -> None:
    """The real server wants a client certificate and a user; the reloader checks it against an authority."""
    tls = {"cert_file": f"{pairs}/server.crt", "key_file": f"{pairs}/server.key"}
    tls |= {"client_ca_file": f"{pairs}/ca.crt", "client_auth_type": "RequireAndVerifyClientCert"}
    web = {"tls_server_config": tls, "basic_auth_users": {"ann": HASHED}}
    (tmp_path / "server.yaml").write_text(yaml.safe_dump(web))
    mount = Mount(tmp_path / "mount", {"p.yaml": "global: {}\n"})
    url = f"https://127.0.0.1:{free_port()}"
    (tmp_path / "password").write_text("wrong\n")
    flags = [f"--config-file={mount.folder}/p.yaml", f"--reload-url={url}/-/reload", "--retry-interval=100ms"]
    flags += [f"--reload-ca-file={pairs}/ca.crt", f"--reload-cert-file={pairs}/client.crt"]
    flags += [f"--reload-key-file={pairs}/client.key", "--reload-username=ann"]
    flags += [f"--reload-password-file={tmp_path}/password", "--listen-address=127.0.0.1:0"]
    listen = f"--web.listen-address={url.removeprefix('https://')}"
    command = [str(tool("prometheus")), f"--config.file={mount.folder}/p.yaml", f"--storage.tsdb.path={tmp_path}/data"]
    command += [listen, f"--web.config.file={tmp_path}/server.yaml", "--web.enable-lifecycle"]
    with (
        server(*command, ready="", log=tmp_path / "server.log"),
        daemon("config-reloader", *flags, log=tmp_path / "log") as reloader,
    ):
        eventually(lambda: "401 Unauthorized" in reloader.log, "the refusal")
        (tmp_path / "password").write_text(f"{PASSWORD}\n")
        eventually(lambda: reloader.page("/readyz").status_code == 200, "the first reload")


def test_a_server_signed_by_somebody_else_is_not_asked(tmp_path: Path, pairs: Path) -> None:
    import ssl

    from tests.reloaders.faulty_server import faulty_server

    certificates.make(tmp_path / "others")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "others" / "server.crt", tmp_path / "others" / "server.key")
    (tmp_path / "p.yaml").write_text("a: 1\n")
    (tmp_path / "token").write_text("s3cr3t-token")
    with faulty_server(context=context) as told:
        flags = [f"--config-file={tmp_path}/p.yaml", f"--reload-url={told.url}", "--retry-interval=100ms"]
        flags += [f"--reload-bearer-token-file={tmp_path}/token"]
        with daemon("config-reloader", *flags, f"--reload-ca-file={pairs}/ca.crt", log=tmp_path / "log") as reloader:
            eventually(lambda: "certificate verify failed" in reloader.log, "the reason")
            assert not told.requests
        with daemon("config-reloader", *flags, log=tmp_path / "log") as reloader:  # unverified, as the Go reloader
            request = eventually(lambda: told.requests, "the request")[0]
            assert request.headers["Authorization"] == "Bearer s3cr3t-token"
            assert "s3cr3t" not in reloader.log
