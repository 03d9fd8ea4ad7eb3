"""The rooms of the package: imports run down the floors that its docstrings tell, and no room is a corridor."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.local_aws.program import CHECKOUT

LOCAL = CHECKOUT / "local"
FILES = sorted((LOCAL / "bedrock_local").rglob("*.py"))
PROGRAMS = {"bedrock_local", "bedrock_local.server", "bedrock_local.command.cli"}
MOST_FILES, MOST_LINES = 20, 250


def module(file: Path) -> str:
    return ".".join(file.relative_to(LOCAL).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(file): file for file in FILES}


def imported(file: Path) -> Iterator[str]:
    """Modules of the package that a file imports anywhere in it: in functions and for types, too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            named = (f"{node.module}.{each.name}" for each in node.names)
            yield from (name if name in MODULES else str(node.module) for name in named if node.module in MODULES)


IMPORTS = {name: set(imported(file)) - {name} for name, file in MODULES.items()}


def rooms(package: str) -> set[str]:
    return {name.removeprefix(f"{package}.").split(".")[0] for name in MODULES if name.startswith(f"{package}.")}


def floors(package: str) -> dict[str, int]:
    """Room to floor, as the docstring of the package has them: ``3. `jobs`: states``."""
    text = ast.get_docstring(ast.parse(MODULES[package].read_text(encoding="utf-8"))) or ""
    told = re.findall(r"^(\d)\. ((?:.|\n(?!\d\. ))*)", text, re.MULTILINE)
    return {
        room: int(floor) for floor, words in told for room in re.findall(r"`(\w+)`", words) if room in rooms(package)
    }


@pytest.mark.parametrize("package", ["bedrock_local", "bedrock_local.bedrock"])
def test_rooms_import_from_lower_floors_only(package: str) -> None:
    told = floors(package)
    assert set(told) == rooms(package)
    upwards = {
        (importer, name)
        for importer, names in IMPORTS.items()
        for name in names
        if importer.startswith(f"{package}.") and name.startswith(f"{package}.")
        for above, below in [[each.removeprefix(f"{package}.").split(".")[0] for each in (importer, name)]]
        if above != below and told[above] <= told[below]
    }
    assert upwards == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = {name: set(names) for name, names in IMPORTS.items()}
    while free := {name for name, names in left.items() if not names & set(left)}:
        left = {name: names for name, names in left.items() if name not in free}
    assert set(left) == set()


def test_every_module_is_reached_from_a_program_or_a_public_name() -> None:
    reached, new = set[str](), set(PROGRAMS)
    while new:
        reached |= new
        packages = (".".join(name.split(".")[:depth]) for name in new for depth in range(1, name.count(".") + 1))
        new = {*chain.from_iterable(IMPORTS[name] for name in new), *packages} - reached
    assert reached == set(MODULES)


def test_no_room_is_a_corridor_and_no_file_a_book() -> None:
    folders = {file.parent for file in FILES}
    assert [folder for folder in folders if len(list(folder.glob("*.py"))) > MOST_FILES] == []
    assert [file for file in FILES if len(file.read_text(encoding="utf-8").splitlines()) > MOST_LINES] == []
