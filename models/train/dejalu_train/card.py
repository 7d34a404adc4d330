"""Writes the model card from the artefact and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, Mapping[str, tuple[float, float, float]]]


def figures_table(figures: Figures) -> str:
    """Returns a table of MRR / R@1 / R@10, one row a kind and one column a ranker."""
    rankers = list(figures)
    lines = [f"| kind | {' | '.join(rankers)} |", "|---" * (len(rankers) + 1) + "|"]
    for kind in figures[rankers[0]] if rankers else []:
        cells = (" / ".join(f"{value:.3f}" for value in figures[ranker][kind]) for ranker in rankers)
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def write_card(model: Mapping[str, Any], figures: Figures, scifact: float | None) -> str:
    """Returns the card's text."""
    sources = "\n".join(f"- {row['name']}: {row['source']} ({row['licence']})" for row in model["trainingData"])
    teachers = ", ".join(f"{row['name']} ({row['licence']})" for row in model["teachers"])
    judged = "" if scifact is None else f"\nSciFact (5,183 abstracts, 300 claims): nDCG@10 {scifact:.3f}, mean vector alone.\n"
    return f"""# {model["name"]} {model["version"]}

A static embedding table for English and Korean: {model["vocabularySize"]:,} WordPiece tokens × {model["dims"]} dimensions, {model["table"]["encoding"]} rows with one scale a row. A text's embedding is the mean of its tokens' rows, scaled to length 1; a token's importance is the length of its row. No network is needed to use it and no attention is computed. Licence: {model["licence"]}.

## How good it is

Refind: 91 read pages among 6,000 others (1,200 of them Korean), one question of each kind a page. Dense is the mean vector alone. The kinds: vague (an idea, none of the page's own words), natural and keyword questions, and the first two in Korean, mostly for English pages. Cells are MRR / R@1 / R@10; n = 91, so differences under .04 may be chance. Measured on the files in this folder.

{figures_table(figures)}
{judged}
## What it is made from

Taught by {teachers}. The rows of Korean tokens were moved to where the English translations of Korean texts lie, with every pair of the parallel sources below; that table was then taught on 1.3 million pairs of a short text and its passage, and averaged with the table before. From 0.4.0 on the Korean rows are moved once more, with word lists and names among the pairs, and what ships is the mean of the rows before and after. Text:

{sources}

## Limits and bias

- Word order is lost: "dog bites man" and "man bites dog" have one vector.
- Other scripts than Latin and Hangul have few tokens and no training text of their own.
- Most English training text is books (many before 1930), science, law and documentation; their views of people are in the table. Modern news, sports and travel are rare. Part of the Korean is people's own opinions (petitions, film reviews) and part is machine-translated documentation.
- Similarity is not truth and not relevance to a person; use it to find pages, not to judge them.
"""
