"""The same model as folders that Sentence Transformers and Model2Vec load.

Both hold `model.safetensors` in float32 and `tokenizer.json`. They pool by the
mean over tokens without special ones, as we do, so embeddings are equal.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from .bags import Floats


def _write_common(folder: Path, tensors: dict[str, Floats], tokenizer_file: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(value) for name, value in tensors.items()}, folder / "model.safetensors")
    shutil.copyfile(tokenizer_file, folder / "tokenizer.json")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def export_sentence_transformers(folder: Path, table: Floats, tokenizer_file: Path) -> None:
    """Writes a Sentence Transformers folder: a `StaticEmbedding` module, then `Normalize`."""
    module = folder / "0_StaticEmbedding"
    _write_common(module, {"embedding.weight": table}, tokenizer_file)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    types = ("StaticEmbedding", "Normalize")
    _write_json(
        folder / "modules.json",
        [
            {
                "idx": number,
                "name": str(number),
                "path": f"{number}_{name}",
                "type": f"sentence_transformers.models.{name}",
            }
            for number, name in enumerate(types)
        ],
    )
    _write_json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine", "prompts": {}})


def export_model2vec(folder: Path, table: Floats, tokenizer_file: Path, name: str) -> None:
    """Writes a Model2Vec folder."""
    _write_common(folder, {"embeddings": table}, tokenizer_file)
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": name,
        "hidden_dim": table.shape[1],
        "max_length": 1_000_000,
        "normalize": True,
    }
    _write_json(folder / "config.json", config)
