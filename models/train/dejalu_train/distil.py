"""Distillation: the table learns to order passages as the teachers do, at every width and in both rankers.

One objective joins, over a batch of (query, passage) pairs:
- the relation at each Matryoshka width (Kusupati and others 2022): the
  softmax of the student's cosines against the teachers';
- the same for late interaction over static tokens, and for both summed;
- a regression to the teachers' vectors and a little of the hard label.
Every second batch comes from one cluster, so that its negatives are hard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from .bags import Bags, Floats, ragged_places
from .teachers import best_device


@dataclass(frozen=True)
class Settings:
    """What the training depends on besides its data.

    `drop` is the share of tokens left out of a text each time it is met. `keep`
    is the share of the table it began with in what comes out: the mean of two
    tables of one descent does better than either on text unlike the lessons
    (model soups, Wortsman and others 2022).
    """

    widths: Sequence[int] = (64, 128, 256, 384)
    steps: int = 1_200
    batch: int = 640
    late_batch: int = 112
    rate: float = 0.002
    temperature: float = 0.04
    regression: float = 1.0
    hard: float = 0.1
    late: float = 0.5
    together: float = 0.5
    drop: float = 0.0
    keep: float = 0.0
    clusters: int = 120
    seed: int = 7


def cluster(vectors: NDArray[np.floating], count: int, seed: int, rounds: int = 6) -> list[NDArray[np.int64]]:
    """Returns the rows of each cluster, by spherical k-means."""
    device = best_device()
    rows = torch.from_numpy(vectors)
    picks = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))[:count]
    centres = rows[picks].float().to(device)
    labels = torch.zeros(0, dtype=torch.long)
    for _ in range(rounds):
        found = []
        sums = torch.zeros_like(centres)
        for part in rows.split(20_000):
            part = part.to(device).float()
            found.append((part @ centres.T).argmax(dim=1))
            sums.index_add_(0, found[-1], part)
        centres = F.normalize(torch.where(sums.abs().amax(dim=1, keepdim=True) > 0, sums, centres))
        labels = torch.cat(found).cpu()
    return [np.flatnonzero(labels.numpy() == number) for number in range(count)]


def pick(
    bags: Bags, rows: NDArray[np.integer], longest: int = 192, drop: float = 0.0, chance: np.random.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Returns the token ids of `rows` in a line and where each text starts; an empty text gets token 1.

    With `drop`, that share of the tokens is left out by `chance`, never all of a text.
    """
    sizes = np.minimum(bags.lengths()[rows], longest)
    ids = bags.tokens[ragged_places(bags.offsets[rows], sizes)].astype(np.int64)
    owner = np.repeat(np.arange(len(rows)), sizes)
    if drop and chance is not None:
        kept = chance.random(len(ids)) >= drop
        bare = np.flatnonzero(np.bincount(owner[kept], minlength=len(rows)) < np.minimum(sizes, 1))
        kept[(np.cumsum(sizes) - sizes)[bare]] = True
        ids, owner = ids[kept], owner[kept]
        sizes = np.bincount(owner, minlength=len(rows))
    if not sizes.all():
        ids = np.insert(ids, (np.cumsum(sizes) - sizes)[sizes == 0], 1)
        sizes = np.maximum(sizes, 1)
    return torch.from_numpy(ids), torch.from_numpy(np.cumsum(sizes) - sizes)


def pick_distinct(bags: Bags, rows: NDArray[np.integer], longest: int) -> Tensor:
    """Returns the distinct token ids of `rows`, at most `longest` a text, as [n, longest] filled up with -1."""
    out = np.full((len(rows), longest), -1, np.int64)
    for place, row in enumerate(rows):
        ids = np.unique(bags[int(row)])[:longest] if len(bags[int(row)]) else np.array([1])
        out[place, : len(ids)] = ids
    return torch.from_numpy(out)


def late_scores(weight: Tensor, queries: Tensor, passages: Tensor) -> Tensor:
    """Returns the late interaction [n, m] of queries [n, a] with passages [m, b], differentiable in `weight`.

    As in `ranking.late_interaction`: best cosine of each query token, weighted
    by its row's share of length. Ids below zero are no tokens.
    """
    rows = F.embedding(queries.clamp_min(0), weight)
    lengths = rows.norm(dim=2) * (queries >= 0)
    shares = lengths / lengths.sum(dim=1, keepdim=True).clamp_min(1e-9)
    others = F.normalize(F.embedding(passages.clamp_min(0), weight), dim=2)
    with torch.autocast(weight.device.type, torch.bfloat16, enabled=weight.device.type == "cuda"):
        cosines = F.normalize(rows, dim=2).flatten(0, 1) @ others.flatten(0, 1).T
    cosines = cosines.view(*queries.shape, *passages.shape).masked_fill(passages < 0, -1)
    return (cosines.amax(dim=3) * shares[:, :, None]).sum(dim=1)


def relation_loss(scores: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """Returns the cross-entropy of `scores` against the teacher's softmax, both ways of asking."""
    forth = -(F.softmax(teacher / temperature, 1) * F.log_softmax(scores, 1)).sum(dim=1).mean()
    back = -(F.softmax(teacher.T / temperature, 1) * F.log_softmax(scores.T, 1)).sum(dim=1).mean()
    return (forth + back) / 2


def fit_projection(vectors: Floats, targets: Floats) -> Tensor:
    """Returns the map [K, D] from unit student vectors [n, D] to targets [n, K], by ridge regression."""
    gram = vectors.T @ vectors + 1e-3 * len(vectors) / vectors.shape[1] * np.eye(vectors.shape[1], dtype=np.float32)
    return torch.from_numpy(np.linalg.solve(gram, vectors.T @ targets).T.astype(np.float32).copy())


@dataclass
class Student:
    """What is trained: the table, its projection to the targets, and the scales of the scores."""

    weight: Tensor
    projection: Tensor
    scales: Tensor

    def mean(self, picked: tuple[Tensor, Tensor]) -> Tensor:
        """Returns the mean vectors [n, D] of picked bags."""
        ids, starts = (part.to(self.weight.device) for part in picked)
        return F.embedding_bag(ids, self.weight, starts, mode="mean")


@dataclass(frozen=True)
class Batch:
    """Pairs with their targets [n, K]; the first of them also as distinct tokens, for late interaction."""

    queries: tuple[Tensor, Tensor]
    passages: tuple[Tensor, Tensor]
    goals: tuple[Tensor, Tensor]
    late_queries: Tensor | None
    late_passages: Tensor | None


def batch_loss(student: Student, settings: Settings, batch: Batch) -> Tensor:
    """Returns the objective of one batch."""
    asked, answered = student.mean(batch.queries), student.mean(batch.passages)
    teacher = batch.goals[0] @ batch.goals[1].T
    own = torch.arange(len(asked), device=asked.device)
    loss = asked.new_zeros(())
    for number, width in enumerate(settings.widths):
        scores = F.normalize(asked[:, :width]) @ F.normalize(answered[:, :width]).T * student.scales[number].exp()
        share = 1.0 if width == settings.widths[-1] else 0.4
        loss = loss + share * relation_loss(scores, teacher, settings.temperature)
        loss = loss + share * settings.hard * F.cross_entropy(scores, own)
    for mean, goal in zip((asked, answered), batch.goals, strict=True):
        projected = F.normalize(mean) @ student.projection.T
        loss = loss + settings.regression / 2 * (1 - F.cosine_similarity(projected, goal)).mean()
    if batch.late_queries is not None and batch.late_passages is not None:
        count = len(batch.late_queries)
        late = late_scores(student.weight, batch.late_queries, batch.late_passages) * student.scales[-2].exp()
        part = teacher[:count, :count]
        dense = F.normalize(asked[:count]) @ F.normalize(answered[:count]).T * student.scales[-1].exp()
        loss = loss + settings.late * relation_loss(late, part, settings.temperature)
        loss = loss + settings.together * relation_loss(late + dense, part, settings.temperature)
    return loss


@dataclass(frozen=True)
class Lessons:
    """Texts with unit targets [n, K]; row i of `queries` asks for row i of `passages`."""

    queries: Bags
    passages: Bags
    asked: NDArray[np.floating]
    answered: NDArray[np.floating]

    def batch(self, rows: NDArray[np.integer], settings: Settings, chance: np.random.Generator, device: torch.device) -> Batch:
        """Gathers the pairs of `rows`."""
        late = rows[: settings.late_batch]
        return Batch(
            pick(self.queries, rows, 64, settings.drop, chance),
            pick(self.passages, rows, 192, settings.drop, chance),
            tuple(torch.from_numpy(side[rows]).to(device).float() for side in (self.asked, self.answered)),
            pick_distinct(self.queries, late, 40).to(device) if len(late) else None,
            pick_distinct(self.passages, late, 110).to(device) if len(late) else None,
        )


def distil(
    table: Floats,
    lessons: Lessons,
    projection: Tensor,
    settings: Settings,
    report: Callable[[str], None] = print,
) -> Floats:
    """Trains a copy of `table` [V, D], on the GPU where there is one."""
    device = best_device()
    torch.manual_seed(settings.seed)
    chance = np.random.default_rng(settings.seed)
    begin = table / table.std() * 0.1
    weight = torch.tensor(begin, device=device, requires_grad=True)
    scales = torch.full((len(settings.widths) + 2,), 3.0, device=device).requires_grad_()
    student = Student(weight, projection.to(device).requires_grad_(), scales)
    optimizer = torch.optim.Adam([weight, student.projection, scales], lr=settings.rate)
    usable = np.flatnonzero(lessons.asked.any(axis=1) & lessons.answered.any(axis=1))
    groups = [usable[rows] for rows in cluster(lessons.answered[usable], settings.clusters, settings.seed)]
    groups = [rows for rows in groups if len(rows) >= min(settings.batch, len(usable)) // 4]
    odds = np.array([len(rows) for rows in groups], float) ** 0.7
    running = 0.0
    begun = time.monotonic()
    for step in range(settings.steps):
        pool = usable if step % 2 or not groups else groups[chance.choice(len(groups), p=odds / odds.sum())]
        rows = chance.choice(pool, min(settings.batch, len(pool)), replace=False, shuffle=False)
        loss = batch_loss(student, settings, lessons.batch(rows, settings, chance, device))
        warm = min(1.0, (step + 1) / 50) * max(0.02, 1 - step / settings.steps)
        optimizer.param_groups[0]["lr"] = settings.rate * warm
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 49 or step == settings.steps - 1:
            value = float(loss.detach())
            running = value if not running else 0.7 * running + 0.3 * value
            spent = time.monotonic() - begun
            left = spent / (step + 1) * (settings.steps - step - 1)
            report(f"distil {step + 1}/{settings.steps} loss {running:.3f}, {spent:.0f} s, {left:.0f} s left")
    return settings.keep * begin + (1 - settings.keep) * weight.detach().cpu().numpy()
