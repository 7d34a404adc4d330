"""Runs steps in order, each only when its inputs changed.

A step's key is the SHA-256 of its name, its own settings, the contents of the
files it reads from outside and the key of the step before it. A finished step leaves its key in `<work>/<step>/.done`, written
last, so that a killed step runs again and finds the parts it had finished.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Report = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """A step of the pipeline: `run` fills the folder it is given."""

    name: str
    settings: dict[str, Any]
    run: Callable[[Path, Report], None]
    # Files and folders from outside the work folder whose contents decide the outcome.
    inputs: tuple[Path, ...] = ()


def contents_of(path: Path) -> list[tuple[str, str]]:
    """Returns (name below `path`, SHA-256) of a file, or of every file in a folder; nothing where neither is.

    Where the input lies does not count, so that a moved folder is not a changed one.
    """
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    out = []
    for file in files:
        if file.is_file():
            with file.open("rb") as stream:
                name = file.relative_to(path).as_posix() if file != path else file.name
                out.append((name, hashlib.file_digest(stream, "sha256").hexdigest()))
    return out


def key_of(step: Step, before: str) -> str:
    """Returns the step's key, given that of the step before it."""
    contents = [contents_of(path) for path in step.inputs]
    text = json.dumps([step.name, step.settings, contents, before], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def run_steps(work: Path, steps: Sequence[Step], last: str, report: Report) -> list[str]:
    """Runs the steps up to and with `last`; returns the names of those that ran."""
    names = [step.name for step in steps]
    if last not in names:
        raise ValueError(f"there is no step {last!r}; the steps are {', '.join(names)}")
    ran = []
    key = ""
    for step in steps[: names.index(last) + 1]:
        key = key_of(step, key)
        folder = work / step.name
        done, begun = folder / ".done", folder / ".begun"
        if done.exists() and done.read_text() == key:
            report(f"{step.name}: as before")
            continue
        # Parts of a run with other inputs must not be taken for parts of this one.
        if folder.exists() and not (begun.exists() and begun.read_text() == key):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        begun.write_text(key)
        report(f"{step.name}: running")
        step.run(folder, report)
        done.write_text(key)
        ran.append(step.name)
    return ran
