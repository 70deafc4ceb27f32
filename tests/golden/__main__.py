"""`python -m tests.golden [CASE…]` writes the expected files of golden cases anew; `make golden` calls it."""

from __future__ import annotations

import sys

from tests.golden.cases import all_cases, rewrite

if __name__ == "__main__":
    for case in all_cases():
        if case.name in sys.argv[1:] or not sys.argv[1:]:
            rewrite(case)
            print(f"wrote tests/golden/{case.name}/expected")  # noqa: T201 - a command
