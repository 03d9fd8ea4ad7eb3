"""What was seen, as files: an exchange of each trial without ids, and a report of what it settles."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bedrock_local.bedrock.jobs.behaviours import Behaviours

from .bench import Bench, Lab
from .scrub import Scrubber
from .table import NOT_TRIED, TRIALS

REPORT = "report.md"
_HEADER = """\
# What was seen of batch inference at {endpoint}

In {month}, in {region}, with {model}. `as here` is what the local Bedrock does by default; `switch` is how it is
told to do what was seen (`--behaviour`).

| the fact | what was seen | the local Bedrock | switch |
| --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Finding:
    """What a trial has seen.

    Attributes
    ----------
    seen
        In a line; what went wrong with the trial where `answered` is not so.
    """

    name: str
    seen: str
    bench: Bench
    answered: bool = True
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The value of the trial's switch that does what was seen; empty if there is none."""
        return TRIALS[self.name].value(self.seen) if self.answered else ""

    @property
    def verdict(self) -> str:
        """How the local Bedrock is, held against that."""
        trial = TRIALS[self.name]
        if not self.answered:
            return "not answered"
        if not trial.switch:
            return "as here" if trial.matches(self.seen) else "not as here"
        if not self.value:
            return "no switch does that"
        return "as here" if self.value == str(getattr(Behaviours(), trial.switch)) else "as here with the switch"

    @property
    def line(self) -> str:
        """A row of the report."""
        trial = TRIALS[self.name]
        switch = f"`{trial.switch}={self.value}`" if self.value else ""
        seen = self.seen.replace("|", "\\|").replace("\n", " ")
        return f"| {trial.fact} | {seen} | {self.verdict} | {switch} |"


def write(lab: Lab, findings: Mapping[str, Finding], folder: Path) -> str:
    """Write the files, in the order of the table, and return the report."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: _text(lab, findings[name]) for name in TRIALS if name in findings}
    lines = "\n".join(findings[name].line for name in texts)
    scrubber = Scrubber(_known(lab))
    for text in (*texts.values(), lines):
        scrubber.learn(text)
    for name, text in texts.items():
        if findings[name].answered:
            (folder / f"{name.replace(' ', '-')}.json").write_text(scrubber.scrub(text), encoding="utf-8")
    report = _header(lab) + scrubber.scrub(lines) + "\n\n" + "\n".join(_untried()) + "\n"
    (folder / REPORT).write_text(report, encoding="utf-8")
    return report


def _known(lab: Lab) -> dict[str, str]:
    made = {physical: f"example-{logical}" for logical, physical in lab.world.made.items() if logical != "Data"}
    return {**made, lab.run: "run"}


def _text(lab: Lab, finding: Finding) -> str:
    document = {
        "fact": TRIALS[finding.name].fact,
        "seen": finding.seen,
        "recorded": {"at": lab.world.account.endpoint, "in": _month(), "botocore": version("botocore")},
        "exchanges": finding.bench.recorder.exchanges,
        "output": finding.bench.output,
        "events": finding.events,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _header(lab: Lab) -> str:
    account = lab.world.account
    return _HEADER.format(endpoint=account.endpoint, month=_month(), region=account.region, model=lab.model)


def _month() -> str:
    return f"{datetime.now(UTC):%Y-%m}"


def _untried() -> Iterator[str]:
    yield "Not tried:\n"
    yield from (f"* {name}: {why}." for name, why in NOT_TRIED.items())
