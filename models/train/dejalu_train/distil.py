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

from .bags import Bags, Floats


@dataclass(frozen=True)
class Settings:
    """What the training depends on besides its data."""

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
    clusters: int = 120
    seed: int = 7


def cluster(vectors: Floats, count: int, seed: int, rounds: int = 6) -> list[NDArray[np.int64]]:
    """Returns the rows of each cluster, by spherical k-means."""
    rows = torch.from_numpy(vectors)
    picks = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))[:count]
    centres = rows[picks]
    labels = torch.zeros(len(rows), dtype=torch.long)
    for _ in range(rounds):
        labels = torch.cat([(part @ centres.T).argmax(dim=1) for part in rows.split(20_000)])
        sums = torch.zeros_like(centres).index_add_(0, labels, rows)
        centres = F.normalize(torch.where(sums.abs().amax(dim=1, keepdim=True) > 0, sums, centres))
    return [np.flatnonzero(labels.numpy() == number) for number in range(count)]


def pick(bags: Bags, rows: NDArray[np.integer], longest: int = 192) -> tuple[Tensor, Tensor]:
    """Returns the token ids of `rows` in a line and where each text starts; an empty text gets token 1."""
    lists = [bags[int(row)][:longest] for row in rows]
    lists = [ids if len(ids) else np.array([1], np.uint16) for ids in lists]
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids in lists])[:-1]])
    return torch.from_numpy(np.concatenate(lists).astype(np.int64)), torch.from_numpy(starts)


def late_scores(weight: Tensor, queries: tuple[Tensor, Tensor], passages: tuple[Tensor, Tensor]) -> Tensor:
    """Returns the late interaction [n, n] of every query with every passage, differentiable in `weight`.

    As in `ranking.late_interaction`: best cosine of each query token, weighted by its row's share of length.
    """
    query_ids, query_starts = queries
    passage_ids, passage_starts = passages
    count = len(query_starts)
    sizes = torch.diff(query_starts, append=torch.tensor([len(query_ids)]))
    owner = torch.repeat_interleave(torch.arange(count), sizes)
    distinct, inverse = torch.unique(passage_ids, return_inverse=True)
    rows = F.embedding(query_ids, weight, sparse=True)
    lengths = rows.norm(dim=1)
    shares = lengths / torch.zeros(count).index_add(0, owner, lengths).clamp_min(1e-9)[owner]
    cosines = F.normalize(rows) @ F.normalize(F.embedding(distinct, weight, sparse=True)).T
    cosines = torch.cat([cosines, torch.full((len(cosines), 1), -1.0)], dim=1)
    lasting = torch.diff(passage_starts, append=torch.tensor([len(passage_ids)]))
    places = torch.full((len(passage_starts), int(lasting.max())), len(distinct))
    places[torch.arange(places.shape[1])[None] < lasting[:, None]] = inverse
    best = cosines[:, places.reshape(-1)].view(len(rows), *places.shape).amax(dim=2)
    return torch.zeros(count, len(passage_starts)).index_add(0, owner, best * shares[:, None])


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
        return F.embedding_bag(picked[0], self.weight, picked[1], mode="mean", sparse=True)


def batch_loss(
    student: Student,
    settings: Settings,
    queries: tuple[Tensor, Tensor],
    passages: tuple[Tensor, Tensor],
    goals: tuple[Tensor, Tensor],
) -> Tensor:
    """Returns the objective of one batch; its first `late_batch` pairs also meet late interaction."""
    asked, answered = student.mean(queries), student.mean(passages)
    teacher = goals[0] @ goals[1].T
    own = torch.arange(len(asked))
    loss = torch.zeros(())
    for number, width in enumerate(settings.widths):
        scores = F.normalize(asked[:, :width]) @ F.normalize(answered[:, :width]).T * student.scales[number].exp()
        share = 1.0 if width == settings.widths[-1] else 0.4
        loss = loss + share * relation_loss(scores, teacher, settings.temperature)
        loss = loss + share * settings.hard * F.cross_entropy(scores, own)
    for mean, goal in ((asked, goals[0]), (answered, goals[1])):
        projected = F.normalize(mean) @ student.projection.T
        loss = loss + settings.regression / 2 * (1 - F.cosine_similarity(projected, goal)).mean()
    count = min(settings.late_batch, len(asked))
    if settings.late or settings.together:
        late = late_scores(student.weight, first(queries, count), first(passages, count, 110)) * student.scales[-2].exp()
        part = teacher[:count, :count]
        dense = F.normalize(asked[:count]) @ F.normalize(answered[:count]).T * student.scales[-1].exp()
        loss = loss + settings.late * relation_loss(late, part, settings.temperature)
        loss = loss + settings.together * relation_loss(late + dense, part, settings.temperature)
    return loss


def first(picked: tuple[Tensor, Tensor], count: int, longest: int = 48) -> tuple[Tensor, Tensor]:
    """Returns the first `count` bags with each token once, at most `longest` a text."""
    bounds = [*picked[1].tolist(), len(picked[0])]
    lists = [torch.unique(picked[0][bounds[row] : bounds[row + 1]])[:longest] for row in range(count)]
    sizes = torch.tensor([len(ids) for ids in lists])
    return torch.cat(lists), torch.cumsum(sizes, 0) - sizes


def distil(
    table: Floats,
    sides: tuple[tuple[Bags, Floats], tuple[Bags, Floats]],
    projection: Tensor,
    settings: Settings,
    report: Callable[[str], None] = print,
) -> Floats:
    """Trains a copy of `table` [V, D] on (queries, passages) with unit targets, row i of one for row i of the other."""
    (queries, asked_goals), (passages, answered_goals) = sides
    torch.manual_seed(settings.seed)
    chance = np.random.default_rng(settings.seed)
    weight = torch.from_numpy(table / table.std() * 0.1).requires_grad_()
    scales = torch.full((len(settings.widths) + 2,), 3.0).requires_grad_()
    student = Student(weight, projection.clone().requires_grad_(), scales)
    tables = torch.optim.SparseAdam([weight], lr=settings.rate)
    others = torch.optim.Adam([student.projection, scales], lr=settings.rate)
    usable = np.flatnonzero((np.abs(asked_goals).max(axis=1) > 0) & (np.abs(answered_goals).max(axis=1) > 0))
    groups = [usable[rows] for rows in cluster(answered_goals[usable], settings.clusters, settings.seed)]
    groups = [rows for rows in groups if len(rows) >= min(settings.batch, len(usable)) // 4]
    odds = np.array([len(rows) for rows in groups], float) ** 0.7
    running = 0.0
    begun = time.monotonic()
    for step in range(settings.steps):
        pool = usable if step % 2 or not groups else groups[chance.choice(len(groups), p=odds / odds.sum())]
        rows = chance.choice(pool, min(settings.batch, len(pool)), replace=False)
        goals = (torch.from_numpy(asked_goals[rows]), torch.from_numpy(answered_goals[rows]))
        loss = batch_loss(student, settings, pick(queries, rows), pick(passages, rows), goals)
        warm = min(1.0, (step + 1) / 50) * max(0.02, 1 - step / settings.steps)
        for optimizer in (tables, others):
            optimizer.param_groups[0]["lr"] = settings.rate * warm
            optimizer.zero_grad()
        loss.backward()
        tables.step()
        others.step()
        value = float(loss.detach())
        running = value if not step else 0.98 * running + 0.02 * value
        if step % 50 == 49 or step == settings.steps - 1:
            spent = time.monotonic() - begun
            left = spent / (step + 1) * (settings.steps - step - 1)
            report(f"distil {step + 1}/{settings.steps} loss {running:.3f}, {spent:.0f} s, {left:.0f} s left")
    return weight.detach().numpy().copy()
