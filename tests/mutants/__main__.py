"""``python -m tests.mutants PYTHON COUNT``: try a sample of mutants, with a Python that has mutmut to find them.

Writes docs/mutants.md, and a line of JSON for each mutant into build/mutants.jsonl as soon as it is known. Ends with 1
where too few are killed, or one lives and nobody has said why it may. With AGAIN=1, those that lived in the last run
and those that are new are tried, and the others are taken as they were while their file is.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from .mutant import Change, Mutant
from .reasons import FILE, entry, reasons
from .report import Report
from .rooms import runs_for
from .trial import RedError, Trial, Tried

ROOT = Path(__file__).parents[2]
PAGE, RESULTS = ROOT / "docs" / "mutants.md", ROOT / "build" / "mutants.jsonl"


def main() -> int:
    python, count = sys.argv[1:]
    of, mutants = found(python, count)
    known = earlier() if os.environ.get("AGAIN") else {}
    try:
        tried = list(shown(tries(mutants, known), len(mutants)))
    except RedError as error:
        print(error, file=sys.stderr)  # noqa: T201 (its output)
        return 1
    report = Report(tried, of, reasons())
    PAGE.write_text(report.page(), encoding="utf-8")
    print(report.summary())  # noqa: T201 (its output)
    if report.unexplained:
        print(f"\nThese live; write a test, or into {FILE.relative_to(ROOT)} why they may:\n")  # noqa: T201 (its output)
        print("\n".join(map(entry, report.unexplained)))  # noqa: T201 (its output)
    return 0 if report.is_good else 1


def found(python: str, count: str) -> tuple[int, list[Mutant]]:
    """Have the mutants of the sources found; return how many there are, and the sample."""
    finder = [python, "-m", "tests.mutants.finder", count]
    told = json.loads(subprocess.run(finder, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return told["of"], [Mutant(Change(*each["change"]), each["text"]) for each in told["mutants"]]


def earlier() -> dict[str, Tried]:
    """Read what the last run killed, by the text of the mutant."""
    lines = map(json.loads, RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else [])
    told = {line.pop("text"): Tried(Change(*line.pop("change")), **line) for line in lines}
    return {text: tried for text, tried in told.items() if tried.fate != "survived"}


def tries(mutants: list[Mutant], known: dict[str, Tried]) -> Iterator[Tried]:
    """Yield what is known already, then what is tried; each is written down as it comes."""
    texts = {mutant.change: hashlib.sha256(mutant.text.encode()).hexdigest() for mutant in mutants}
    taken = [known[text] for text in texts.values() if text in known]
    new = [mutant for mutant in mutants if texts[mutant.change] not in known]
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", encoding="utf-8") as file:
        for tried in chain(taken, Trial(ROOT, runs_for).run(new)):
            file.write(json.dumps({"text": texts[tried.change], **vars(tried)}) + "\n")
            file.flush()
            yield tried


def shown(fates: Iterator[Tried], count: int) -> Iterator[Tried]:
    """Show how far it has come."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), "{task.description}")
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=600) as progress:
        task, living = progress.add_task("", total=count), 0
        for tried in fates:
            living += tried.fate == "survived"
            progress.update(task, advance=1, description=f"{living} living")
            yield tried


if __name__ == "__main__":
    raise SystemExit(main())
