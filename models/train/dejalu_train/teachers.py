"""Teachers: transformers whose embeddings the static table learns to approach."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from .bags import Floats
from .bert import Bert, use_integers

Tokenize = Callable[[Sequence[str], int], list[list[int]]]
_TOKENS_A_BATCH = 4_096
_TEXTS_A_BATCH = 256


@dataclass
class TokenMeans:
    """Sums of last states by teacher token, whatever the text: what a token means in context on average."""

    sums: torch.Tensor
    counts: torch.Tensor

    @classmethod
    def empty(cls, vocabulary: int, hidden: int) -> TokenMeans:
        """Makes sums of nothing."""
        return cls(torch.zeros(vocabulary, hidden), torch.zeros(vocabulary))

    def add(self, ids: torch.Tensor, states: torch.Tensor) -> None:
        """Adds states [tokens, hidden] under their ids [tokens]."""
        self.sums.index_add_(0, ids, states)
        self.counts.index_add_(0, ids, torch.ones(len(ids)))


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
    means: TokenMeans = field(init=False)

    def __post_init__(self) -> None:
        self.means = TokenMeans.empty(len(self.model.words), self.model.hidden)

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], prefix: str, longest: int) -> tuple[NDArray[np.float16], int]:
        """Returns unit embeddings [n, hidden] and the number of tokens read; adds to `means`."""
        ids = self.tokenize([prefix + text for text in texts], longest)
        lengths = np.array([len(row) for row in ids])
        out = np.zeros((len(ids), self.model.hidden), np.float16)
        for rows in batches_by_length(lengths):
            batch = torch.zeros(len(rows), int(lengths[rows].max()), dtype=torch.long)
            for place, row in enumerate(rows):
                batch[place, : lengths[row]] = torch.tensor(ids[row])
            sizes = torch.from_numpy(lengths[rows])
            states = self.model(batch, sizes)
            flat = torch.cat([torch.tensor(ids[row]) for row in rows])
            self.means.add(flat, states)
            owner = torch.repeat_interleave(torch.arange(len(rows)), sizes)
            pooled = torch.zeros(len(rows), self.model.hidden).index_add_(0, owner, states) / sizes[:, None]
            out[rows] = F.normalize(pooled).numpy().astype(np.float16)
        return out, int(lengths.sum())


def batches_by_length(lengths: NDArray[np.integer]) -> list[NDArray[np.int64]]:
    """Groups texts of similar length so that no batch exceeds 4,096 padded tokens or 256 texts."""
    order = np.argsort(lengths, kind="stable")
    out = []
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and end - start < _TEXTS_A_BATCH:
            if (end - start + 1) * lengths[order[end]] > _TOKENS_A_BATCH:
                break
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

    quick = use_integers(model, integer_parts) if integer_parts else model
    return Teacher(name, licence, quick, tokenize, query_prefix, passage_prefix, reads_korean)
