"""How the extension ranks: mean vectors, bit codes, late interaction over static tokens.

A reference for evaluation and training; the shipped code is the extension's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bags import Bags, Floats, mean_vectors, normalize
from .rotation import rotate

CANDIDATE_PAGES = 100
PAGE_WEIGHT = 0.5


@dataclass(frozen=True)
class Index:
    """An encoded haystack: unit passage vectors [n, D] in page order, and where each page starts."""

    table: Floats
    passages: Bags
    vectors: Floats
    starts: NDArray[np.int64]
    unit_rows: Floats
    row_lengths: Floats

    @property
    def page_count(self) -> int:
        """The number of pages."""
        return len(self.starts) - 1


def build_index(table: Floats, passages: Bags, owners: NDArray[np.integer]) -> Index:
    """Encodes passages; `owners` gives the page of each and must not decrease."""
    if (np.diff(owners) < 0).any():
        raise ValueError("passages must come in page order")
    starts = np.searchsorted(owners, np.arange(int(owners[-1]) + 2))
    lengths = np.linalg.norm(table, axis=1)
    vectors = normalize(mean_vectors(table, passages))
    return Index(table, passages, vectors, starts, normalize(table), lengths.astype(np.float32))


def page_scores(index: Index, passage_scores: Floats) -> Floats:
    """Returns each page's best passage score."""
    return np.maximum.reduceat(passage_scores, index.starts[:-1])


def standardize(scores: Floats) -> Floats:
    """Subtracts the mean and divides by the standard deviation."""
    return (scores - scores.mean()) / (scores.std() + 1e-9)


def late_interaction(index: Index, query: NDArray[np.integer], pages: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Scores `pages` for the tokens of one query: best passage and whole page, both [len(pages)].

    Each query token's best cosine among the tokens of a passage (or of the
    whole page), weighted by the query token's own row length, summed.
    """
    best = np.full(len(pages), -1.0, np.float32)
    whole = np.full(len(pages), -1.0, np.float32)
    spans = [(int(index.starts[page]), int(index.starts[page + 1])) for page in pages]
    offsets = index.passages.offsets
    tokens = np.concatenate([index.passages.tokens[offsets[a] : offsets[b]] for a, b in spans])
    if not len(query) or not len(tokens):
        return best, whole
    weights = index.row_lengths[query]
    weights = weights / weights.sum()
    distinct, inverse = np.unique(tokens, return_inverse=True)
    cosines = (index.unit_rows[query] @ index.unit_rows[distinct].T)[:, inverse]
    lengths = np.concatenate([np.diff(offsets[a : b + 1]) for a, b in spans])
    page_of = np.repeat(np.arange(len(pages)), [b - a for a, b in spans])
    filled = lengths > 0
    passage_starts = (np.cumsum(lengths) - lengths)[filled]
    per_passage = np.maximum.reduceat(cosines, passage_starts, axis=1)
    page_filled = page_of[filled]
    np.maximum.at(best, page_filled, weights @ per_passage)
    page_starts = np.flatnonzero(np.diff(page_filled, prepend=-1))
    whole[page_filled[page_starts]] = weights @ np.maximum.reduceat(per_passage, page_starts, axis=1)
    return best, whole


def rank_with_late_interaction(index: Index, dense: Floats, query: NDArray[np.integer]) -> Floats:
    """Re-ranks the best 100 pages of `dense` [pages]; every other page stays below them."""
    candidates = np.argsort(-dense, kind="stable")[:CANDIDATE_PAGES]
    best, whole = late_interaction(index, query, candidates)
    fused = np.full(len(dense), -1e9, np.float32)
    # Standardised over all pages for the dense part, over the candidates for the rest.
    fused[candidates] = standardize(dense)[candidates] + standardize(best) + PAGE_WEIGHT * standardize(whole)
    return fused


def hamming_scores(codes: Floats, query_code: Floats) -> Floats:
    """Returns the inner products of sign vectors, which order as Hamming distance does."""
    return codes @ query_code


def sign_vectors(vectors: Floats) -> Floats:
    """Returns the rotated signs, +1 or -1, of [n, D]."""
    return np.where(rotate(vectors) >= 0, 1.0, -1.0).astype(np.float32)
