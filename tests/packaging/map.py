"""``python -m tests.packaging.map``: write docs/map.md, each file of the house with the first line of its docstring."""

import ast
from pathlib import Path

from .conftest import ROOT
from .house import HOUSE, Package

PAGE = ROOT / "docs" / "map.md"
_HEAD = """# Every file

Written by `make docs` from the first line of each file; [architecture.md](architecture.md) says how they belong
together.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *(_package(package) for package in HOUSE)])


def _package(package: Package) -> str:
    files = package.modules.values()
    return "\n".join(
        _folder(folder, [file for file in files if file.parent == folder])
        for folder in sorted({file.parent for file in files})
    )


def _folder(folder: Path, files: list[Path]) -> str:
    lines = [f"* `{file.name}`: {_says(file)}" for file in files if file.name != "__init__.py"]
    return "\n".join([f"## `{folder.relative_to(ROOT)}`", "", _says(folder / "__init__.py"), "", *lines, ""])


def _says(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.split("\n\n")[0].replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
