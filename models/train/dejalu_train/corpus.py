"""Training rows: short texts (titles, questions, sentences) with the passages they belong to."""

from __future__ import annotations

import gzip
import json
import math
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
_FAR_SHARE = 0.5
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


def cut_bodies(words: Sequence[str], limits: tuple[int, int], chance: random.Random) -> list[str]:
    """Cuts a body into runs of words of random length, at ends of sentences where one is near; nothing is left out."""
    out = []
    start = 0
    while start < len(words):
        end = start + chance.randint(*limits)
        near = (place for place in range(end, max(start + limits[0] // 2, end - 25), -1) if place <= len(words))
        end = next((place for place in near if words[place - 1][-1] in ".!?다요"), end)
        # A rest too short to be a passage goes with what is before it.
        end = len(words) if len(words) - end < limits[0] // 2 else end
        out.append(" ".join(words[start:end]))
        start = end
    return out


def _askable(source: Source, body: str) -> list[str]:
    korean = source.kind == "korean"
    words = _SENTENCE_WORDS["korean" if korean else "english"]
    sentences = (_KOREAN_END if korean else _ENGLISH_END).split(body)
    return [sentence for sentence in sentences if len(sentence.split()) in words]


def make_rows(source: Source, raw: dict[str, Any], chance: random.Random) -> list[Row]:
    """Makes the rows of one text: for each of its passages, the title asks or a sentence does.

    Half of the sentences that ask are taken out of the passage, so that not
    only the same words connect the two; and every second passage is also asked
    for by a sentence from elsewhere in the text, as a person remembers a page.
    Returns nothing for a text too short.
    """
    words = raw["d"].split()
    title = raw["q"].strip()[:200]
    if len(words) < 3 or len(title) < 2:
        return []
    bodies = cut_bodies(words, _PASSAGE_WORDS["korean" if source.kind == "korean" else "english"], chance)
    askable = [_askable(source, body) for body in bodies]
    out = []
    for place, body in enumerate(bodies):
        own = askable[place]
        query, passage, titled = title, body, 0.3
        if len(own) >= 2 and chance.random() < _SENTENCE_SHARE:
            query, titled = chance.choice(own), 0.5
            if len(own) >= 3 and chance.random() < 0.5:
                passage = body.replace(query, " ").strip()
        if source.titled and chance.random() < titled:
            passage = f"{title[:_TITLE_LENGTH]}. {passage}"
        out.append(Row(source.file, query, passage))
        others = [sentence for other, found in enumerate(askable) if other != place for sentence in found]
        if others and chance.random() < _FAR_SHARE:
            out.append(Row(source.file, chance.choice(others), passage))
    return [row for row in out if len(row.passage) >= 8]


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


def make_corpus(folders: Sequence[Path], sources: Sequence[Source], seed: int, share: float = 1.0) -> list[Row]:
    """Makes the rows of all sources, `share` of what each may give, in random order."""
    chance = random.Random(seed)
    out: list[Row] = []
    for source in sources:
        raws = read_rows(folders, source.file)
        chance.shuffle(raws)
        wanted = math.ceil(source.rows * share)
        made: list[Row] = []
        for raw in raws:
            if len(made) >= wanted:
                break
            if source.file == "tldr_pages" and not _is_english_command(raw):
                continue
            if source.kind == "parallel":
                row = make_parallel_row(source, raw)
                made += [row] if row else []
            elif source.kind == "gloss":
                made.append(make_gloss_row(source, raw, chance))
            else:
                made += make_rows(source, raw, chance)
        out += made[:wanted]
    chance.shuffle(out)
    return out


def write_corpus(path: Path, rows: Sequence[Row]) -> None:
    """Writes one JSON object a line."""
    path.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read_corpus(path: Path) -> list[Row]:
    """Reads what `write_corpus` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Row(**json.loads(line)) for line in lines]
