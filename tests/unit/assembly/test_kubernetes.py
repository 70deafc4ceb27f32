"""Generated objects: metadata, gzip and the shards of large Secrets."""

from __future__ import annotations

import base64
import gzip

from render.api.metadata import ObjectMeta
from render.assembly import kubernetes
from render.findings import ObjectKey
from render.options import Options

KEY = ObjectKey("Prometheus", "monitoring", "main")
OWNER = kubernetes.Owner(KEY, "monitoring.coreos.com/v1", ObjectMeta(name="main", namespace="monitoring"))


def test_labels_of_the_user_go_below_those_of_the_operator() -> None:
    options = Options(labels={"team": "a", "managed-by": "me"}, annotations={"note": "x"})
    metadata = kubernetes.metadata("s", OWNER, options, {"prometheus-name": "main"})
    assert metadata["labels"] == {
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "managed-by": "prometheus-operator",
        "prometheus-name": "main",
        "team": "a",
    }
    assert metadata["annotations"] == {"note": "x"}
    assert "ownerReferences" not in metadata


def test_an_owner_with_a_uid_is_referred_to() -> None:
    owner = kubernetes.Owner(
        KEY, "monitoring.coreos.com/v1", ObjectMeta(name="main", namespace="monitoring", uid="u-1")
    )
    (reference,) = kubernetes.metadata("s", owner, Options())["ownerReferences"]
    assert (reference["kind"], reference["name"], reference["uid"]) == ("Prometheus", "main", "u-1")


def test_gzip_is_read_back_and_holds_no_time() -> None:
    packed = kubernetes.gzip([b"text " * 500, b"text " * 500])
    assert gzip.decompress(packed) == b"text " * 1000
    assert packed[4:8] == bytes(4)
    assert packed == kubernetes.gzip([b"text " * 500, b"text " * 500])


def test_secret_values_are_base64_in_key_order() -> None:
    made = kubernetes.secret("s", OWNER, Options(), {"b": b"\x00", "a": b"x"})
    assert list(made["data"]) == ["a", "b"]
    assert base64.b64decode(made["data"]["b"]) == b"\x00"


def test_no_data_still_makes_one_shard() -> None:
    assert kubernetes.shards({}) == [{}]


def test_an_entry_that_overflows_opens_the_next_shard_and_earlier_ones_stay() -> None:
    almost = kubernetes.SHARD_LIMIT - 3
    parts = kubernetes.shards({"one": bytes(almost), "two": bytes(almost), "six": b"1234"})
    assert [sorted(part) for part in parts] == [["one"], ["six"], ["two"]]


def test_an_entry_above_the_limit_leaves_shard_0_empty() -> None:
    assert [sorted(part) for part in kubernetes.shards({"key": bytes(kubernetes.SHARD_LIMIT)})] == [[], ["key"]]
