"""Moves the Korean rows of a table to where their English translations are.

Every pair of translations teaches: the Korean text's mean vector is drawn to
the table's own vector of the English one, by a regression, by the relation of
all pairs of a batch (the softmax of the Korean's cosines against the English's)
and by the hard label. A share of the batches are Korean queries with Korean
passages, taught the relation the table had before, so that Korean still finds
Korean. What comes out is the mean over the last half of the steps, which takes
out some of the noise of the batches, and of the table it began with. Only rows
of Hangul pieces change: English stays as it was, bit for bit.
No teacher is asked, so this takes a minute where distillation takes hours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .bags import Bags, Floats, mean_vectors, normalize
from .distil import pick, relation_loss

_QUERY_TOKENS, _PASSAGE_TOKENS = 64, 100


@dataclass(frozen=True)
class AlignSettings:
    """What the alignment depends on besides its data.

    `rate` is in standard deviations of the table; `keep` is the share of the
    table it began with in the Korean rows that come out.
    """

    steps: int = 1_000
    batch: int = 512
    rate: float = 0.05
    temperature: float = 0.05
    hard: float = 0.5
    korean_share: float = 0.25
    keep: float = 0.5
    seed: int = 7


@dataclass(frozen=True)
class Sides:
    """Row i of `queries` asks for row i of `passages`."""

    queries: Bags
    passages: Bags


def has_hangul(entry: str) -> bool:
    """Says whether a vocabulary entry has a Hangul syllable or a leading, vowel or trailing jamo."""
    return any("가" <= character <= "힣" or "\u1100" <= character <= "\u11ff" for character in entry)


class _Rows:
    """The table with what is added to its Korean rows, the only thing that is trained."""

    def __init__(self, table: Floats, korean: np.ndarray) -> None:
        self.table = torch.from_numpy(table.copy())
        self.added = torch.zeros((int(korean.sum()), table.shape[1]), requires_grad=True)
        self._place = torch.full((len(table),), -1, dtype=torch.long)
        self._place[torch.from_numpy(korean)] = torch.arange(len(self.added))

    def mean(self, picked: tuple[Tensor, Tensor]) -> Tensor:
        """Returns the unit mean vectors [n, D] of picked bags."""
        ids, starts = picked
        sizes = torch.diff(starts, append=torch.tensor([len(ids)]))
        owner = torch.repeat_interleave(torch.arange(len(starts)), sizes)
        changed = torch.nonzero(self._place[ids] >= 0)[:, 0]
        sums = torch.zeros(len(starts), self.table.shape[1]).index_add(0, owner, self.table[ids])
        return F.normalize(sums.index_add(0, owner[changed], self.added[self._place[ids[changed]]]))


def align(
    table: Floats,
    entries: Sequence[str],
    pairs: Sides,
    korean: Sides,
    settings: AlignSettings,
    report: Callable[[str], None] = print,
) -> Floats:
    """Returns `table` [V, D] with other Korean rows; `entries` are its tokens by id.

    `pairs` has Korean queries with English passages, `korean` Korean ones with Korean passages.
    """
    chance = np.random.default_rng(settings.seed)
    is_korean = np.array([has_hangul(entry) for entry in entries])
    rows = _Rows(table, is_korean)
    rate = settings.rate * float(table.std())
    optimizer = torch.optim.Adam([rows.added], lr=rate)

    def before(bags: Bags) -> Tensor:
        return torch.from_numpy(normalize(mean_vectors(table, bags)))

    english, asked, answered = before(pairs.passages), before(korean.queries), before(korean.passages)
    total = torch.zeros(rows.added.shape)
    first_counted = settings.steps // 2
    begun = time.monotonic()
    for step in range(settings.steps):
        own_language = len(korean.queries) > 0 and chance.random() < settings.korean_share
        sides = korean if own_language else pairs
        count = min(settings.batch, len(sides.queries))
        chosen = chance.choice(len(sides.queries), count, replace=False)
        queries = rows.mean(pick(sides.queries, chosen, _QUERY_TOKENS))
        if own_language:
            passages = rows.mean(pick(sides.passages, chosen, _PASSAGE_TOKENS))
            wanted = asked[chosen] @ answered[chosen].T
            kept = (queries * asked[chosen]).sum(dim=1).mean() + (passages * answered[chosen]).sum(dim=1).mean()
            loss = 1 - kept / 2
        else:
            passages = english[chosen]
            wanted = passages @ passages.T
            loss = 1 - (queries * passages).sum(dim=1).mean()
        scores = queries @ passages.T / settings.temperature
        loss = loss + relation_loss(scores, wanted, settings.temperature)
        loss = loss + settings.hard * F.cross_entropy(scores, torch.arange(count))
        optimizer.param_groups[0]["lr"] = rate * min(1.0, (step + 1) / 30) * max(0.1, 1 - step / settings.steps)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step >= first_counted:
            total += rows.added.detach()
        if step % 100 == 99 or step == settings.steps - 1:
            spent = time.monotonic() - begun
            left = spent / (step + 1) * (settings.steps - step - 1)
            report(f"align {step + 1}/{settings.steps} loss {float(loss.detach()):.3f}, {spent:.0f} s, {left:.0f} s left")
    out = table.copy()
    out[is_korean] += (1 - settings.keep) * (total / (settings.steps - first_counted)).numpy()
    return out
