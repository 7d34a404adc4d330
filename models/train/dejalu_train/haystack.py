"""The haystack of the refind task: read pages among many others, cut into passages.

The pages are the benchmark's; the others are sampled from the training bodies
with a fixed seed, so every run and every model meets the same haystack.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

PASSAGE_WORDS = 90
TITLE_CHARACTERS = 120
DISTRACTORS = 6_000
DISTRACTOR_FILES = (
    "en_digitalgov",
    "en_18f",
    "openstax_sections",
    "medquad_qa",
    "en_powershell",
    "en_cpp_docs",
    "arxiv_title_abstract",
    "scitldr_a",
    "ko_react",
    "ko_vs_docs",
)
_TITLE = re.compile(r"(?is)<title[^>]*>(.*?)</title>")


@dataclass(frozen=True)
class Query:
    """One question and the page it is for."""

    page: str
    kind: str
    text: str


@dataclass(frozen=True)
class Haystack:
    """Pages by id, their passages in page order, and the page (by position) of each passage."""

    page_ids: list[str]
    passages: list[str]
    owners: list[int]
    queries: list[Query]


def cut_passages(title: str, body: str) -> list[str]:
    """Cuts a body into runs of 90 words, each with the title in front."""
    words = body.split()
    return [
        f"{title[:TITLE_CHARACTERS]}. {' '.join(words[start : start + PASSAGE_WORDS])}"
        for start in range(0, max(1, len(words)), PASSAGE_WORDS)
    ]


def _read_lines(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _read_pages(folder: Path) -> dict[str, tuple[str, str]]:
    pages = {}
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for page_id, truth_row in truth.items():
        with gzip.open(folder / "html" / f"{page_id}.html.gz", "rt", errors="replace") as file:
            match = _TITLE.search(file.read(200_000))
        pages[page_id] = (html.unescape(match.group(1)).strip() if match else "", truth_row["articleBody"])
    return pages


def read_haystack(data: Path, distractors: int = DISTRACTORS) -> Haystack:
    """Reads `data/pages` and samples `distractors` other pages from `data/train`."""
    pages = _read_pages(data / "pages")
    # The order and the seed are those of the first experiments, so that figures compare.
    shuffler = random.Random(1)
    for name in DISTRACTOR_FILES:
        rows = _read_lines(data / "train" / f"{name}.jsonl.gz")
        shuffler.shuffle(rows)
        for index, row in enumerate(rows[: distractors // len(DISTRACTOR_FILES)]):
            pages[f"{name}-{index}"] = (row["q"], row["d"])
    passages: list[str] = []
    owners: list[int] = []
    for position, (title, body) in enumerate(pages.values()):
        cut = cut_passages(title, body)
        passages += cut
        owners += [position] * len(cut)
    queries = [Query(row["page"], row["kind"], row["query"]) for row in _read_lines(data / "pages" / "queries.jsonl")]
    return Haystack(list(pages), passages, owners, queries)
