"""Why mutants may live: the reasons that somebody has written down, each for one change."""

import json
import tomllib
from pathlib import Path

from .mutant import Change

FILE = Path(__file__).with_name("reasons.toml")


def reasons(file: Path = FILE) -> dict[Change, str]:
    """Read them."""
    told = tomllib.loads(file.read_text(encoding="utf-8")).get("survivor", [])
    return {Change(each["file"], each["where"], each["before"], each["after"]): each["reason"] for each in told}


def entry(change: Change) -> str:
    """Write a change as the file has it, for a reason to be added; what JSON has for a text, TOML has, too."""
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in change._asdict().items())
    return "\n".join(["[[survivor]]", *lines, 'reason = ""', ""])
