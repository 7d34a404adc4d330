"""The closed form: one ridge regression from features of tokens to the taught vectors of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numpy.typing import NDArray

from .bags import Bags, Floats, mean_vectors, normalize

_SMOOTHING = 0.01


@dataclass(frozen=True)
class Solution:
    """A table [V, K] in the targets' principal order, and its mean cosine to held-out targets."""

    table: Floats
    held_out_cosine: float


def token_weights(sides: Sequence[Bags], vocabulary_size: int) -> Floats:
    """Returns a / (a + p) for each token's share p of all text (Arora, Liang and Ma 2017), a = .01."""
    counts = np.full(vocabulary_size, 0.5)
    for bags in sides:
        counts += np.bincount(bags.tokens, minlength=vocabulary_size)
    share = counts / counts.sum()
    return (_SMOOTHING / (_SMOOTHING + share)).astype(np.float32)


def solve(
    features: Floats, sides: Sequence[tuple[Bags, NDArray[np.floating]]], ridge: float = 1e-3, held_out_every: int = 10
) -> Solution:
    """Solves for the table; `sides` are texts with their targets [n, K], zero targets are left out.

    Each text counts as a unit vector, and each `held_out_every`-th is kept for the reported cosine.
    """
    weighted = features * token_weights([bags for bags, _ in sides], len(features))[:, None]
    gram = np.zeros((features.shape[1], features.shape[1]), np.float64)
    moment = np.zeros((features.shape[1], sides[0][1].shape[1]), np.float64)
    held: list[tuple[Floats, Floats]] = []
    for bags, targets in sides:
        taught = np.flatnonzero(np.abs(targets).max(axis=1) > 0)
        for start in range(0, len(taught), 8192):
            rows = taught[start : start + 8192]
            inputs = normalize(mean_vectors(weighted, bags.take(rows)))
            goals = targets[rows].astype(np.float32)
            kept = rows % held_out_every == 0
            held.append((inputs[kept], goals[kept]))
            inputs, goals = inputs[~kept], goals[~kept]
            gram += inputs.T @ inputs
            moment += inputs.T @ goals
    gram[np.diag_indices_from(gram)] += ridge * np.trace(gram) / len(gram)
    solution = np.linalg.solve(gram, moment).astype(np.float32)
    cosines = [(normalize(inputs @ solution) * goals).sum(axis=1) for inputs, goals in held]
    return Solution((weighted @ solution).astype(np.float32), float(np.concatenate(cosines).mean()))
