#!/usr/bin/env python3
"""Render examples/quickstart, show what came out, and let the real promtool check it; `make demo` calls this.

Exit status: 0 when the rendering and every check went well, 1 otherwise.
"""

from __future__ import annotations

import base64
import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PROMRENDER = Path(sys.executable).parent / "promrender"
PROMTOOL = ROOT / ".tools" / "bin" / "promtool"
LINES_SHOWN = 32


def step(title: str) -> None:
    """Announce what comes next."""
    print(f"\n== {title}", flush=True)


def unpack(manifests: Path, into: Path) -> list[Path]:
    """Write every entry of the rendered Secrets and ConfigMaps as a plain file; gives the files."""
    files = []
    for manifest in sorted(manifests.rglob("*.yaml")):
        rendered = yaml.safe_load(manifest.read_text())
        for key, value in (rendered.get("data") or {}).items():
            raw = base64.b64decode(value) if rendered["kind"] == "Secret" else value.encode()
            file = into / rendered["metadata"]["name"] / key.removesuffix(".gz")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(gzip.decompress(raw) if key.endswith(".gz") else raw)
            files.append(file)
    return files


def check(promtool: Path, file: Path) -> bool:
    """Let promtool check a configuration or a rule file; other files have nothing to check."""
    if file.name == "prometheus.yaml":
        command = [promtool, "check", "config", "--syntax-only", file]
    elif "rulefiles" in file.parent.name:
        command = [promtool, "check", "rules", file]
    else:
        return True
    return subprocess.run([str(part) for part in command], check=False).returncode == 0


def main() -> int:
    """Render, show, check."""
    with tempfile.TemporaryDirectory() as scratch:
        manifests, plain = Path(scratch) / "manifests", Path(scratch) / "plain"
        command = ["promrender", "render", "examples/quickstart", "--output-dir", str(manifests)]
        step(" ".join(command))
        if subprocess.run([PROMRENDER, *command[1:]], cwd=ROOT, check=False).returncode:
            return 1
        for manifest in sorted(manifests.rglob("*.yaml")):
            print(f"   {manifest.relative_to(manifests)}")
        files = unpack(manifests, plain)
        config = next(file for file in files if file.name == "prometheus.yaml")
        step(f"prometheus.yaml, its first {LINES_SHOWN} lines")
        print("\n".join(config.read_text().splitlines()[:LINES_SHOWN]))
        step("what the real promtool says")
        install = [sys.executable, str(ROOT / "scripts" / "install_tools.py"), "promtool"]
        if subprocess.run(install, check=False).returncode:
            return 1
        verdicts = [check(PROMTOOL, file) for file in files]
        return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
