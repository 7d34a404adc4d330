"""Made data for tests and the smoke run: topics with their own invented words, and a teacher that knows them."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .bags import Floats, normalize
from .sources import Source

_SYLLABLES = ("ka", "lo", "mi", "ne", "pu", "ra", "si", "to", "ve", "zu")
_HANGUL = "가나다라마바사아자차카타파하"
SMOKE_SOURCES = (
    Source("made_en", "english", 400, "CC0-1.0", "made"),
    Source("made_ko", "korean", 200, "CC0-1.0", "made"),
    Source("made_pairs", "parallel", 200, "CC0-1.0", "made"),
)
_TOPICS = 12
_WORDS = 8


def _word(topic: int, number: int, korean: bool) -> str:
    letters = _HANGUL if korean else _SYLLABLES
    return "".join(letters[(topic * 5 + number * 3 + place * 7 + topic * number) % len(letters)] for place in range(3)) + (
        "" if korean else _SYLLABLES[topic % 10][0]
    )


def _sentence(topic: int, korean: bool, chance: random.Random) -> str:
    words = [_word(topic, chance.randrange(_WORDS), korean) for _ in range(7)]
    return " ".join(words) + "."


def write_made_data(folder: Path, seed: int) -> None:
    """Writes `made_en`, `made_ko` and `made_pairs` as the real training files are written."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for source in SMOKE_SOURCES:
        rows: list[dict[str, str]] = []
        for number in range(source.rows):
            topic = number % _TOPICS
            korean = source.kind == "korean"
            if source.kind == "parallel":
                rows.append({"en": _sentence(topic, False, chance), "ko": _sentence(topic, True, chance)})
            else:
                body = " ".join(_sentence(topic, korean, chance) for _ in range(8))
                rows.append({"q": _sentence(topic, korean, chance)[:24], "d": body})
        with gzip.open(folder / f"{source.file}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class MadeTeacher:
    """A teacher without weights: a text's vector is the mean of vectors that its words' topics have."""

    def __init__(self, name: str, dims: int = 24) -> None:
        self.name = name
        self.dims = dims
        self._topics = {
            _word(topic, number, korean): topic
            for topic in range(_TOPICS)
            for number in range(_WORDS)
            for korean in (False, True)
        }

    def _vector(self, word: str) -> Floats:
        key = f"{self.name} {self._topics.get(word.strip('.'), word)}"
        seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "little")
        return np.random.default_rng(seed).standard_normal(self.dims).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Returns unit vectors [n, dims]."""
        return normalize(np.stack([np.mean([self._vector(word) for word in text.split() or [""]], axis=0) for text in texts]))
