"""What the table is taught: two teachers' embeddings, centred by language and joined.

A teacher's vectors share a large common part, and most of what is left of it
is the language. Subtracting the mean of each language (and of queries and
passages apart) makes a Korean question lie near an English page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bags import Floats, normalize

Mask = NDArray[np.bool_]
_RIDGE = 10.0
_SYLLABLE = re.compile("[가-힣]")


@dataclass(frozen=True)
class Taught:
    """Embeddings of n texts by both teachers, zero rows where a teacher did not read the text."""

    multilingual: NDArray[np.floating]
    english: NDArray[np.floating]
    korean: Mask


def is_korean(text: str) -> bool:
    """Says whether a text has a Hangul syllable."""
    return _SYLLABLE.search(text) is not None


def present(vectors: NDArray[np.floating]) -> Mask:
    """Says which rows are not zero."""
    return vectors.any(axis=1)


def centre(vectors: NDArray[np.floating], korean: Mask) -> Floats:
    """Subtracts each language's mean from its rows and scales them to length 1; zero rows stay zero."""
    out = np.zeros(vectors.shape, np.float32)
    there = present(vectors)
    for language in (False, True):
        rows = there & (korean == language)
        if rows.any():
            values = vectors[rows].astype(np.float32)
            out[rows] = normalize(values - values.mean(axis=0))
    return out


def fit_bridge(multilingual: Floats, english: Floats) -> Floats:
    """Fits a linear map [a, b] from one teacher's space to the other's, by ridge regression."""
    gram = multilingual.T @ multilingual + _RIDGE * np.eye(multilingual.shape[1], dtype=np.float32)
    return np.linalg.solve(gram, multilingual.T @ english).astype(np.float32)


def join(first: Floats, second: Floats, bridge: Floats) -> Floats:
    """Joins centred vectors side by side as unit rows; the bridge stands in where the second has none."""
    missing = ~present(second)
    filled = second.copy()
    filled[missing] = normalize(first[missing] @ bridge)
    joined = normalize(np.concatenate([first, filled], axis=1))
    joined[~present(first)] = 0
    return joined


@dataclass(frozen=True)
class Targets:
    """Unit target vectors [n, K] of queries and passages in principal order, best direction first."""

    queries: NDArray[np.float16]
    passages: NDArray[np.float16]


def make_targets(queries: Taught, passages: Taught, parallel: Mask, size: int = 512, own_share: float = 0.5) -> Targets:
    """Joins the teachers and rotates to the `size` strongest directions of the passages.

    In a `parallel` row the query is the Korean of an English passage: it is
    taught the passage's own target, mixed with `own_share` of what the
    multilingual teacher says of the Korean, where it was asked.
    """
    parts = [(centre(side.multilingual, side.korean), centre(side.english, side.korean)) for side in (queries, passages)]
    read = [present(first) & present(second) for first, second in parts]
    bridge = fit_bridge(
        np.concatenate([first[rows] for (first, _), rows in zip(parts, read, strict=True)]),
        np.concatenate([second[rows] for (_, second), rows in zip(parts, read, strict=True)]),
    )
    joined_queries, joined_passages = (join(first, second, bridge) for first, second in parts)
    mixed = normalize(joined_passages[parallel] + own_share * joined_queries[parallel])
    joined_queries[parallel] = mixed
    strength = (joined_passages.T @ joined_passages).astype(np.float64)
    directions = np.linalg.eigh(strength)[1][:, ::-1][:, :size].astype(np.float32)
    return Targets(*(normalize(side @ directions).astype(np.float16) for side in (joined_queries, joined_passages)))
