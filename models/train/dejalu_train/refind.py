"""The refind task: is the page found again, by kind of question."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from .bags import Bags, Floats, mean_vectors, normalize, tokenize
from .haystack import Haystack
from .ranking import Index, build_index, page_scores, rank_with_late_interaction


@dataclass(frozen=True)
class Task:
    """A tokenized haystack."""

    haystack: Haystack
    passages: Bags
    queries: Bags


@dataclass(frozen=True)
class Outcome:
    """The rank, from 0, of the wanted page of every query, under one ranker."""

    ranks: dict[str, list[int]]

    def figures(self, keep: Callable[[int], bool] = lambda _: True) -> dict[str, tuple[float, float, float]]:
        """Returns MRR, R@1, R@10 by kind, over the queries whose number in the kind passes `keep`."""
        out = {}
        for kind, ranks in self.ranks.items():
            kept = np.array([rank for number, rank in enumerate(ranks) if keep(number)])
            out[kind] = (float((1 / (1 + kept)).mean()), float((kept < 1).mean()), float((kept < 10).mean()))
        return out


def tokenize_task(tokenizer: Tokenizer, haystack: Haystack) -> Task:
    """Tokenizes the passages and the queries."""
    queries = tokenize(tokenizer, (query.text for query in haystack.queries))
    return Task(haystack, tokenize(tokenizer, haystack.passages), queries)


def is_development(page_id: str) -> bool:
    """Splits the pages in halves: models are chosen on this one and reported on both."""
    return hashlib.sha256(page_id.encode()).digest()[0] % 2 == 0


def rank_of(scores: Floats, wanted: int) -> int:
    """Returns the wanted page's rank from 0; ties count half against it."""
    above = int((scores > scores[wanted]).sum())
    return above + (int((scores == scores[wanted]).sum()) - 1) // 2


def run(table: Floats, task: Task, with_late_interaction: bool = True) -> dict[str, Outcome]:
    """Ranks every query with `table` [V, D], by mean vectors alone and with late interaction."""
    index: Index = build_index(table, task.passages, np.array(task.haystack.owners))
    vectors = normalize(mean_vectors(table, task.queries))
    position = {page: number for number, page in enumerate(task.haystack.page_ids)}
    kinds = dict.fromkeys(query.kind for query in task.haystack.queries)
    dense_ranks: dict[str, list[int]] = {kind: [] for kind in kinds}
    late_ranks: dict[str, list[int]] = {kind: [] for kind in kinds}
    for number, query in enumerate(task.haystack.queries):
        wanted = position[query.page]
        dense = page_scores(index, index.vectors @ vectors[number])
        dense_ranks[query.kind].append(rank_of(dense, wanted))
        if with_late_interaction:
            fused = rank_with_late_interaction(index, dense, task.queries[number])
            late_ranks[query.kind].append(rank_of(fused, wanted))
    out = {"dense": Outcome(dense_ranks)}
    return out | {"dense + late interaction": Outcome(late_ranks)} if with_late_interaction else out
