"""The rotation in front of bit codes, the same numbers as in the extension.

Sign bits of the trained dimensions are poor because their variances differ; a
random orthogonal rotation evens them out first (the idea of RaBitQ, Gao and
Long 2024). Ours is three rounds of random signs and a Walsh-Hadamard
transform, so it costs n log n additions and is defined by one seed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MINIMUM_BITS = 512
ROUNDS = 3
SEED = 7
_MASK = 0xFFFFFFFF


def mulberry32(seed: int) -> Iterator[int]:
    """Yields unsigned 32-bit integers; Tommy Ettinger's Mulberry32, public domain."""
    a = seed & _MASK
    while True:
        a = (a + 0x6D2B79F5) & _MASK
        t = ((a ^ (a >> 15)) * (a | 1)) & _MASK
        t ^= (t + ((t ^ (t >> 7)) * (t | 61))) & _MASK
        yield t ^ (t >> 14)


def padded_size(dims: int) -> int:
    """Returns the number of bits for `dims` components: a power of two, at least 512."""
    if dims < 1:
        raise ValueError(f"dims is {dims}; it must be at least 1")
    return max(MINIMUM_BITS, 1 << (dims - 1).bit_length())


def signs(size: int, rounds: int = ROUNDS, seed: int = SEED) -> Floats:
    """Returns the signs of all rounds, shape [rounds, size], from one random stream."""
    stream = mulberry32(seed)
    draws = [next(stream) for _ in range(rounds * size)]
    values = np.where(np.array(draws, np.uint64) >= 1 << 31, -1.0, 1.0)
    return values.astype(np.float32).reshape(rounds, size)


def walsh_hadamard(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Transforms each row of [m, n] in natural order, scaled by 1 / sqrt(n); n is a power of two."""
    size = rows.shape[1]
    if size & (size - 1):
        raise ValueError(f"{size} columns; a Walsh-Hadamard transform needs a power of two")
    out = rows.copy()
    half = 1
    while half < size:
        pairs = out.reshape(len(out), -1, 2, half)
        out = np.stack((pairs[:, :, 0] + pairs[:, :, 1], pairs[:, :, 0] - pairs[:, :, 1]), 2).reshape(len(out), size)
        half *= 2
    return out / np.asarray(np.sqrt(size), out.dtype)


def rotate(embeddings: Floats, rounds: int = ROUNDS, seed: int = SEED) -> Floats:
    """Pads [m, dims] with zeros to [m, n] and rotates each row; lengths are kept."""
    size = padded_size(embeddings.shape[1])
    out = np.zeros((len(embeddings), size), np.float32)
    out[:, : embeddings.shape[1]] = embeddings
    for row in signs(size, rounds, seed):
        out = walsh_hadamard(out * row)
    return out


def bit_codes(embeddings: Floats) -> NDArray[np.uint8]:
    """Returns the codes [m, n / 8] of [m, dims]: bit i is byte i >> 3, bit i & 7, set where the value is >= 0."""
    return np.packbits(rotate(embeddings) >= 0, axis=1, bitorder="little")
