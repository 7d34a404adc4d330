"""Features of vocabulary entries that a teacher gives: alone, and as input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from .bags import Floats
from .teachers import Teacher


@torch.inference_mode()
def states_alone(teacher: Teacher, texts: Sequence[str], longest: int = 24) -> Floats:
    """Returns the mean last state [n, hidden] of each text's own tokens, read after the query prefix."""
    prefix = len(teacher.tokenize([teacher.query_prefix.strip()], longest)[0]) - 1 if teacher.query_prefix else 1
    out = np.zeros((len(texts), teacher.model.hidden), np.float32)
    for rows, states, sizes in teacher.states(teacher.tokenize([teacher.query_prefix + text for text in texts], longest)):
        for row, state in zip(rows, states.cpu().split(sizes.tolist()), strict=True):
            own = state[prefix:-1] if len(state) > prefix + 1 else state[-1:]
            out[row] = own.mean(dim=0).numpy()
    return out


def input_rows(teacher: Teacher, texts: Sequence[str]) -> Floats:
    """Returns the mean input embedding [n, hidden] of each text's pieces."""
    words = teacher.model.words.cpu().numpy()
    pieces = [row[1:-1] or row[-1:] for row in teacher.tokenize(texts, 24)]
    return np.stack([words[row].mean(axis=0) for row in pieces]).astype(np.float32)
