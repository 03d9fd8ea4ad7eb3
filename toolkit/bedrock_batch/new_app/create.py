"""Write the files of a new app."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.whole_file import whole_file
from bedrock_batch.new_app.requirement import requirement, requirements

# From the name that a file has in the app to the one that it has here, where the first would count for this repository.
_COPIED = {
    "app.py": "app.py",
    "cdk.json": "cdk.json",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    "tests/test_app.py": "tests/test_app.py",
}
_WITH_A_LOCAL_AWS = "cdk-bedrock-batch[local]"
_RECORDS = "prompts.jsonl"
_CITIES = ("Amsterdam", "Bogotá", "Cairo", "Delhi", "Edinburgh", "Florence", "Geneva", "Havana", "Istanbul", "Jakarta")
_ASPECTS = ("food", "music", "rivers", "bridges", "museums", "trams", "parks", "markets", "history", "weather")


def create_app(folder: Path) -> list[Path]:
    """Write a minimal CDK app: one stack, one job, the hundred records that a job needs, and a test.

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
    kept = files("bedrock_batch.new_app").joinpath("files")
    contents = {name: kept.joinpath(here).read_text("utf-8") for name, here in _COPIED.items()}
    contents["README.md"] = contents["README.md"].replace(_WITH_A_LOCAL_AWS, requirement("local"))
    contents["requirements.txt"] = "".join(f"{line}\n" for line in requirements())
    contents["requirements-dev.txt"] = "-r requirements.txt\npytest>=8\n"
    contents[_RECORDS] = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in _records())
    targets = {folder / name: content for name, content in contents.items()}
    if there := [name for name in contents if (folder / name).exists() or (folder / name).is_symlink()]:
        raise BedrockBatchError(f"{folder} has {', '.join(there)} already; name another folder, or move them away")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as whole:
        for target, content in targets.items():
            whole.enter_context(_folder_in(folder, target.parent))
            whole.enter_context(whole_file(target)).write_text(content, encoding="utf-8")
    return list(targets)


@contextmanager
def _folder_in(app: Path, folder: Path) -> Iterator[None]:
    """Have a folder of the app; none that is new is left when something fails."""
    new = [each for each in (folder, *folder.parents) if app in each.parents and not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in new:
            with suppress(OSError):
                each.rmdir()
        raise


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
