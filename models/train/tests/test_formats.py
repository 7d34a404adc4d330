"""Formats: rotation, codes, quantized rows, the artefact and its exports."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from dejalu_train.artefact import Description, read_artefact, write_artefact
from dejalu_train.bags import mean_vectors, normalize, tokenize
from dejalu_train.export import export_model2vec, export_sentence_transformers
from dejalu_train.made_data import SMOKE_SOURCES
from dejalu_train.rotation import bit_codes, mulberry32, padded_size, rotate, signs, walsh_hadamard
from dejalu_train.table import pack_nibbles, quantize_rows, read_table, unpack_nibbles, write_table
from dejalu_train.vocabulary import make_tokenizer

ENTRIES = ["[PAD]", "[UNK]", "read", "page", "##s", "again", "한국", "##어"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A written artefact of eight tokens and 32 dims."""
    make_tokenizer(ENTRIES).save(str(tmp_path / "source.json"))
    table = np.random.default_rng(3).standard_normal((len(ENTRIES), 32)).astype(np.float32)
    description = Description("made", "1.2.3", "CC0-1.0", [], SMOKE_SOURCES)
    write_artefact(tmp_path / "made", table, "int4", tmp_path / "source.json", description)
    return tmp_path / "made"


def test_mulberry32_gives_the_known_stream() -> None:
    def reference(a: int) -> int:
        a = (a + 0x6D2B79F5) % 2**32
        t = (a ^ a >> 15) * (1 | a) % 2**32
        t = (t + (t ^ t >> 7) * (61 | t) % 2**32) % 2**32 ^ t
        return (t ^ t >> 14) % 2**32

    stream = list(islice(mulberry32(7), 3))
    assert stream == [reference((7 + step * 0x6D2B79F5) % 2**32) for step in range(3)]


def test_signs_are_balanced_and_fixed() -> None:
    assert signs(512).shape == (3, 512)
    assert abs(float(signs(512).mean())) < 0.1
    assert (signs(512) == signs(512)).all()


@pytest.mark.parametrize(("dims", "bits"), [(1, 512), (384, 512), (512, 512), (513, 1024)])
def test_padded_size(dims: int, bits: int) -> None:
    assert padded_size(dims) == bits


def test_walsh_hadamard_is_its_own_inverse() -> None:
    rows = np.random.default_rng(1).standard_normal((4, 64))
    assert np.allclose(walsh_hadamard(walsh_hadamard(rows)), rows)


def test_rotation_keeps_inner_products() -> None:
    rows = np.random.default_rng(2).standard_normal((5, 384)).astype(np.float32)
    turned = rotate(rows)
    assert np.allclose(rows @ rows.T, turned @ turned.T, atol=1e-3)


def test_codes_of_nothing_are_all_ones() -> None:
    assert (bit_codes(np.zeros((1, 384), np.float32)) == 255).all()


def test_codes_put_the_first_bit_lowest() -> None:
    rows = np.random.default_rng(4).standard_normal((1, 384)).astype(np.float32)
    assert bool(bit_codes(rows)[0, 0] & 1) == bool(rotate(rows)[0, 0] >= 0)


def test_nibbles_round_trip_and_put_even_dims_low() -> None:
    values = np.array([[-8, 7, 0, 1]], np.int8)
    assert pack_nibbles(values).tolist() == [[0xF0, 0x98]]
    assert (unpack_nibbles(pack_nibbles(values)) == values).all()


@pytest.mark.parametrize(("encoding", "limit"), [("int8", 0.01), ("int4", 0.12)])
def test_quantized_rows_are_near(tmp_path: Path, encoding: str, limit: float) -> None:
    table = np.random.default_rng(5).standard_normal((50, 64)).astype(np.float32)
    table[7] = 0
    write_table(tmp_path / "t.safetensors", table, encoding)
    read = read_table(tmp_path / "t.safetensors", encoding)
    assert np.linalg.norm(read - table) / np.linalg.norm(table) < limit
    assert (read[7] == 0).all()


def test_a_table_with_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        quantize_rows(np.full((2, 4), np.nan, np.float32), "int8")


def test_an_artefact_reads_back(folder: Path) -> None:
    model, table, tokenizer = read_artefact(folder)
    assert model["dims"] == 32
    assert model["unknownToken"] == 1
    assert table.shape == (8, 32)
    assert tokenizer.encode("Pages 한국어", add_special_tokens=False).tokens == ["page", "##s", "한국", "##어"]


def test_a_changed_table_is_refused(folder: Path) -> None:
    path = folder / "table.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"table\.safetensors: its SHA-256"):
        read_artefact(folder)


def test_a_truncated_tokenizer_is_refused(folder: Path) -> None:
    path = folder / "tokenizer.json"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"tokenizer\.json: \d+ bytes"):
        read_artefact(folder)


def test_an_unknown_format_is_refused(folder: Path) -> None:
    model = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**model, "format": 9}))
    with pytest.raises(ValueError, match="format is 9"):
        read_artefact(folder)


def test_model2vec_gives_the_same_embeddings(folder: Path, tmp_path: Path) -> None:
    model2vec = pytest.importorskip("model2vec")
    _, table, tokenizer = read_artefact(folder)
    export_model2vec(tmp_path / "out", table, folder / "tokenizer.json", "made")
    # Words outside the vocabulary, of which Model2Vec takes none, and a text longer than it reads by itself.
    texts = ["Read pages again", "한국어 page", "read", "read unheard-of 漢字", "again " * 600 + "pages"]
    ours = normalize(mean_vectors(table, tokenize(tokenizer, texts)))
    theirs = model2vec.StaticModel.from_pretrained(str(tmp_path / "out")).encode(texts)
    assert np.allclose(ours, theirs, atol=1e-5)


def test_sentence_transformers_gives_the_same_embeddings(folder: Path, tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    _, table, tokenizer = read_artefact(folder)
    export_sentence_transformers(tmp_path / "out", table, folder / "tokenizer.json")
    texts = ["Read pages again", "한국어 page", "read unheard-of 漢字", "again " * 600 + "pages"]
    ours = normalize(mean_vectors(table, tokenize(tokenizer, texts)))
    assert np.allclose(ours, library.SentenceTransformer(str(tmp_path / "out"), device="cpu").encode(texts), atol=1e-5)
