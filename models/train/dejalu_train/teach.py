"""The teaching step: both teachers embed every row, in shards that survive a kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .bags import Floats
from .corpus import Row
from .targets import Taught, is_korean

Embed = Callable[[Sequence[str], bool], Floats]
"""Embeds texts; the flag says whether they are queries."""


@dataclass(frozen=True)
class Classroom:
    """The two teachers as functions; `english` sees no Korean text.

    `shard_rows` rows are taught between two files. `side_by_side` calls run at
    once, so that a processor cuts one text into tokens while a GPU reads another.
    """

    multilingual: Embed
    english: Embed
    shard_rows: int = 1_500
    side_by_side: int = 1


def _taught_rows(embed: Embed, texts: Sequence[str], are_queries: bool, wanted: Sequence[bool]) -> Floats | None:
    places: dict[str, list[int]] = {}
    for place, (text, flag) in enumerate(zip(texts, wanted, strict=True)):
        if flag:
            places.setdefault(text, []).append(place)
    if not places:
        return None
    vectors = embed(list(places), are_queries)
    out = np.zeros((len(texts), vectors.shape[1]), np.float16)
    out[np.concatenate([*places.values()])] = np.repeat(vectors, [len(rows) for rows in places.values()], axis=0)
    return out


def teach(folder: Path, rows: Sequence[Row], classroom: Classroom, report: Callable[[str], None]) -> None:
    """Writes one file a shard; a shard that is there already is left alone. A text said twice in it is read once."""
    begun = time.monotonic()
    taught = 0
    with ThreadPoolExecutor(classroom.side_by_side) as pool:
        for start in range(0, len(rows), classroom.shard_rows):
            shard = rows[start : start + classroom.shard_rows]
            # The number of rows too: a run on another device has shards of another size.
            path = folder / f"{start:08d}-{len(shard)}.npz"
            if path.exists():
                continue
            answers = {}
            for side, are_queries in (("queries", True), ("passages", False)):
                texts = [row.query if are_queries else row.passage for row in shard]
                # The Korean of a pair is taught by its English; one in three also by itself.
                asked = [not (are_queries and row.parallel) or place % 3 == 0 for place, row in enumerate(shard)]
                english = [not is_korean(text) for text in texts]
                for name, embed, wanted in (
                    ("multilingual", classroom.multilingual, asked),
                    ("english", classroom.english, english),
                ):
                    answers[f"{side}_{name}"] = pool.submit(_taught_rows, embed, texts, are_queries, wanted)
            vectors = {name: answer.result() for name, answer in answers.items()}
            part = path.with_suffix(".part.npz")
            np.savez(part, **{name: found for name, found in vectors.items() if found is not None})
            part.rename(path)
            taught += len(shard)
            left = (time.monotonic() - begun) / taught * (len(rows) - start - len(shard))
            report(f"teach {start + len(shard)}/{len(rows)}, about {left:.0f} s left")


def read_taught(folder: Path, rows: Sequence[Row]) -> tuple[Taught, Taught]:
    """Reads the shards as (queries, passages); rows not taught yet have zero vectors."""
    paths = [path for path in sorted(folder.glob("[0-9]*.npz")) if ".part" not in path.name]
    shards = [(int(path.stem.split("-")[0]), np.load(path)) for path in paths]
    sizes = {name: shard[name].shape[1] for _, shard in shards for name in shard.files}

    def gather(name: str) -> NDArray[np.float16]:
        out = np.zeros((len(rows), sizes[name]), np.float16)
        for start, shard in shards:
            if name in shard.files:
                part = shard[name]
                out[start : start + len(part)] = part
        return out

    def side(name: str, texts: Sequence[str]) -> Taught:
        korean = np.array([is_korean(text) for text in texts])
        return Taught(gather(f"{name}_multilingual"), gather(f"{name}_english"), korean)

    return side("queries", [row.query for row in rows]), side("passages", [row.passage for row in rows])
