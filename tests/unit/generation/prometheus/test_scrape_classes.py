"""Scrape classes: which is taken, what a monitor's own settings leave of it, and in which namespace it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from render.api.http_client import SafeAuthorization, TLSConfig
from render.findings import ObjectKey, Rejection
from render.generation.prometheus import scrape_classes
from tests.unit.generation.prometheus.workloads import NAMESPACE, secret, server

if TYPE_CHECKING:
    from render.generation.fields import Block

MONITOR = ObjectKey("ServiceMonitor", NAMESPACE, "web")
FILES = {"caFile": "/ca", "certFile": "/cert", "keyFile": "/key"}
FILE_KEYS = {"ca_file": "/ca", "cert_file": "/cert", "key_file": "/key"}


def _tls(of_class: dict[str, Any] | None, own: dict[str, Any] | None) -> Block | None:
    this = server(scrapeClasses=[{"name": "c", "tlsConfig": of_class} if of_class is not None else {"name": "c"}])
    block = None if own is None else msgspec.convert(own, TLSConfig)
    return scrape_classes.tls_config(block, scrape_classes.class_of("c", this), this, this.scope_of(MONITOR))


@pytest.mark.parametrize(
    ("of_class", "own", "out"),
    [
        (None, None, None),
        (None, {}, {}),
        (FILES, None, FILE_KEYS),
        (FILES, {"caFile": "/own"}, {"ca_file": "/own", "cert_file": "/cert", "key_file": "/key"}),
        (FILES | {"serverName": "x"}, {"serverName": "y"}, {"server_name": "y", **FILE_KEYS}),
        (
            {"caFile": "/ca"},
            {"ca": {"secret": secret()}},
            {"ca_file": f"/etc/prometheus/certs/0_{NAMESPACE}_found_token"},
        ),
        ({"ca": {"secret": secret()}}, None, {"ca_file": "/etc/prometheus/certs/0_observe_found_token"}),
        ({"ca": {"secret": secret()}}, {"serverName": "y"}, {"server_name": "y"}),
    ],
)  # fmt: skip
def test_tls(of_class: dict[str, Any] | None, own: dict[str, Any] | None, out: Block | None) -> None:
    assert _tls(of_class, own) == out


@pytest.mark.parametrize(
    ("own", "out"),
    [
        (None, {"type": "Bearer", "credentials_file": "/t"}),
        ({}, {"type": "Bearer", "credentials_file": "/t"}),
        ({"type": "Token"}, {"type": "Token", "credentials_file": "/t"}),
        ({"credentials": secret()}, {"type": "Bearer", "credentials": "t0k3n"}),
    ],
)
def test_authorization(own: dict[str, Any] | None, out: Block) -> None:
    this = server(scrapeClasses=[{"name": "c", "authorization": {"credentialsFile": "/t"}}])
    block = None if own is None else msgspec.convert(own, SafeAuthorization)
    found = scrape_classes.class_of("c", this)
    assert scrape_classes.authorization_of(block, found, this, this.scope_of(MONITOR)) == out


def test_the_default_class() -> None:
    this = server(scrapeClasses=[{"name": "a"}, {"name": "b", "default": True}])
    taken = [scrape_classes.class_of(name, this) for name in (None, "a", "")]
    assert [found.name if found else None for found in taken] == ["b", "a", "b"]
    assert scrape_classes.class_of(None, server(scrapeClasses=[{"name": "a"}])) is None


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(Rejection, match="'b' does not exist"):
        scrape_classes.check_name("b", server(scrapeClasses=[{"name": "a"}]))


@pytest.mark.parametrize(
    ("classes", "field"),
    [
        ([{"name": "a", "default": True}, {"name": "b", "default": True}], "spec.scrapeClasses[1].default"),
        ([{"name": "a", "relabelings": [{}]}], "spec.scrapeClasses[0].relabelings[0].targetLabel"),
        ([{"name": "a", "metricRelabelings": [{}]}], "spec.scrapeClasses[0].metricRelabelings[0].targetLabel"),
    ],
)
def test_classes_that_fail_the_workload_object(classes: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        scrape_classes.check(server(scrapeClasses=classes))
    assert refused.value.field == field


def test_missing_references_fail_it_too() -> None:
    this = server(scrapeClasses=[{"name": "a", "authorization": {"credentials": secret("none")}}])
    with pytest.raises(Rejection) as refused:
        scrape_classes.check(this)
    assert refused.value.field == "spec.scrapeClasses[0].authorization.credentials"
