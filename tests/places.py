"""Where the tests find things: the checkout, the real tools, the conformance cases beside the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools" / "bin"
CONFORMANCE = ROOT.parent / "shared" / "conformance"
