"""What `--secrets reference` makes: placeholders, Roles, the reloader's arguments; and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reloaders import placeholders as reloader
from render.options import Options
from render.output import goyaml
from render.selection.placeholders import literal, placeholder, reads
from tests.rendered import entries
from tests.running import arguments, manifest, one, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from render.pipeline import Result

REFERENCE = Options(secrets="reference", prometheus_config_reloader="example.com/config-reloader:v1")
LOGIN = {"username": {"name": "login", "key": "user"}, "password": {"name": "login", "key": "word"}}


def made(folder: Path, *more: dict[str, Any], options: Options = REFERENCE) -> Result:
    target = {"url": "http://far/write", "basicAuth": LOGIN}
    server = manifest("Prometheus", {"remoteWrite": [target], "serviceMonitorSelector": {}})
    return rendered(folder, [server, *more], options)


def secret(**values: str) -> dict[str, Any]:
    metadata = {"name": "login", "namespace": "monitoring"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": values}


def test_values_are_references_and_roles_allow_just_them(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="somebody", word="very secret"))
    text = entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]
    assert "password_file: /etc/prometheus/certs/0_monitoring_login_word\n" in text
    assert one(result, "Role")["rules"] == [
        {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["login"], "verbs": ["get", "watch"]}
    ]
    assert one(result, "RoleBinding")["subjects"][0]["name"] == "default"
    assert result.findings == []


def test_an_empty_value_stays_empty(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="somebody", word=""))
    assert 'password: ""' in entries(one(result, "Secret", "prometheus-main"))["prometheus.yaml"]


def test_a_secret_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    assert [(str(found.severity), found.code) for found in made(tmp_path).findings] == [
        ("warning", "secret-not-in-source")
    ]


def test_a_key_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert [found.code for found in made(tmp_path, secret(user="somebody")).findings] == ["reference-missing"]


def test_inline_makes_no_roles(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="somebody", word="very secret"), options=Options())
    assert {"Role", "RoleBinding"}.isdisjoint(item["kind"] for item in result.objects)


def test_the_operators_reloader_is_warned_of(tmp_path: Path) -> None:
    result = made(tmp_path, secret(user="a", word="b"), options=Options(secrets="reference"))
    assert [found.code for found in result.findings] == ["reloader-cannot-resolve"]


@pytest.mark.parametrize("kind", ["Prometheus", "Alertmanager", "ThanosRuler"])
def test_reloaders_are_told_to_resolve(tmp_path: Path, kind: str) -> None:
    spec = {"queryEndpoints": ["http://query"]} if kind == "ThanosRuler" else {}
    result = rendered(tmp_path, [manifest(kind, spec)], REFERENCE)
    pod = one(result, "StatefulSet")["spec"]["template"]["spec"]
    folder = {"Prometheus": "prometheus", "Alertmanager": "alertmanager", "ThanosRuler": "thanos"}[kind]
    wanted = {"--resolve-secrets", f"--tls-assets-dir=/etc/{folder}/certs"}
    reloaders = [each for each in pod["containers"] + pod["initContainers"] if "config-reloader" in each["name"]]
    assert [wanted <= set(each["args"]) for each in reloaders] == [True, True]
    assert {"name": "tls-assets", "emptyDir": {"medium": "Memory"}} in pod["volumes"]
    assert pod["automountServiceAccountToken"] is True


def test_inline_reloaders_resolve_nothing(tmp_path: Path) -> None:
    assert "--resolve-secrets" not in arguments(tmp_path, "Prometheus", {}, "config-reloader")


@pytest.mark.parametrize(
    "text",
    ["$(secret:a/b/c)", "x $(configmap:", "^a$$(b|c)$", "$$$(secret:a/b/c)", "$(POD_NAME)", "$(secrets", "$$", "$(x y"],
)
def test_the_reloader_gives_other_texts_back(text: str) -> None:
    written = goyaml.dumps({"a": literal(text)})
    resolved, _ = reloader.resolve(written.encode(), {}, lambda _reference: b"wrong")
    assert resolved.decode() == goyaml.dumps({"a": text})


def test_the_reloader_reads_what_is_written() -> None:
    made = placeholder("Secret", "web", "login", "config.yaml", "/0/a b/with~1slash")
    written = goyaml.dumps({"a": made})
    resolved, _ = reloader.resolve(written.encode(), {}, lambda _reference: b'- {"a b": {"with/slash": found}}')
    assert resolved == b'a: "found"\n'
    assert reads(written, "/certs") == {("Secret", "web", "login")}


def test_files_are_read_too() -> None:
    text = "ca_file: /certs/1_web_tree_ca.crt\nkey_file: /other/0_web_key_tls.key\n"
    assert reads(text, "/certs") == {("ConfigMap", "web", "tree")}
