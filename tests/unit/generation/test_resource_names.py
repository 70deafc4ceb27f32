"""Names of volumes made of the names of Secrets and ConfigMaps."""

from __future__ import annotations

import pytest

from render.findings import Rejection
from render.generation.resource_names import LONGEST_LABEL, label, unique_label


def test_a_label_is_lower_case_with_hyphens_for_all_else_and_has_at_most_63_characters() -> None:
    assert label("secret", "My.Cert", "spec") == "secret-my-cert"
    assert label("secret", "a" * 99, "spec") == "secret-" + "a" * (LONGEST_LABEL - len("secret-"))


def test_a_unique_label_tells_names_apart_that_would_be_the_same() -> None:
    dotted, hyphened = unique_label("tls", "my.cert", "spec"), unique_label("tls", "my-cert", "spec")
    assert dotted != hyphened
    assert dotted.rpartition("-")[0] == hyphened.rpartition("-")[0] == "tls-my-cert"


def test_a_long_name_leaves_room_for_its_hash() -> None:
    assert len(unique_label("tls", "a" * 99, "spec")) == LONGEST_LABEL


def test_nothing_of_a_name_is_refused() -> None:
    with pytest.raises(Rejection):
        label("", "...", "spec.secrets[0]")
