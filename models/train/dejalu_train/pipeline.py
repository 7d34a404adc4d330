"""The real pipeline: the steps, what each reads and what it leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from . import refind, scifact
from .align import AlignSettings, Sides, align
from .artefact import WIDTHS, Description, read_artefact, write_artefact
from .bags import Floats, mean_vectors, normalize, tokenize
from .card import write_card
from .corpus import Row, find_rows, make_corpus, read_corpus, write_corpus
from .distil import Lessons, Settings, distil, fit_projection
from .e5_package import load_package_file
from .export import export_model2vec, export_sentence_transformers
from .features import entry_texts, join_blocks
from .haystack import read_haystack
from .solve import solve
from .sources import KOREAN, MORE, PARALLEL, SOURCES, Source
from .steps import Report, Step, run_steps
from .targets import Targets, is_korean, make_targets
from .teach import Classroom, read_taught, teach
from .teachers import Teacher, best_device, load_folder
from .token_features import input_rows, states_alone

SEED = 11
_QUERY_TOKENS, _PASSAGE_TOKENS = 64, 128
_TEACHERS = (
    {"name": "multilingual-e5-small", "licence": "MIT"},
    {"name": "all-MiniLM-L6-v2", "licence": "Apache-2.0"},
)


@dataclass(frozen=True)
class Inputs:
    """What the pipeline is given.

    `start` is a shipped model to go on from; where there is none, the closed
    form is the start. `share` is how much of the text is taught. Without
    teachers only the steps that ask none of them run, from `start` on. `more`
    is a folder of further pairs for the alignment, as `more_pairs.py` leaves it.
    """

    data: Path
    work: Path
    e5: Path | None
    minilm: Path | None
    tokenizer: Path
    start: Path
    settings: Settings
    share: float
    more: Path | None = None
    name: str = "dejalu-1"
    version: str = "0.4.0"


def load_teachers(inputs: Inputs, quick: bool) -> tuple[Teacher, Teacher]:
    """Loads (multilingual, English); `quick` runs their linear layers in 8 bits."""
    if inputs.e5 is None or inputs.minilm is None:
        raise ValueError("this step needs both teachers")
    parts = ("qkv", "attended", "expand") if quick else ()
    if inputs.e5.is_dir():
        first = load_folder(inputs.e5, "multilingual-e5-small", "MIT", "query: ", "passage: ", True, parts)
    else:
        first = load_package_file(inputs.e5, parts)
    every = ("qkv", "attended", "expand", "contract") if quick else ()
    second = load_folder(inputs.minilm, "all-MiniLM-L6-v2", "Apache-2.0", reads_korean=False, integer_parts=every)
    return first, second


def distil_from(table: Floats, lessons: Lessons, settings: Settings, report: Report) -> Floats:
    """Trains `table` on `lessons`, its projection to the targets fitted first."""
    sample = np.arange(0, len(lessons.answered), max(5, len(lessons.answered) // 50_000))
    vectors = normalize(mean_vectors(table, lessons.passages.take(sample)))
    projection = fit_projection(vectors, lessons.answered[sample].astype(np.float32))
    return distil(table, lessons, projection, settings, report)


class Pipeline:
    """The steps, bound to their inputs."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.work = inputs.work
        self._skips_teaching = inputs.e5 is None or inputs.minilm is None
        self._goes_on = inputs.start.exists()
        # Korean that was moved to its translations once and then taught is worse after a second move.
        self._aligns = self._skips_teaching or not self._goes_on
        self.tokenizer_file = self.work / "vocabulary" / "tokenizer.json"

    def _text_folders(self) -> list[Path]:
        more = [] if self.inputs.more is None else [self.inputs.more]
        return [self.inputs.data / "train-general", self.inputs.data / "train", *more]

    def _more_sources(self) -> tuple[Source, ...]:
        return () if self.inputs.more is None else MORE

    def _rows(self) -> list[Row]:
        return read_corpus(self.work / "corpus" / "rows.jsonl")

    def _entries(self) -> list[str]:
        entries = self._tokenizer().get_vocab()
        return sorted(entries, key=lambda entry: entries[entry])

    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.tokenizer_file))

    def corpus(self, folder: Path, report: Report) -> None:
        """Cuts the rows."""
        rows = make_corpus(self._text_folders(), SOURCES, SEED, self.inputs.share)
        write_corpus(folder / "rows.jsonl", rows)
        report(f"corpus: {len(rows)} rows")

    def vocabulary(self, folder: Path, report: Report) -> None:
        """Keeps the given tokenizer, so that tables of different training can be compared."""
        self.tokenizer_file.write_bytes(self.inputs.tokenizer.read_bytes())

    def features(self, folder: Path, report: Report) -> None:
        """Reads every vocabulary entry with both teachers."""
        first, second = load_teachers(self.inputs, quick=False)
        entries = self._entries()
        texts = entry_texts(entries)
        latin = [place for place, entry in enumerate(entries) if not is_korean(entry)]
        english = np.zeros((len(entries), second.model.hidden), np.float32)
        english[latin] = states_alone(second, [texts[place] for place in latin])
        blocks = [(states_alone(first, texts), True), (input_rows(first, texts), True), (english, False)]
        np.save(folder / "features.npy", join_blocks(entries, blocks))

    def teach(self, folder: Path, report: Report) -> None:
        """Embeds every row with both teachers, by far the longest step."""
        first, second = load_teachers(self.inputs, quick=True)

        def embed(teacher: Teacher, texts: list[str], are_queries: bool) -> Floats:
            prefix = teacher.query_prefix if are_queries else teacher.passage_prefix
            return teacher.encode(texts, prefix, _QUERY_TOKENS if are_queries else _PASSAGE_TOKENS)

        quick = {"shard_rows": 40_000, "side_by_side": 4} if best_device().type == "cuda" else {}
        room = Classroom(
            lambda texts, asked: embed(first, texts, asked), lambda texts, asked: embed(second, texts, asked), **quick
        )
        teach(folder, self._rows(), room, report)

    def _lessons(self) -> Lessons:
        rows = self._rows()
        goals: Targets = make_targets(*read_taught(self.work / "teach", rows), np.array([row.parallel for row in rows]))
        tokenizer = self._tokenizer()
        queries, passages = (
            tokenize(tokenizer, texts) for texts in ([row.query for row in rows], [row.passage for row in rows])
        )
        return Lessons(queries, passages, goals.queries, goals.passages)

    def solve(self, folder: Path, report: Report) -> None:
        """Solves for the closed form."""
        lessons = self._lessons()
        sides = [(lessons.queries, lessons.asked), (lessons.passages, lessons.answered)]
        solution = solve(np.load(self.work / "features" / "features.npy"), sides)
        report(f"solve: cosine to held-out targets {solution.held_out_cosine:.3f}")
        np.save(folder / "table.npy", solution.table)

    def distil(self, folder: Path, report: Report) -> None:
        """Trains from the shipped table, or from the closed form where there is none."""
        lessons = self._lessons()
        if self._goes_on:
            table = read_artefact(self.inputs.start)[1]
        else:
            table = np.load(self.work / "solve" / "table.npy")[:, : WIDTHS[-1]]
        settings = self.inputs.settings if self._goes_on else replace(self.inputs.settings, keep=0.0)
        np.save(folder / "table.npy", distil_from(table, lessons, settings, report))

    def _alignment_rows(self) -> tuple[list[Row], list[Row]]:
        every = tuple(replace(source, rows=10**9) for source in PARALLEL + self._more_sources())
        rows = make_corpus(self._text_folders(), KOREAN + every, SEED)
        return [row for row in rows if row.parallel], [row for row in rows if not row.parallel]

    def align(self, folder: Path, report: Report) -> None:
        """Moves the Korean rows to their translations, with every pair there is."""
        table = read_artefact(self.inputs.start)[1] if self._skips_teaching else np.load(self.work / "distil" / "table.npy")
        tokenizer = self._tokenizer()
        pairs, korean = (
            Sides(tokenize(tokenizer, [row.query for row in rows]), tokenize(tokenizer, [row.passage for row in rows]))
            for rows in self._alignment_rows()
        )
        report(f"align: {len(pairs.queries)} pairs, {len(korean.queries)} Korean rows")
        np.save(folder / "table.npy", align(table, self._entries(), pairs, korean, AlignSettings(), report))

    def _sources(self) -> tuple[Source, ...]:
        used = set()
        if self._goes_on:
            used |= {row["name"] for row in read_artefact(self.inputs.start)[0]["trainingData"]}
        used |= {source.file for source in (KOREAN + PARALLEL if self._skips_teaching else SOURCES)}
        if self._aligns:
            used |= {source.file for source in self._more_sources()}
        return tuple(source for source in SOURCES + MORE if source.file in used)

    def quantize(self, folder: Path, report: Report) -> None:
        """Writes the artefact and the two folders for other libraries."""
        description = Description(self.inputs.name, self.inputs.version, "MIT", _TEACHERS, self._sources())
        trained = np.load(self.work / ("align" if self._aligns else "distil") / "table.npy")
        shipped = folder / self.inputs.name
        write_artefact(shipped, trained, "int4", self.tokenizer_file, description)
        table = read_artefact(shipped)[1]
        export_sentence_transformers(folder / "sentence-transformers", table, self.tokenizer_file)
        export_model2vec(folder / "model2vec", table, self.tokenizer_file, self.inputs.name)

    def evaluate(self, folder: Path, report: Report) -> None:
        """Measures refind and SciFact on the artefact as written."""
        _, table, tokenizer = read_artefact(self.work / "quantize" / self.inputs.name)
        outcomes = refind.run(table, refind.tokenize_task(tokenizer, read_haystack(self.inputs.data)))
        judged = scifact.score(table, scifact.read_judged(self.inputs.data / "scifact", tokenizer))
        figures = {ranker: outcome.figures() for ranker, outcome in outcomes.items()}
        (folder / "figures.json").write_text(json.dumps({"refind": figures, "scifact": judged}, indent=2) + "\n")
        report(f"evaluate: {figures}, SciFact {judged:.3f}")

    def card(self, folder: Path, report: Report) -> None:
        """Writes the card from the artefact and the figures."""
        model, _, _ = read_artefact(self.work / "quantize" / self.inputs.name)
        figures = json.loads((self.work / "evaluate" / "figures.json").read_text(encoding="utf-8"))
        text = write_card(model, figures["refind"], figures["scifact"])
        (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")

    def all_steps(self) -> list[Step]:
        """Returns the steps in order, each with the settings that decide its outcome."""
        given = self.inputs
        folders = self._text_folders()
        texts = tuple(file for source in SOURCES if (file := find_rows(folders, source.file)) is not None)
        more = tuple(file for source in self._more_sources() if (file := find_rows(folders, source.file)) is not None)
        teachers = tuple(path for path in (given.e5, given.minilm) if path is not None)
        taught: dict[str, tuple[dict[str, Any], tuple[Path, ...]]] = {
            "corpus": ({"sources": [str(source) for source in SOURCES], "seed": SEED, "share": given.share}, texts),
            "features": ({}, teachers),
            "teach": ({"tokens": [_QUERY_TOKENS, _PASSAGE_TOKENS]}, teachers),
            "solve": ({}, ()),
            "distil": ({"settings": str(given.settings)}, (given.start,)),
        }
        always: dict[str, tuple[dict[str, Any], tuple[Path, ...]]] = {
            "align": ({"settings": str(AlignSettings()), "seed": SEED}, (*texts, *more, given.start)),
            "quantize": ({"name": given.name, "version": given.version}, ()),
            "evaluate": ({}, (given.data / "pages", given.data / "scifact", given.data / "train")),
            "card": ({}, ()),
        }
        vocabulary = {"vocabulary": ({}, (given.tokenizer,))}
        settings = vocabulary | ({} if self._skips_teaching else taught) | always
        left_out = {"features", "solve"} if self._goes_on else set()
        left_out |= set() if self._aligns else {"align"}
        return [
            Step(name, values, getattr(self, name), inputs)
            for name, (values, inputs) in settings.items()
            if name not in left_out
        ]


def run_pipeline(inputs: Inputs, last: str, report: Report) -> None:
    """Runs the steps up to `last`, or all of them."""
    steps = Pipeline(inputs).all_steps()
    run_steps(inputs.work, steps, steps[-1].name if last == "all" else last, report)
