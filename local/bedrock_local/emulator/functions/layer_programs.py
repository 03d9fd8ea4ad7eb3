"""Start the programs of a function's layers by the names that they have in Lambda: those in ``/opt``.

It is run in the process of a function, before its handler: ``_LAMBDA_LAYERS_DIRS`` names the folders that ministack has
unpacked its layers to.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_OPT = "/opt/"
# Lambda's own Python, which programs of layers name in their first line.
_PYTHON = b"#!/var/lang/bin/python"


def main() -> None:
    """Let `subprocess` look for what is in ``/opt`` where the layers are, the last of them first as in Lambda."""
    folders = [
        Path(folder) for folder in reversed(os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep)) if folder
    ]
    if not folders:
        return
    os.environ["PATH"] = os.pathsep.join([*(str(folder / "bin") for folder in folders), os.environ["PATH"]])
    start = subprocess.Popen.__init__

    def start_here(self: Any, args: Any, *more: Any, **named: Any) -> None:  # noqa: ANN401 -- as Popen takes them
        start(self, _here(args, folders), *more, **named)

    subprocess.Popen.__init__ = start_here  # type: ignore[method-assign]


def _here(args: Any, folders: Sequence[Path]) -> Any:  # noqa: ANN401 -- the same
    """Name a program and its arguments as they are called here."""
    if not isinstance(args, list | tuple):
        return args
    program, *words = (_file(word, folders) for word in args)
    return [*_interpreter(program), program, *words]


def _file(word: Any, folders: Sequence[Path]) -> Any:  # noqa: ANN401 -- the same
    if not isinstance(word, str) or not word.startswith(_OPT):
        return word
    files = (folder / word.removeprefix(_OPT) for folder in folders)
    return next((str(file) for file in files if file.exists()), word)


def _interpreter(program: Any) -> list[str]:  # noqa: ANN401 -- the same
    if not isinstance(program, str) or not Path(program).is_file():
        return []
    with Path(program).open("rb") as file:
        return [sys.executable] if file.readline().startswith(_PYTHON) else []


if __name__ == "__main__":
    main()
