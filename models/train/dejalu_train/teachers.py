"""Teachers: transformers whose embeddings the static table learns to approach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from .bags import ragged_places
from .bert import Bert, prepare

Tokenize = Callable[[Sequence[str], int], list[list[int]]]
# Padded tokens and texts of one batch: what two cores' caches, and what a GPU, work through best.
_BATCH = {"cpu": (4_096, 256), "cuda": (262_144, 16_384)}


def best_device() -> torch.device:
    """Returns the GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@dataclass
class Teacher:
    """A transformer with mean pooling.

    `tokenize` returns ids with special tokens, cut to a number of tokens.
    `reads_korean` is false for an English teacher, which then sees no Korean.
    """

    name: str
    licence: str
    model: Bert
    tokenize: Tokenize
    query_prefix: str = ""
    passage_prefix: str = ""
    reads_korean: bool = True

    def states(self, ids: Sequence[Sequence[int]]) -> Iterator[tuple[NDArray[np.int64], Tensor, Tensor]]:
        """Reads token ids in batches of similar length: rows, last states [tokens, hidden], tokens of each row."""
        device = self.model.device
        lengths = np.array([len(row) for row in ids])
        flat = np.fromiter(chain.from_iterable(ids), np.int64, int(lengths.sum()))
        starts = np.cumsum(lengths) - lengths
        for rows in batches_by_length(lengths, *_BATCH[device.type]):
            sizes = lengths[rows]
            batch = np.zeros((len(rows), int(sizes.max())), np.int64)
            batch[np.arange(batch.shape[1]) < sizes[:, None]] = flat[ragged_places(starts[rows], sizes)]
            on_device = torch.from_numpy(sizes).to(device)
            yield rows, self.model(torch.from_numpy(batch).to(device), on_device), on_device

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], prefix: str, longest: int) -> NDArray[np.float16]:
        """Returns unit embeddings [n, hidden] of texts cut to `longest` tokens."""
        out = np.zeros((len(texts), self.model.hidden), np.float16)
        for rows, states, sizes in self.states(self.tokenize([prefix + text for text in texts], longest)):
            owner = torch.repeat_interleave(torch.arange(len(rows), device=states.device), sizes)
            pooled = states.new_zeros(len(rows), self.model.hidden).index_add_(0, owner, states) / sizes[:, None]
            out[rows] = F.normalize(pooled).half().cpu().numpy()
        return out


def batches_by_length(lengths: NDArray[np.integer], most_tokens: int, most_texts: int) -> list[NDArray[np.int64]]:
    """Groups texts of similar length so that no batch exceeds its padded tokens or its texts."""
    order = np.argsort(lengths, kind="stable")
    out = []
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and end - start < most_texts and (end - start + 1) * lengths[order[end]] <= most_tokens:
            end += 1
        out.append(order[start:end])
        start = end
    return out


def load_folder(
    folder: Path,
    name: str,
    licence: str,
    query_prefix: str = "",
    passage_prefix: str = "",
    reads_korean: bool = True,
    integer_parts: Sequence[str] = (),
) -> Teacher:
    """Loads a local BERT folder as Sentence Transformers and transformers write it.

    Needs `config.json`, `model.safetensors` and `tokenizer.json`.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = {key.removeprefix("bert."): value for key, value in load_file(folder / "model.safetensors").items()}
    model = Bert(weights, config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def tokenize(texts: Sequence[str], longest: int) -> list[list[int]]:
        tokenizer.no_padding()
        tokenizer.enable_truncation(longest)
        return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]

    ready = prepare(model, best_device(), integer_parts)
    return Teacher(name, licence, ready, tokenize, query_prefix, passage_prefix, reads_korean)
