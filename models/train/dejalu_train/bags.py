"""Texts as ragged arrays of token ids, and the mean vectors of such bags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
_BATCH = 20_000
# Numbers gathered at once: 16 MB, small enough to stay near the processor.
_GATHERED = 4_000_000


@dataclass(frozen=True)
class Bags:
    """Token ids of n texts: text i has `tokens[offsets[i]:offsets[i + 1]]`."""

    tokens: NDArray[np.uint16]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> NDArray[np.uint16]:
        return self.tokens[self.offsets[index] : self.offsets[index + 1]]

    def take(self, rows: NDArray[np.integer]) -> Bags:
        """Returns the bags of `rows`, in that order."""
        sizes = self.lengths()[rows]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        return Bags(self.tokens[ragged_places(self.offsets[rows], sizes)], offsets)

    def lengths(self) -> NDArray[np.int64]:
        """Returns the number of tokens of each text."""
        return np.diff(self.offsets)


def ragged_places(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns starts[0], starts[0] + 1, … of `sizes[0]` places, then those of the next run, in one line."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))


def from_lists(lists: Sequence[Sequence[int] | NDArray[np.integer]]) -> Bags:
    """Makes bags from one list of ids a text."""
    offsets = np.zeros(len(lists) + 1, np.int64)
    offsets[1:] = np.cumsum([len(ids) for ids in lists])
    parts = [np.asarray(ids, np.uint16) for ids in lists if len(ids)]
    return Bags(np.concatenate(parts) if parts else np.zeros(0, np.uint16), offsets)


def tokenize(tokenizer: Tokenizer, texts: Iterable[str]) -> Bags:
    """Tokenizes without special tokens, padding or truncation."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    lists: list[list[int]] = []
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _BATCH:
            lists += [encoding.ids for encoding in tokenizer.encode_batch(batch, add_special_tokens=False)]
            batch = []
    lists += [encoding.ids for encoding in tokenizer.encode_batch(batch, add_special_tokens=False)]
    return from_lists(lists)


def mean_vectors(table: Floats, bags: Bags) -> Floats:
    """Returns the mean row [n, D] of each bag; a bag without tokens has the zero vector."""
    out = np.zeros((len(bags), table.shape[1]), np.float32)
    lengths = bags.lengths()
    filled = np.flatnonzero(lengths)
    # Summed in slices so that the gathered rows stay small.
    at_once = max(1, _GATHERED // (table.shape[1] * 64))
    for start in range(0, len(filled), at_once):
        rows = filled[start : start + at_once]
        first = bags.offsets[rows[0]]
        last = bags.offsets[rows[-1] + 1]
        gathered = table[bags.tokens[first:last]]
        out[rows] = np.add.reduceat(gathered, bags.offsets[rows] - first, axis=0)
    out[filled] /= lengths[filled, None]
    return out


def normalize(vectors: Floats) -> Floats:
    """Scales each row to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
