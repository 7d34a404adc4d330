"""Writes small models of other libraries with the embeddings that those libraries give.

    bin/train --fixtures OUT [--models DIR]

The extension's importer is tested against what lies in OUT. `--models` is a
folder with `wordllama` and `tokenlearn`, the models of the PyPI packages
wordllama and tokenlearn-static-model; of them only the embeddings are written.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, StaticEmbedding
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from .bags import Floats, normalize

_DIMS = 16
_TEXTS = [
    "",
    "The quick brown fox jumps over the lazy dog.",
    "Finding again what you have read, by meaning.",
    "읽은 페이지를 뜻으로 다시 찾습니다.",
    "Café — naïve, 3.14159 & 2026-11-25!",
    "unknownword zzzz 漢字 かな emoji 🦊 end",
    "  spaces\tand\nlines  everywhere ",
    "don't stop: it's e-mail@example.org, isn't it?",
    "Ünïcödé ﬁ ligature Ⅳ ½ ㎏",
    "할머니가 끓여 주신 된장찌개, grandmother's soup",
]
_CORPUS = _TEXTS[1:5] * 3 + ["the fox read the page again and found the meaning of the soup"] * 4


def _word_piece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(
        _CORPUS, trainers.WordPieceTrainer(vocab_size=150, special_tokens=["[PAD]", "[UNK]"], show_progress=False)
    )
    return tokenizer


def _byte_pairs() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        _CORPUS, trainers.BpeTrainer(vocab_size=330, initial_alphabet=alphabet, show_progress=False)
    )
    return tokenizer


def _unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(vocab_size=150, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(_CORPUS, trainer)
    return tokenizer


def _rows(chance: np.random.Generator, count: int) -> Floats:
    return chance.standard_normal((count, _DIMS)).astype(np.float32)


def _write_expected(path: Path, vectors: Floats, dims: int) -> None:
    rounded = [[round(float(value), 6) for value in row] for row in normalize(np.asarray(vectors, np.float32))]
    rows = ",\n".join(json.dumps([text, row], ensure_ascii=False) for text, row in zip(_TEXTS, rounded, strict=True))
    path.write_text(f'{{ "dims": {dims}, "embeddings": [\n{rows}\n] }}\n', encoding="utf-8")


def _static_model(folder: Path, tokenizer: Tokenizer, rows: Floats, **more: Floats) -> None:
    model = StaticModel(rows, tokenizer, config={"normalize": True}, max_length=None, **more)
    model.save_pretrained(folder)
    for spare in ("README.md", "modules.json"):
        (folder / spare).unlink(missing_ok=True)
    _write_expected(folder / "expected.json", model.encode(_TEXTS, max_length=None), _DIMS)


def write_fixtures(out: Path, models_folder: Path | None) -> None:
    """Writes all fixtures below `out`, the same ones every time but for the trainers' own ties."""
    chance = np.random.default_rng(3)
    tokenizer = _word_piece()
    size = tokenizer.get_vocab_size()
    mapping = chance.integers(0, 40, size)
    weights = chance.uniform(0.1, 2, size).astype(np.float32)
    _static_model(out / "model2vec-mapped", tokenizer, _rows(chance, 40), weights=weights, token_mapping=mapping)
    tokenizer = _unigram()
    whole = np.clip(np.rint(_rows(chance, tokenizer.get_vocab_size()) * 40), -127, 127).astype(np.int8)
    _static_model(out / "model2vec-int8", tokenizer, whole)

    tokenizer = _byte_pairs()
    rows = _rows(chance, tokenizer.get_vocab_size()).astype(np.float16).astype(np.float32)
    folder = out / "sentence-transformers"
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=rows), Normalize()], device="cpu")
    model.half().save(str(folder), create_model_card=False)
    cut = SentenceTransformer(str(folder), truncate_dim=_DIMS // 2, device="cpu")
    # In float32, as in the importer: the stored rows are the same.
    _write_expected(folder / "expected.json", cut.float().encode(_TEXTS), _DIMS // 2)

    if models_folder is not None:
        learned = StaticModel.from_pretrained(models_folder / "tokenlearn")
        _write_expected(out / "tokenlearn.json", learned.encode(_TEXTS, max_length=None), learned.dim)
        # wordllama: the mean over tokens without special ones, by its own inference class.
        from wordllama.inference import WordLlamaInference  # type: ignore[import-not-found]
        from safetensors.numpy import load_file

        table = load_file(models_folder / "wordllama" / "model.safetensors")["embedding.weight"]
        llama = WordLlamaInference(table, Tokenizer.from_file(str(models_folder / "wordllama" / "tokenizer.json")))
        vectors = np.concatenate([np.zeros((1, table.shape[1]), np.float32), llama.embed(_TEXTS[1:])])
        _write_expected(out / "wordllama.json", vectors, table.shape[1])
    for path in out.rglob("*"):
        if path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)
