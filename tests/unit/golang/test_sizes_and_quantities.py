"""Quantities of Kubernetes and sizes in bytes."""

from __future__ import annotations

import pytest

from render.golang.byte_sizes import parse_byte_size
from render.golang.quantities import QuantityError, approximate_float


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        (2, 2.0),
        ("1.5", 1.5),
        ("1.50", 1.5),
        ("1100m", 1.1),
        ("-0.5", -0.5),
        (".25", 0.25),
        ("3k", 3000.0),
        ("1Ki", 1024.0),
        ("1.5Ki", 1536.0),
        ("2e3", 2000.0),
        ("0.3", 3 * 0.1),
    ],
)
def test_a_quantity_is_digits_times_a_power(quantity: int | str, number: float) -> None:
    assert approximate_float(quantity) == number


@pytest.mark.parametrize("text", ["", "m", "1x", "1.2.3"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        approximate_float(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("512B", 512), ("1KB", 1024), ("1KiB", 1024), ("1.5MB", 1572864), ("2GiB", 2 << 30), ("many", 0)],
)
def test_sizes_count_in_powers_of_1024(text: str, size: int) -> None:
    assert parse_byte_size(text) == size
