"""Write the files of a new app."""

import json
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.whole_file import whole_file

_COPIED = ("app.py", "cdk.json", "requirements.txt", "README.md")
_RECORDS = "prompts.jsonl"
_CITIES = ("Amsterdam", "Bogotá", "Cairo", "Delhi", "Edinburgh", "Florence", "Geneva", "Havana", "Istanbul", "Jakarta")
_ASPECTS = ("food", "music", "rivers", "bridges", "museums", "trams", "parks", "markets", "history", "weather")


def create_app(folder: Path) -> list[Path]:
    """Write a minimal CDK app: one stack, one job, and the hundred records that a job needs.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; it is made if it is not there.

    Returns
    -------
    list of pathlib.Path
        The files.

    Raises
    ------
    BedrockBatchError
        If the folder has one of the files already; then nothing is written.
    OSError
        If the folder cannot be made or written.
    """
    contents = {name: files("bedrock_batch.new_app").joinpath("files", name).read_text("utf-8") for name in _COPIED}
    contents[_RECORDS] = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in _records())
    targets = {folder / name: content for name, content in contents.items()}
    if there := [target.name for target in targets if target.exists()]:
        raise BedrockBatchError(f"{folder} has {', '.join(there)} already; name another folder, or move them away")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as whole:
        for target, content in targets.items():
            whole.enter_context(whole_file(target)).write_text(content, encoding="utf-8")
    return list(targets)


def _records() -> list[dict[str, object]]:
    questions = [f"Name one thing about the {aspect} of {city}." for city in _CITIES for aspect in _ASPECTS]
    return [
        {
            "recordId": f"question-{number:03}",
            "modelInput": {
                "messages": [{"role": "user", "content": [{"text": question}]}],
                "inferenceConfig": {"maxTokens": 60},
            },
        }
        for number, question in enumerate(questions, 1)
    ]
