"""Learning: targets, the closed form, ranking, caching of steps, and distillation where torch is there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dejalu_train.bags import from_lists, mean_vectors, normalize
from dejalu_train.corpus import Row, cut_bodies, make_rows
from dejalu_train.ranking import build_index, late_interaction
from dejalu_train.solve import solve
from dejalu_train.sources import SOURCES, Source
from dejalu_train.steps import Step, run_steps
from dejalu_train.targets import Taught, centre, make_targets
from dejalu_train.teach import Classroom, read_taught, teach


def made_vectors(count: int, dims: int, seed: int = 0) -> np.ndarray:
    return normalize(np.random.default_rng(seed).standard_normal((count, dims)).astype(np.float32))


def test_centring_takes_the_language_out() -> None:
    korean = np.arange(40) % 2 == 0
    vectors = made_vectors(40, 8) + np.where(korean[:, None], 3.0, -3.0).astype(np.float32)
    centred = centre(vectors, korean)
    assert np.linalg.norm(centred[korean].mean(axis=0) - centred[~korean].mean(axis=0)) < 0.3


def test_targets_of_untaught_rows_are_zero() -> None:
    vectors = made_vectors(30, 8)
    vectors[4] = 0
    side = Taught(vectors, made_vectors(30, 8, 1), np.zeros(30, bool))
    goals = make_targets(side, side, np.zeros(30, bool), size=8)
    assert (goals.queries[4] == 0).all()
    assert np.allclose(np.linalg.norm(goals.passages[5:].astype(np.float32), axis=1), 1, atol=1e-3)


def test_teaching_goes_on_with_shards_of_another_size(tmp_path: Path) -> None:
    rows = [Row("made", f"query {place}", f"passage {place}") for place in range(20)]
    asked: list[str] = []

    def embed(texts: Sequence[str], _are_queries: bool) -> np.ndarray:
        asked.extend(texts)
        return np.array([[float(text.split()[1]) + 1, 1.0] for text in texts], np.float32)

    def stop_after_two(said: str) -> None:
        if said.startswith("teach 6/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        teach(tmp_path, rows, Classroom(embed, embed, shard_rows=3), stop_after_two)
    teach(tmp_path, rows, Classroom(embed, embed, shard_rows=8), lambda _: None)
    queries, passages = read_taught(tmp_path, rows)
    for side in (queries, passages):
        for vectors in (side.multilingual, side.english):
            assert (vectors[:, 0] == np.arange(20) + 1).all()
    asked.clear()
    teach(tmp_path, rows, Classroom(embed, embed, shard_rows=8), lambda _: None)
    assert asked == []


def test_closed_form_finds_a_linear_table() -> None:
    chance = np.random.default_rng(2)
    features = chance.standard_normal((60, 12)).astype(np.float32)
    bags = from_lists([chance.integers(0, 60, 9).tolist() for _ in range(800)])
    truth = features @ chance.standard_normal((12, 6)).astype(np.float32)
    goals = normalize(mean_vectors(truth, bags))
    assert solve(features, [(bags, goals)]).held_out_cosine > 0.97


def test_a_bag_without_tokens_has_the_zero_vector() -> None:
    assert (mean_vectors(np.ones((3, 4), np.float32), from_lists([[], [1, 2], []]))[[0, 2]] == 0).all()


def test_late_interaction_matches_the_plain_sum() -> None:
    table = np.random.default_rng(6).standard_normal((20, 8)).astype(np.float32)
    passages = from_lists([[1, 2, 3], [4, 5], [], [6, 7, 8, 9]])
    index = build_index(table, passages, np.array([0, 0, 1, 2]))
    best, whole = late_interaction(index, np.array([10, 2]), np.array([0, 1, 2]))
    unit = normalize(table)
    shares = np.linalg.norm(table[[10, 2]], axis=1)
    shares /= shares.sum()
    plain = [float(shares @ (unit[[10, 2]] @ unit[passages[row].astype(int)].T).max(axis=1)) for row in (0, 1, 3)]
    assert np.allclose(best, [max(plain[:2]), -1, plain[2]], atol=1e-5)
    together = float(shares @ (unit[[10, 2]] @ unit[[1, 2, 3, 4, 5]].T).max(axis=1))
    assert np.allclose(whole[0], together, atol=1e-5)


def test_rows_repeat_with_the_seed() -> None:
    source = Source("made", "english", 1, "CC0-1.0", "made")
    raw = {"q": "A title", "d": " ".join(f"Sentence {number} has some six words here." for number in range(40))}
    assert make_rows(source, raw, random.Random(1)) == make_rows(source, raw, random.Random(1))


def test_a_body_is_cut_whole_and_in_order() -> None:
    words = " ".join(f"Sentence {number} has some six words here." for number in range(60)).split()
    bodies = cut_bodies(words, (40, 88), random.Random(5))
    assert " ".join(bodies).split() == words
    assert all(20 <= len(body.split()) <= 108 for body in bodies)
    assert cut_bodies(["few", "words"], (40, 88), random.Random(5)) == ["few words"]


def test_a_passage_is_asked_for_from_elsewhere_in_its_text_too() -> None:
    source = Source("made", "english", 1, "CC0-1.0", "made")
    raw = {"q": "A title", "d": " ".join(f"Sentence number{number} has some six words here." for number in range(90))}
    rows = make_rows(source, raw, random.Random(3))
    assert any(row.query != "A title" and row.query not in row.passage for row in rows)
    assert len({row.passage for row in rows}) < len(rows)


def test_every_source_names_its_licence() -> None:
    assert all(source.licence and source.origin for source in SOURCES)
    assert len({source.file for source in SOURCES}) == len(SOURCES)


def test_steps_run_once_and_again_after_a_change(tmp_path: Path) -> None:
    def steps(setting: int) -> list[Step]:
        return [
            Step("one", {}, lambda folder, _: (folder / "x").write_text("1")),
            Step("two", {"setting": setting}, lambda folder, _: (folder / "x").write_text("2")),
        ]

    assert run_steps(tmp_path, steps(1), "two", lambda _: None) == ["one", "two"]
    assert run_steps(tmp_path, steps(1), "two", lambda _: None) == []
    assert run_steps(tmp_path, steps(2), "two", lambda _: None) == ["two"]


def test_a_step_runs_again_when_an_input_holds_something_else(tmp_path: Path) -> None:
    given = tmp_path / "given"
    (given / "inner").mkdir(parents=True)
    (given / "inner" / "file").write_text("1")
    single = tmp_path / "single"
    single.write_text("1")
    absent = tmp_path / "absent"

    def run() -> list[str]:
        steps = [
            Step("one", {}, lambda folder, _: None, (given,)),
            Step("two", {}, lambda folder, _: None, (single, absent)),
        ]
        return run_steps(tmp_path / "work", steps, "two", lambda _: None)

    assert run() == ["one", "two"]
    (given / "inner" / "file").touch()
    assert run() == []
    (given / "inner" / "file").write_text("2")
    assert run() == ["one", "two"]
    single.write_text("2")
    assert run() == ["two"]
    absent.write_text("3")
    assert run() == ["two"]
    (given / "inner" / "file").rename(given / "inner" / "other")
    assert run() == ["one", "two"]


def test_a_moved_input_is_not_a_changed_one(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("1")

    def run(name: str) -> list[str]:
        step = Step("one", {}, lambda folder, _: None, (tmp_path / name,))
        return run_steps(tmp_path / "work", [step], "one", lambda _: None)

    assert run("here") == ["one"]
    assert run("there") == []


def test_a_killed_step_finds_its_parts(tmp_path: Path) -> None:
    seen: list[bool] = []

    def dies(folder: Path, _: object) -> None:
        seen.append((folder / "part").exists())
        (folder / "part").write_text("")
        if len(seen) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_steps(tmp_path, [Step("one", {}, dies)], "one", lambda _: None)
    run_steps(tmp_path, [Step("one", {}, dies)], "one", lambda _: None)
    assert seen == [False, True]


def test_alignment_moves_korean_to_english_and_nothing_else() -> None:
    pytest.importorskip("torch")
    from dejalu_train.align import AlignSettings, Sides, align

    chance = np.random.default_rng(9)
    # Token 2i is English, 2i + 1 its Korean translation; at first they have nothing in common.
    entries = [f"word{place // 2}" if place % 2 == 0 else f"말{place // 2}" for place in range(40)]
    table = chance.standard_normal((40, 16)).astype(np.float32)
    words = [chance.integers(0, 20, 4) for _ in range(300)]
    pairs = Sides(from_lists([bag * 2 + 1 for bag in words]), from_lists([bag * 2 for bag in words]))
    nothing = Sides(from_lists([]), from_lists([]))

    def aligned(keep: float) -> np.ndarray:
        return align(table, entries, pairs, nothing, AlignSettings(steps=200, batch=64, keep=keep), lambda _: None)

    out = aligned(0.0)

    def cosine(rows: np.ndarray) -> float:
        return float((normalize(rows[0::2]) * normalize(rows[1::2])).sum(axis=1).mean())

    assert cosine(table) < 0.3 and cosine(out) > 0.8
    assert (out[0::2] == table[0::2]).all()
    assert np.allclose(aligned(0.25), 0.25 * table + 0.75 * out, atol=1e-5)


def test_late_scores_of_training_are_those_of_the_ranking() -> None:
    torch = pytest.importorskip("torch")
    from dejalu_train.distil import late_scores, pick_distinct

    table = np.random.default_rng(6).standard_normal((30, 8)).astype(np.float32)
    queries, passages = from_lists([[10, 2], [5]]), from_lists([[1, 2, 3, 3], [4, 5], [6, 7, 8, 9]])
    index = build_index(table, passages, np.arange(3))
    rows = np.arange(3)
    weight = torch.from_numpy(table)
    scores = late_scores(weight, pick_distinct(queries, rows[:2], 4), pick_distinct(passages, rows, 4)).numpy()
    for place, query in enumerate(([2, 10], [5])):
        assert np.allclose(scores[place], late_interaction(index, np.array(query), rows)[0], atol=1e-5)


def test_picked_texts_are_cut_thinned_and_never_empty() -> None:
    pytest.importorskip("torch")
    from dejalu_train.distil import pick

    bags = from_lists([[3, 4, 5, 6], [], [7]])
    ids, starts = (part.tolist() for part in pick(bags, np.array([2, 1, 0]), 3))
    assert (ids, starts) == ([7, 1, 3, 4, 5], [0, 1, 2])
    ids, starts = (part.tolist() for part in pick(bags, np.array([0, 2] * 50), 3, 0.9, np.random.default_rng(1)))
    bounds = [*starts, len(ids)]
    texts = [ids[first:last] for first, last in zip(bounds[:-1], bounds[1:], strict=True)]
    assert all(texts) and all(set(text) <= {3, 4, 5} for text in texts[0::2]) and all(text == [7] for text in texts[1::2])


def test_distillation_lowers_its_loss() -> None:
    pytest.importorskip("torch")
    from dejalu_train.distil import Lessons, Settings, distil, fit_projection

    chance = np.random.default_rng(8)
    truth = chance.standard_normal((80, 16)).astype(np.float32)
    sides = []
    for size in (5, 20):
        bags = from_lists([chance.integers(row % 8 * 10, row % 8 * 10 + 10, size).tolist() for row in range(200)])
        sides.append((bags, normalize(mean_vectors(truth, bags))))
    table = chance.standard_normal((80, 16)).astype(np.float32)
    lines: list[str] = []
    settings = Settings(widths=(8, 16), steps=150, batch=64, late_batch=16, rate=0.02, clusters=4)
    projection = fit_projection(normalize(mean_vectors(table, sides[1][0])), sides[1][1])
    lessons = Lessons(sides[0][0], sides[1][0], sides[0][1], sides[1][1])
    trained = distil(table, lessons, projection, settings, lines.append)
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in lines]
    assert trained.shape == table.shape
    assert losses[-1] < losses[0]
