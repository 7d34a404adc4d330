"""SciFact: claims for which abstracts are judged (BEIR's test part)."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .bags import Bags, Floats, mean_vectors, normalize, tokenize


@dataclass(frozen=True)
class Judged:
    """Tokenized abstracts and claims, and the grades of abstracts by claim."""

    ids: list[str]
    abstracts: Bags
    claims: Bags
    grades: list[dict[str, int]]


def read_judged(folder: Path, tokenizer: Tokenizer) -> Judged:
    """Reads the BEIR files of `folder`."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    claims = {row["_id"]: row["text"] for row in map(json.loads, (folder / "queries.jsonl").read_text().splitlines())}
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        claim, document, grade = line.split("\t")
        grades.setdefault(claim, {})[document] = int(grade)
    texts = [f"{row.get('title') or ''} {row['text']}" for row in documents]
    return Judged(
        [row["_id"] for row in documents],
        tokenize(tokenizer, texts),
        tokenize(tokenizer, [claims[claim] for claim in grades]),
        list(grades.values()),
    )


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Returns the normalized discounted gain of a ranking's first `depth`."""
    gain = sum(grades.get(document, 0) / math.log2(place + 2) for place, document in enumerate(ranking[:depth]))
    ideal = sorted(grades.values(), reverse=True)[:depth]
    return gain / sum(grade / math.log2(place + 2) for place, grade in enumerate(ideal))


def score(table: Floats, judged: Judged) -> float:
    """Returns nDCG@10 of the mean vectors alone."""
    scores = normalize(mean_vectors(table, judged.claims)) @ normalize(mean_vectors(table, judged.abstracts)).T
    figures = [
        ndcg([judged.ids[place] for place in np.argsort(-row)[:10]], grades)
        for row, grades in zip(scores, judged.grades, strict=True)
    ]
    return float(np.mean(figures))
