"""Features of every vocabulary entry, from which the closed form makes its row.

Because a row is a linear map of features that every entry has, tokens that no
training text holds are taught along with the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .bags import Floats
from .targets import is_korean


def entry_texts(vocabulary: Sequence[str]) -> list[str]:
    """Returns each entry as text, without the mark of a continuing piece."""
    return [entry[2:] if entry.startswith("##") and len(entry) > 2 else entry for entry in vocabulary]


def _scaled(block: Floats, korean: np.ndarray) -> Floats:
    """Centres a block by language over the rows it has, and scales it to a mean length of 1."""
    out = np.zeros_like(block)
    there = np.abs(block).max(axis=1) > 0
    for language in (False, True):
        rows = there & (korean == language)
        if rows.any():
            out[rows] = block[rows] - block[rows].mean(axis=0)
    lengths = np.linalg.norm(out[there], axis=1)
    return out / max(float(lengths.mean()) if len(lengths) else 1.0, 1e-6)


def join_blocks(vocabulary: Sequence[str], blocks: Sequence[tuple[Floats, bool]]) -> Floats:
    """Puts blocks [V, h] side by side as [V, F], Korean entries in columns of their own.

    The flag of a block says whether it knows Korean.
    """
    korean = np.array([is_korean(entry) for entry in vocabulary])
    latin = [np.where(korean[:, None], 0, _scaled(block, korean)) for block, _ in blocks]
    hangul = [np.where(korean[:, None], _scaled(block, korean), 0) for block, knows in blocks if knows]
    there = np.concatenate([(np.abs(part).max(axis=1, keepdims=True) > 0) for part in latin], axis=1)
    return np.concatenate([*latin, *hangul, there.astype(np.float32)], axis=1).astype(np.float32)
