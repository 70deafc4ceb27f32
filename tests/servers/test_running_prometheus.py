"""A running Prometheus loads what we render of the whole kube-prometheus stack, and shows every job and rule group.

What a pod would have is put into a folder: the rule files that the ConfigMaps hold, the service account's files, and
the variables that the config-reloader sidecar fills in. The one change to the configuration itself is an `api_server`
for the Kubernetes discovery, since outside of a cluster the server does not start without; nobody listens there.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import render
from render.options import Options
from tests.rendered import entries
from tests.servers.prometheus_server import ask, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

VARIABLES = {"POD_NAME": "prometheus-k8s-0", "SHARD": "0"}
NOBODY = "http://127.0.0.1:1"
POOL_SECONDS = 60.0  # the server makes its pools some seconds after the start, when discovery first answers


class Stack:
    """The rendered stack laid out on disk, and the server that runs on it."""

    def __init__(self, config: dict[str, Any], groups: set[str], url: str) -> None:
        self.config = config
        self.groups = groups
        self.url = url


def certificate() -> str:
    """A CA certificate in PEM, as a service account's `ca.crt` would be."""
    key: EllipticCurvePrivateKey = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster")])
    start = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def with_api_server(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Give every Kubernetes discovery an address to ask."""
    if isinstance(value, dict):
        discoveries = value.get("kubernetes_sd_configs") or []
        for discovery in discoveries:
            discovery.setdefault("api_server", NOBODY)
        return {key: with_api_server(item) for key, item in value.items()}
    return [with_api_server(item) for item in value] if isinstance(value, list) else value


def lay_out(objects: list[dict[str, Any]], pod: Path) -> tuple[dict[str, Any], set[str]]:
    """Write what the pod would see below a folder; gives the configuration and the names of all rule groups."""
    by_name = {(o["kind"], o["metadata"]["name"]): o for o in objects}
    account = pod / "var/run/secrets/kubernetes.io/serviceaccount"
    account.mkdir(parents=True)
    (account / "ca.crt").write_text(certificate())
    (account / "token").write_text("a token of nobody")
    groups: set[str] = set()
    for (kind, name), rendered in by_name.items():
        if kind == "ConfigMap" and name.startswith("prometheus-k8s-rulefiles-"):
            folder = pod / "etc/prometheus/rules" / name
            folder.mkdir(parents=True)
            for file, text in entries(rendered).items():
                (folder / file).write_text(text)
                groups |= {group["name"] for group in yaml.load(text, yaml.CSafeLoader)["groups"]}
    text = entries(by_name["Secret", "prometheus-k8s"])["prometheus.yaml"]
    text = re.sub(r"\$\((\w+)\)", lambda variable: VARIABLES.get(variable[1], variable[0]), text)
    text = re.sub(r"/(etc/prometheus|var/run/secrets)/", rf"{pod}/\1/", text)
    config = with_api_server(yaml.load(text, yaml.CSafeLoader))
    (pod / "prometheus.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    return config, groups


@pytest.fixture(scope="module")
def stack(conformance: Path, tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    program = tool("prometheus")
    pod = tmp_path_factory.mktemp("pod")
    source = conformance / "live" / "kube-prometheus" / "stack" / "input.yaml"
    result = render.render(render.load([str(source)]), Options())
    config, groups = lay_out(result.objects, pod)
    with running(program, pod / "prometheus.yaml", pod / "data") as url:
        yield Stack(config, groups, url)


@pytest.mark.xdist_group("running-prometheus")
def test_every_job_is_in_the_loaded_configuration(stack: Stack) -> None:
    loaded = yaml.load(ask(stack.url, "status/config")["yaml"], yaml.CSafeLoader)
    rendered = [scrape["job_name"] for scrape in stack.config["scrape_configs"]]
    assert [scrape["job_name"] for scrape in loaded["scrape_configs"]] == rendered
    assert rendered


@pytest.mark.xdist_group("running-prometheus")
def test_every_job_has_a_scrape_pool(stack: Stack) -> None:
    jobs = sorted(scrape["job_name"] for scrape in stack.config["scrape_configs"])
    ends = time.monotonic() + POOL_SECONDS
    pools: list[str] = []
    while pools != jobs and time.monotonic() < ends:
        time.sleep(0.2)
        pools = sorted(ask(stack.url, "scrape_pools")["scrapePools"])
    assert pools == jobs


@pytest.mark.xdist_group("running-prometheus")
def test_every_rule_group_is_loaded_and_healthy(stack: Stack) -> None:
    groups = ask(stack.url, "rules")["groups"]
    assert {group["name"] for group in groups} == stack.groups
    assert stack.groups
    assert all(rule["health"] != "err" for group in groups for rule in group["rules"])
