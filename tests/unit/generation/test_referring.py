"""Files in the places of placeholders: only where the server knows them and reads the same from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.generation import file_fields, referring
from render.output import goyaml
from render.selection.placeholders import placeholder
from render.versions import parse

if TYPE_CHECKING:
    from render.selection.placeholders import Placeholder

SERVER = referring.server(file_fields.PROMETHEUS, parse("3.0.0"), "/certs")


def secret(
    key: str = "key", known: str | None = None, *, name: str = "name", pointer: str | None = None
) -> Placeholder:
    made = placeholder("Secret", "ns", name, key, pointer)
    made.known = known
    return made


def password(value: object) -> dict[str, Any]:
    return {"basic_auth": {"password": value, "username": "me"}}


def test_a_file_takes_the_place_of_a_placeholder() -> None:
    made = SERVER.value(password(secret()))
    assert list(made["basic_auth"].items()) == [("password_file", "/certs/0_ns_name_key"), ("username", "me")]


@pytest.mark.parametrize("known", ["", " a", "a\n", "\x85a", "a\u3000", " "])
def test_what_a_server_would_trim_stays_a_placeholder(known: str) -> None:
    assert known == "" or "password" in SERVER.value(password(secret(known=known)))["basic_auth"]
    assert "password_file" in SERVER.value(password(secret(known=f"a{known}b")))["basic_auth"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(secret(pointer="/0/a"), id="of a configuration"),
        pytest.param(secret(name="Not_a_name"), id="no name of a file of the reloader's"),
        pytest.param(secret(key="k" * 240), id="too long for a file"),
    ],
)
def test_what_has_no_file_stays_a_placeholder(value: Placeholder) -> None:
    assert SERVER.value(password(value)) == password(value)


def test_a_file_that_is_named_beside_it_stays() -> None:
    both = {"authorization": {"credentials": secret(), "credentials_file": "/mine"}}
    assert SERVER.value(both) == both


def test_an_old_server_gets_placeholders() -> None:
    old = referring.server(file_fields.PROMETHEUS, parse("2.48.1"), "/certs")
    made = old.value({"basic_auth": {"username": secret("user"), "password": secret("word")}})
    assert list(made["basic_auth"]) == ["username", "password_file"]


def test_entries_of_lists_are_fields_of_the_lists_key() -> None:
    jobs = [{"bearer_token": secret(), "scaleway_sd_configs": [{"secret_key": secret()}, {"access_key": "$(secret:"}]}]
    assert SERVER.value({"scrape_configs": jobs})["scrape_configs"] == [
        {
            "bearer_token_file": "/certs/0_ns_name_key",
            "scaleway_sd_configs": [{"secret_key_file": "/certs/0_ns_name_key"}, {"access_key": "$$(secret:"}],
        }
    ]
    assert SERVER.written_item(jobs[0], "scrape_configs").count("/certs/0_ns_name_key") == 2


def test_what_has_no_reference_is_written_as_it_is() -> None:
    job = {"a": "$(SHARD)", "b": [goyaml.Constant({"replacement": "$$1"}), goyaml.FlowList(["x"])], "c": 1}
    assert SERVER.written_item(job, "scrape_configs") == goyaml.written_item(job)
    assert SERVER.value(job) == job
    assert SERVER.value({"$$(a": goyaml.Constant({"b": "$$(c"})}) == {"$$$(a": {"b": "$$$(c"}}


GLOBAL = {"opsgenie_api_key": ("opsgenie_configs", "api_key"), "slack_api_url": ("slack_configs", "api_url")}


def alertmanager(settings: dict[str, Any], kind: str, entry: dict[str, Any]) -> dict[str, Any]:
    whole = {"global": settings, "receivers": [{"name": "a", kind: [entry]}]}
    made = referring.alertmanager(whole, parse("0.33.0"), "/certs").value(whole)
    return {**made["global"], **made["receivers"][0][kind][0]}


@pytest.mark.parametrize("key", GLOBAL)
def test_receivers_and_global_settings_are_files_together(key: str) -> None:
    """Alertmanager 0.33 sends with the value of the global settings where a receiver has a file."""
    kind, own = GLOBAL[key]
    assert set(alertmanager({key: secret()}, kind, {own: secret()})) == {f"{key}_file", f"{own}_file"}
    assert set(alertmanager({}, kind, {own: secret()})) == {f"{own}_file"}
    for inline in (secret(pointer="/global/x"), secret(known="a\n"), "text"):
        assert set(alertmanager({key: inline}, kind, {own: secret()})) == {key, own}
        assert set(alertmanager({key: secret()}, kind, {own: inline})) == {key, own}


@pytest.mark.parametrize("setting", ["slack_app_token", "slack_app_token_file"])
def test_a_token_of_a_slack_app_does_not_take_the_place_of_a_url(setting: str) -> None:
    assert set(alertmanager({setting: "x"}, "slack_configs", {"api_url": secret()})) == {setting, "api_url"}
    made = alertmanager({}, "slack_configs", {"api_url": secret(), "update_message": True})
    assert set(made) == {"api_url", "update_message"}


def test_what_does_not_meet_in_alertmanager_may_differ() -> None:
    made = alertmanager({"smtp_auth_password": "x"}, "email_configs", {"auth_password": secret()})
    assert set(made) == {"smtp_auth_password", "auth_password_file"}
