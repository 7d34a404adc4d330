"""Row-quantized embedding tables and the safetensors file that carries them.

`int8`: tensor `embeddings` I8 [V, D]. `int4`: `embeddings` U8 [V, D / 2], two
nibbles a byte, the even dimension in the low nibble, nibble = value + 8.
Both have `scales` F32 [V]; a component is value x scale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

Encoding = Literal["int8", "int4"]
Floats = NDArray[np.float32]
LARGEST: dict[Encoding, int] = {"int8": 127, "int4": 7}
SMALLEST: dict[Encoding, int] = {"int8": -127, "int4": -8}
# Shares of a row's largest component that are tried as its scale.
_SHRINKS: dict[Encoding, tuple[float, ...]] = {
    "int8": (1.0,),
    "int4": (1.0, 0.93, 0.87, 0.81, 0.75, 0.69, 0.63, 0.57),
}


def quantize_rows(table: Floats, encoding: Encoding) -> tuple[NDArray[np.int8], Floats]:
    """Returns integers [V, D] and scales [V] that reproduce `table` [V, D] with the least squared error tried."""
    if not np.isfinite(table).all():
        raise ValueError("the table holds values that are not finite")
    peak = np.abs(table).max(axis=1)
    best_error = np.full(len(table), np.inf, np.float32)
    values = np.zeros(table.shape, np.int8)
    scales = np.zeros(len(table), np.float32)
    for sign in (1.0,) if encoding == "int8" else (1.0, -1.0):
        for shrink in _SHRINKS[encoding]:
            scale = (sign * shrink * peak / LARGEST[encoding]).astype(np.float32)
            safe = np.where(scale == 0, 1, scale)[:, None]
            tried = np.clip(np.rint(table / safe), SMALLEST[encoding], LARGEST[encoding])
            # The best scale for these integers, by least squares.
            length = (tried * tried).sum(axis=1)
            scale = np.where(length > 0, (tried * table).sum(axis=1) / np.maximum(length, 1), 0).astype(np.float32)
            error = ((tried * scale[:, None] - table) ** 2).sum(axis=1)
            better = error < best_error
            best_error[better] = error[better]
            values[better] = tried[better].astype(np.int8)
            scales[better] = scale[better]
    return values, scales


def pack_nibbles(values: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Packs [V, D] integers in -8..7 into [V, D / 2] bytes, the even dimension in the low nibble."""
    if values.shape[1] % 2:
        raise ValueError(f"{values.shape[1]} dims; nibbles need an even number")
    shifted = (values.astype(np.int16) + 8).astype(np.uint8)
    return shifted[:, 0::2] | (shifted[:, 1::2] << 4)


def unpack_nibbles(packed: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Undoes `pack_nibbles`: [V, D / 2] bytes to [V, D] integers in -8..7."""
    out = np.empty((packed.shape[0], packed.shape[1] * 2), np.int8)
    out[:, 0::2] = (packed & 15).astype(np.int8) - 8
    out[:, 1::2] = (packed >> 4).astype(np.int8) - 8
    return out


def write_table(path: Path, table: Floats, encoding: Encoding) -> None:
    """Quantizes `table` [V, D] and writes it to `path`."""
    values, scales = quantize_rows(table, encoding)
    embeddings = values if encoding == "int8" else pack_nibbles(values)
    save_file({"embeddings": np.ascontiguousarray(embeddings), "scales": scales}, str(path))


def read_table(path: Path, encoding: Encoding) -> Floats:
    """Reads a table written by `write_table` as float32 [V, D]."""
    tensors = load_file(str(path))
    values = tensors["embeddings"]
    expected = np.int8 if encoding == "int8" else np.uint8
    if values.dtype != expected:
        raise ValueError(f"{path.name}: embeddings are {values.dtype}, {encoding} needs {np.dtype(expected)}")
    integers = values if encoding == "int8" else unpack_nibbles(values)
    return integers.astype(np.float32) * tensors["scales"][:, None]
