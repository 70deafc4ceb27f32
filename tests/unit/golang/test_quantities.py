"""Quantities as floating-point numbers (digits times a power of ten), and in their canonical form."""

from __future__ import annotations

import pytest

from render.golang.quantities import QuantityError, approximate_float, canonical


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (3, 3.0),
        ("250m", 0.25),
        ("0.5", 0.5),
        ("0.3", 0.30000000000000004),
        ("-1.5", -1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1k", 1000.0),
        ("2Ki", 2048.0),
        ("1.5Gi", 1610612736.0),
        ("1e3", 1000.0),
        ("1E-2", 0.01),
        ("1E", 1e18),
        ("5n", 5e-9),
        ("0.1n", 1e-9),
        ("0", 0.0),
    ],
)
def test_value(text: int | str, value: float) -> None:
    assert approximate_float(text) == pytest.approx(value, rel=0, abs=0)


@pytest.mark.parametrize("text", ["", ".", "m", "1x", "1 Gi", "1e", "1Kii", "--1"])
def test_no_quantity(text: str) -> None:
    with pytest.raises(QuantityError):
        approximate_float(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", "500m"),
        ("1000m", "1"),
        (2, "2"),
        ("1000", "1k"),
        ("1.5Gi", "1536Mi"),
        ("1024Mi", "1Gi"),
        ("1023Mi", "1023Mi"),
        ("0.1Ki", "102400m"),
        ("0.5Ki", "512"),
        ("1e3", "1e3"),
        ("10e3", "10e3"),
        ("-0.5", "-500m"),
        ("0", "0"),
        ("0Gi", "0"),
        ("0.1n", "1n"),
    ],
)
def test_canonical_form(text: int | str, expected: str) -> None:
    assert canonical(text) == expected
