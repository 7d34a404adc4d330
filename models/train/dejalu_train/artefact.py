"""The shipped folder: `model.json`, the table and the tokenizer."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from .bags import Floats
from .rotation import ROUNDS, SEED, padded_size
from .sources import Source
from .table import Encoding, read_table, write_table

FORMAT = 1
WIDTHS = (64, 128, 256, 384)
TABLE_FILE = "table.safetensors"
TOKENIZER_FILE = "tokenizer.json"
MODEL_FILE = "model.json"


@dataclass(frozen=True)
class Description:
    """What `model.json` says besides what the files themselves say."""

    name: str
    version: str
    licence: str
    teachers: Sequence[dict[str, str]]
    sources: Sequence[Source]
    languages: Sequence[str] = ("en", "ko")


def sha256_of(path: Path) -> str:
    """Returns the hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _describe_file(path: Path) -> dict[str, Any]:
    return {"file": path.name, "sizeBytes": path.stat().st_size, "sha256": sha256_of(path)}


def write_artefact(
    folder: Path, table: Floats, encoding: Encoding, tokenizer_file: Path, description: Description
) -> dict[str, Any]:
    """Writes the folder for `table` [V, D] and returns what `model.json` holds.

    The unknown token gets the zero vector: what no piece covers says nothing,
    and other libraries leave it out.
    """
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    size, dims = table.shape
    if tokenizer.get_vocab_size() != size:
        raise ValueError(f"the tokenizer has {tokenizer.get_vocab_size()} entries, the table {size} rows")
    unknown = tokenizer.token_to_id("[UNK]")
    table = table.copy()
    table[unknown] = 0
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / TABLE_FILE, table, encoding)
    if tokenizer_file.resolve() != (folder / TOKENIZER_FILE).resolve():
        shutil.copyfile(tokenizer_file, folder / TOKENIZER_FILE)
    for file in (TABLE_FILE, TOKENIZER_FILE):
        (folder / file).chmod(0o644)
    model = {
        "format": FORMAT,
        "name": description.name,
        "version": description.version,
        "dims": dims,
        "vocabularySize": size,
        "table": {**_describe_file(folder / TABLE_FILE), "encoding": encoding},
        "tokenizer": _describe_file(folder / TOKENIZER_FILE),
        "code": {"bits": padded_size(dims), "rounds": ROUNDS, "seed": SEED},
        "widths": [width for width in WIDTHS if width <= dims],
        "unknownToken": unknown,
        "languages": list(description.languages),
        "licence": description.licence,
        "teachers": list(description.teachers),
        "trainingData": [
            {"name": source.file, "licence": source.licence, "source": source.origin} for source in description.sources
        ],
    }
    text = json.dumps(model, ensure_ascii=False, indent=2) + "\n"
    (folder / MODEL_FILE).write_text(text, encoding="utf-8")
    return model


def read_artefact(folder: Path) -> tuple[dict[str, Any], Floats, Tokenizer]:
    """Reads and checks a folder; returns `model.json`, the table [V, D] and the tokenizer.

    Raises ValueError that names the file and what is wrong with it.
    """
    model = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
    if model.get("format") != FORMAT:
        raise ValueError(f"{MODEL_FILE}: format is {model.get('format')!r}, this reader knows {FORMAT}")
    for part, file in (("table", TABLE_FILE), ("tokenizer", TOKENIZER_FILE)):
        described = model[part]
        path = folder / file
        if described["file"] != file:
            raise ValueError(f"{MODEL_FILE}: {part}.file is {described['file']!r}, it must be {file!r}")
        if path.stat().st_size != described["sizeBytes"]:
            raise ValueError(f"{file}: {path.stat().st_size} bytes, {MODEL_FILE} says {described['sizeBytes']}")
        if sha256_of(path) != described["sha256"]:
            raise ValueError(f"{file}: its SHA-256 is not the one in {MODEL_FILE}")
    table = read_table(folder / TABLE_FILE, model["table"]["encoding"])
    if table.shape != (model["vocabularySize"], model["dims"]):
        raise ValueError(f"{TABLE_FILE}: shape {table.shape}, {MODEL_FILE} says otherwise")
    return model, table, Tokenizer.from_file(str(folder / TOKENIZER_FILE))
