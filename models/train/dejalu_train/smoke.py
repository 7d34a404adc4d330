"""The whole pipeline on made data: no torch, no teacher, no download, some seconds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .artefact import Description, read_artefact, write_artefact
from .bags import Floats, mean_vectors, normalize, tokenize
from .card import write_card
from .corpus import Row, make_corpus, read_corpus, write_corpus
from .export import export_model2vec, export_sentence_transformers
from .features import entry_texts, join_blocks
from .made_data import SMOKE_SOURCES, MadeTeacher, write_made_data
from .solve import solve
from .steps import Report, Step, run_steps
from .targets import make_targets
from .teach import Classroom, read_taught, teach
from .vocabulary import learn_pieces, make_tokenizer, merge_entries

_SEED = 7
_VOCABULARY = 800
_DIMS = 32
_LEAST_FOUND = 0.5


def found_share(table: Floats, tokenizer_file: Path, rows: list[Row]) -> float:
    """Returns how often a query's best passage of all is its own or one of the same words, by top-ten membership."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    queries = normalize(mean_vectors(table, tokenize(tokenizer, [row.query for row in rows])))
    passages = normalize(mean_vectors(table, tokenize(tokenizer, [row.passage for row in rows])))
    scores = queries @ passages.T
    ranks = (scores > np.diag(scores)[:, None]).sum(axis=1)
    return float((ranks < len(rows) / 10).mean())


def _steps(work: Path) -> list[Step]:
    tokenizer_file = work / "vocabulary" / "tokenizer.json"
    made = (MadeTeacher("multilingual"), MadeTeacher("english"))

    def rows() -> list[Row]:
        return read_corpus(work / "corpus" / "rows.jsonl")

    def corpus(folder: Path, report: Report) -> None:
        write_made_data(folder / "data", _SEED)
        write_corpus(folder / "rows.jsonl", make_corpus([folder / "data"], SMOKE_SOURCES, _SEED))

    def vocabulary(folder: Path, report: Report) -> None:
        pieces = learn_pieces((row.passage for row in rows()), _VOCABULARY, least=1)
        make_tokenizer(merge_entries([pieces], _VOCABULARY)).save(str(tokenizer_file))

    def features(folder: Path, report: Report) -> None:
        entries = _entries(tokenizer_file)
        blocks = [(teacher.embed(entry_texts(entries)), index == 0) for index, teacher in enumerate(made)]
        np.save(folder / "features.npy", join_blocks(entries, blocks))

    def teaching(folder: Path, report: Report) -> None:
        room = Classroom(lambda texts, _: made[0].embed(texts), lambda texts, _: made[1].embed(texts))
        teach(folder, rows(), room, report)

    def solving(folder: Path, report: Report) -> None:
        from tokenizers import Tokenizer

        taught = read_taught(work / "teach", rows())
        parallel = np.array([row.parallel for row in rows()])
        goals = make_targets(*taught, parallel, size=_DIMS)
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
        sides = [
            (tokenize(tokenizer, [row.query for row in rows()]), goals.queries),
            (tokenize(tokenizer, [row.passage for row in rows()]), goals.passages),
        ]
        solution = solve(np.load(work / "features" / "features.npy"), sides)
        report(f"solve: cosine to held-out targets {solution.held_out_cosine:.3f}")
        np.save(folder / "table.npy", solution.table)

    def quantizing(folder: Path, report: Report) -> None:
        description = Description("smoke", "0.0.0", "CC0-1.0", [{"name": "made", "licence": "CC0-1.0"}], SMOKE_SOURCES)
        table = np.load(work / "solve" / "table.npy")
        write_artefact(folder / "smoke", table, "int4", tokenizer_file, description)
        read = read_artefact(folder / "smoke")[1]
        export_sentence_transformers(folder / "sentence-transformers", read, tokenizer_file)
        export_model2vec(folder / "model2vec", read, tokenizer_file, "smoke")

    def evaluating(folder: Path, report: Report) -> None:
        _, table, _ = read_artefact(work / "quantize" / "smoke")
        found = found_share(table, tokenizer_file, rows()[:300])
        report(f"evaluate: own passage in the best tenth for {found:.2f} of the queries")
        if found < _LEAST_FOUND:
            raise SystemExit(f"the made model finds {found:.2f}; at least {_LEAST_FOUND} is expected")

    def carding(folder: Path, report: Report) -> None:
        model, _, _ = read_artefact(work / "quantize" / "smoke")
        (folder / "MODEL_CARD.md").write_text(write_card(model, {}, None), encoding="utf-8")

    runs: dict[str, Callable[[Path, Report], None]] = {
        "corpus": corpus,
        "vocabulary": vocabulary,
        "features": features,
        "teach": teaching,
        "solve": solving,
        "quantize": quantizing,
        "evaluate": evaluating,
        "card": carding,
    }
    return [Step(name, {"seed": _SEED, "dims": _DIMS}, run) for name, run in runs.items()]


def _entries(tokenizer_file: Path) -> list[str]:
    from tokenizers import Tokenizer

    entries = Tokenizer.from_file(str(tokenizer_file)).get_vocab()
    return sorted(entries, key=lambda entry: entries[entry])


def smoke(report: Report) -> None:
    """Runs every step that needs no torch, then again to see that nothing runs twice."""
    with tempfile.TemporaryDirectory() as name:
        steps = _steps(Path(name))
        ran = run_steps(Path(name), steps, steps[-1].name, report)
        again = run_steps(Path(name), steps, steps[-1].name, lambda _: None)
        if len(ran) != len(steps) or again:
            raise SystemExit(f"ran {ran}, then again {again}; every step must run exactly once")
    report("smoke: all steps passed")
