"""Golden cases: inputs with all that `promrender render` makes of them, laid out so that a diff reads well.

A case is a folder of files only:

    input.yaml     manifests; instead of it, a file `source` may name a path from the project's root (an example)
    args           the command's flags, one to a line (may be absent)
    expected/
      findings.txt                   what the command says on standard error (absent when it says nothing)
      exit                           the exit status
      <namespace>.<kind>.<name>/     one folder for each object
        object.yaml                  the object, with an entry's content replaced by the name of its file
        <entry>                      the entry itself, decoded and gunzipped

`make golden` writes the expected folders anew; read the diff before you commit it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.places import ROOT
from tests.rendered import entries

HERE = Path(__file__).resolve().parent
PROMRENDER = Path(sys.executable).parent / "promrender"


@dataclass(frozen=True)
class Case:
    """One case: its folder below tests/golden, and the path it renders, relative to the project's root."""

    folder: Path
    source: str

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def flags(self) -> list[str]:
        """The command's flags."""
        file = self.folder / "args"
        return file.read_text().split() if file.exists() else []


def all_cases() -> list[Case]:
    """Every case, by name: the folders with an input.yaml, and those that name an example in a file `source`."""
    found = []
    for folder in sorted(path for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"):
        source = folder / "source"
        path = source.read_text().strip() if source.exists() else str((folder / "input.yaml").relative_to(ROOT))
        found.append(Case(folder, path))
    return found


def render(case: Case) -> dict[str, str]:
    """Run the command on a case; gives the text of every expected file by its path below `expected/`."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "out"
        command = [str(PROMRENDER), "render", case.source, "--output-dir", str(output), *case.flags]
        environment = os.environ | {"NO_COLOR": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        files = {"exit": f"{done.returncode}\n"}
        if done.stderr:
            files["findings.txt"] = done.stderr.replace(str(output), "OUT")
        for manifest in sorted(output.rglob("*.yaml")):
            for rendered in yaml.load_all(manifest.read_text(), yaml.CSafeLoader):
                files |= laid_out(rendered)
    return files


def laid_out(rendered: dict[str, Any]) -> dict[str, str]:
    """An object and its entries as files of their own."""
    about = rendered["metadata"]
    folder = f"{about.get('namespace', '')}.{rendered['kind'].lower()}.{about['name']}"
    contents = entries(rendered) if rendered["kind"] in ("Secret", "ConfigMap") else {}
    shown = dict(rendered)
    for place in ("data", "stringData", "binaryData"):
        if rendered.get(place):
            shown[place] = {key: f"<{key.removesuffix('.gz')}>" for key in rendered[place]}
    files = {f"{folder}/{name}": text for name, text in contents.items()}
    files[f"{folder}/object.yaml"] = yaml.safe_dump(shown, sort_keys=False, width=120)
    return files


def expected(case: Case) -> dict[str, str]:
    """The text of every file below a case's `expected/`, by its path."""
    folder = case.folder / "expected"
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def rewrite(case: Case) -> None:
    """Make a case's `expected/` what the command gives now."""
    folder = case.folder / "expected"
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in render(case).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
