"""The vocabulary: WordPieces in a `tokenizer.json` that the extension and Python read alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

PAD, UNKNOWN = "[PAD]", "[UNK]"
_LONGEST_ENTRY = 24


def make_normalizer() -> normalizers.Normalizer:
    """Compatibility forms and lower case; accents go, Hangul and the voicing of Kana stay."""
    return normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.NFD(),
            normalizers.Replace(Regex("[\u0300-\u036f]"), ""),
            normalizers.NFC(),
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False
            ),
        ]
    )


def make_tokenizer(entries: Sequence[str]) -> Tokenizer:
    """Makes the tokenizer whose ids are the places in `entries`; the first two are padding and unknown."""
    if tuple(entries[:2]) != (PAD, UNKNOWN):
        raise ValueError(f"entries begin with {list(entries[:2])}, they must begin with {[PAD, UNKNOWN]}")
    if len(set(entries)) != len(entries):
        raise ValueError("an entry is there twice")
    ids = {entry: place for place, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token=UNKNOWN, max_input_chars_per_word=64))
    tokenizer.normalizer = make_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def learn_pieces(texts: Iterable[str], size: int, least: int = 3) -> list[str]:
    """Learns WordPieces from text, the first ones first."""
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer = make_normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=least, limit_alphabet=2_500, special_tokens=[PAD, UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return [entry for entry, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]


def merge_entries(lists: Sequence[Iterable[str]], size: int) -> list[str]:
    """Joins lists of entries in order of preference, without repeats, up to `size`."""
    out = dict.fromkeys([PAD, UNKNOWN])
    for entries in lists:
        for entry in entries:
            if len(out) == size:
                return list(out)
            if entry not in ("", "##") and len(entry) < _LONGEST_ENTRY:
                out.setdefault(entry)
    return list(out)
