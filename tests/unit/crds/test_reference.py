"""The field reference: what is checked in is fresh, links lead somewhere, tables say what the models say."""

from __future__ import annotations

import re

from render.crds.reference import pages
from tests.places import ROOT

FOLDER = ROOT / "docs" / "reference"
PAGES = pages()


def test_the_pages_checked_in_are_fresh() -> None:
    """When this fails: `make generated`, and read the diff."""
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == PAGES


def test_every_link_leads_to_a_heading() -> None:
    headings = {
        name: {line[3:].lower() for line in text.splitlines() if line.startswith("## ")} for name, text in PAGES.items()
    }
    for name, text in PAGES.items():
        for file, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)]*)\)", text)):
            assert (file or name) in PAGES
            assert not anchor or anchor in headings[file or name], f"{name}: {file}#{anchor}"


def test_a_row_has_type_default_and_whether_the_field_is_needed() -> None:
    rows = PAGES["prometheus.md"].splitlines()
    assert "| `blockSize` | duration | Time that a block spans; changed for tests only. Default: 2h. |" in rows
    assert any(
        row.startswith("| **`alertmanagers`** | list of [AlertmanagerEndpoints](#alertmanagerendpoints) |")
        for row in rows
    )
    assert any(row.startswith("| `maxConcurrency` | integer (at least 1) |") for row in rows)


def test_rules_over_several_fields_stand_below_their_table() -> None:
    assert "- externalId can only be used when roleArn is specified" in PAGES["shared.md"]
