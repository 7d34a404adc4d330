"""Training rows: short texts (titles, questions, sentences) with the passages they belong to."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .sources import Source

_ENGLISH_END = re.compile(r"(?<=[.!?])\s+")
_KOREAN_END = re.compile(r"(?<=[.!?다요])\s+")
_SENTENCE_WORDS = {"english": range(6, 37), "korean": range(4, 26)}
_PASSAGE_WORDS = {"english": (40, 88), "korean": (25, 60)}
_SENTENCE_SHARE = 0.6
_TITLE_LENGTH = 120


@dataclass(frozen=True)
class Row:
    """A query-like text and its passage; `parallel` when one translates the other."""

    source: str
    query: str
    passage: str
    parallel: bool = False


def find_rows(folders: Sequence[Path], file: str) -> Path | None:
    """Returns `file`.jsonl.gz of the first folder that has it, or None."""
    paths = (folder / f"{file}.jsonl.gz" for folder in folders)
    return next((path for path in paths if path.exists()), None)


def read_rows(folders: Sequence[Path], file: str) -> list[dict[str, Any]]:
    """Reads `file`.jsonl.gz from the first folder that has it."""
    path = find_rows(folders, file)
    if path is None:
        raise FileNotFoundError(f"{file}.jsonl.gz is in none of {[str(folder) for folder in folders]}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def cut_body(words: Sequence[str], limits: tuple[int, int], chance: random.Random) -> str:
    """Takes a run of words of random length, from the beginning or from where a sentence begins."""
    size = chance.randint(*limits)
    start = 0
    if len(words) >= size * 1.5 and chance.random() < 0.5:
        start = chance.randrange(max(1, len(words) - size))
        ends = (place for place in range(max(1, start), min(start + 25, len(words) - 15)) if words[place - 1][-1] in ".!?")
        start = next(ends, start)
    return " ".join(words[start : start + size])


def make_row(source: Source, raw: dict[str, Any], chance: random.Random) -> Row | None:
    """Makes one row: the title asks for the passage, or one of its own sentences does.

    Half of the sentences that ask are taken out of the passage, so that not
    only the same words connect the two. Returns None for a text too short.
    """
    words = raw["d"].split()
    if len(words) < 3:
        return None
    korean = source.kind == "korean"
    language = "korean" if korean else "english"
    body = cut_body(words, _PASSAGE_WORDS[language], chance)
    sentences = (_KOREAN_END if korean else _ENGLISH_END).split(body)
    askable = [sentence for sentence in sentences if len(sentence.split()) in _SENTENCE_WORDS[language]]
    query, passage, titled = raw["q"].strip()[:200], body, 0.3
    if len(askable) >= 2 and chance.random() < _SENTENCE_SHARE:
        query, titled = chance.choice(askable), 0.5
        if len(askable) >= 3 and chance.random() < 0.5:
            passage = body.replace(query, " ").strip()
    if source.titled and chance.random() < titled:
        passage = f"{raw['q'].strip()[:_TITLE_LENGTH]}. {passage}"
    return Row(source.file, query, passage) if len(query) >= 2 and len(passage) >= 8 else None


def make_gloss_row(source: Source, raw: dict[str, Any], chance: random.Random) -> Row:
    """Makes one row of a dictionary: the word, or an example of its use, asks for the meaning."""
    examples = raw.get("ex") or []
    examples = [examples] if isinstance(examples, str) else examples
    passage = f"{raw['q']}: {raw['d']}" if chance.random() < 0.5 else raw["d"]
    query = examples[0] if examples and chance.random() < 0.5 else raw["q"]
    return Row(source.file, query, passage)


def make_parallel_row(source: Source, raw: dict[str, Any]) -> Row | None:
    """Makes one row of a pair of translations: the Korean asks for the English."""
    if len(raw["en"]) < 3 or len(raw["ko"]) < 2:
        return None
    return Row(source.file, " ".join(raw["ko"].split()[:60]), " ".join(raw["en"].split()[:80]), parallel=True)


def _is_english_command(raw: dict[str, Any]) -> bool:
    return raw.get("lang", "en") == "en" and raw["d"].isascii()


def make_corpus(folders: Sequence[Path], sources: Sequence[Source], seed: int) -> list[Row]:
    """Makes all rows of all sources, in random order."""
    chance = random.Random(seed)
    out: list[Row] = []
    for source in sources:
        raws = read_rows(folders, source.file)
        chance.shuffle(raws)
        taken = 0
        for raw in raws:
            if taken == source.rows:
                break
            if source.file == "tldr_pages" and not _is_english_command(raw):
                continue
            if source.kind == "parallel":
                row = make_parallel_row(source, raw)
            elif source.kind == "gloss":
                row = make_gloss_row(source, raw, chance)
            else:
                row = make_row(source, raw, chance)
            if row:
                out.append(row)
                taken += 1
    chance.shuffle(out)
    return out


def write_corpus(path: Path, rows: Sequence[Row]) -> None:
    """Writes one JSON object a line."""
    path.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read_corpus(path: Path) -> list[Row]:
    """Reads what `write_corpus` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Row(**json.loads(line)) for line in lines]
