"""Features of vocabulary entries that a teacher gives: alone, as input, and in context."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from .bags import Floats
from .teachers import Teacher, TokenMeans, batches_by_length

# A token's mean in context counts as much as this many sightings of no information.
_SHRINKAGE = 8.0


@torch.inference_mode()
def states_alone(teacher: Teacher, texts: Sequence[str], longest: int = 24) -> Floats:
    """Returns the mean last state [n, hidden] of each text's own tokens, read after the query prefix."""
    prefix = len(teacher.tokenize([teacher.query_prefix.strip()], longest)[0]) - 1 if teacher.query_prefix else 1
    ids = teacher.tokenize([teacher.query_prefix + text for text in texts], longest)
    lengths = np.array([len(row) for row in ids])
    out = np.zeros((len(ids), teacher.model.hidden), np.float32)
    for rows in batches_by_length(lengths):
        batch = torch.zeros(len(rows), int(lengths[rows].max()), dtype=torch.long)
        for place, row in enumerate(rows):
            batch[place, : lengths[row]] = torch.tensor(ids[row])
        states = teacher.model(batch, torch.from_numpy(lengths[rows])).split(lengths[rows].tolist())
        for row, state in zip(rows, states, strict=True):
            own = state[prefix:-1] if len(state) > prefix + 1 else state[-1:]
            out[row] = own.mean(dim=0).numpy()
    return out


def _pieces(teacher: Teacher, texts: Sequence[str]) -> list[list[int]]:
    return [row[1:-1] or row[-1:] for row in teacher.tokenize(texts, 24)]


def input_rows(teacher: Teacher, texts: Sequence[str]) -> Floats:
    """Returns the mean input embedding [n, hidden] of each text's pieces."""
    words = teacher.model.words.numpy()
    return np.stack([words[row].mean(axis=0) for row in _pieces(teacher, texts)]).astype(np.float32)


def means_in_context(teacher: Teacher, means: TokenMeans, texts: Sequence[str]) -> Floats:
    """Returns the mean last state [n, hidden] of each text's pieces over all that was taught; rare ones shrink."""
    counts = means.counts.numpy()
    seen = counts > 0
    overall = means.sums.numpy()[seen].sum(axis=0) / max(counts.sum(), 1)
    rows = (means.sums.numpy() - counts[:, None] * overall) / (counts + _SHRINKAGE)[:, None]
    return np.stack([rows[pieces].mean(axis=0) for pieces in _pieces(teacher, texts)]).astype(np.float32)
