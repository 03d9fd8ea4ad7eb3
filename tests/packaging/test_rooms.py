"""The rooms of the house: imports run one way, no room is a corridor, and the map shows what there is."""

import re
from graphlib import TopologicalSorter
from itertools import chain

import pytest

from .conftest import ROOT
from .house import BEDROCK, FACE, HOUSE, TOOLKIT, Package
from .map import PAGE, page

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MOST_FILES, MOST_LINES = 20, 250
WITH_ROOMS = [package for package in (*HOUSE, BEDROCK) if package.floors]


def name(package: Package) -> str:
    return package.name


@pytest.mark.parametrize("package", HOUSE, ids=name)
def test_no_modules_import_each_other_in_a_circle(package: Package) -> None:
    TopologicalSorter(package.imports).prepare()


@pytest.mark.parametrize("package", WITH_ROOMS, ids=name)
def test_rooms_import_from_lower_floors_only(package: Package) -> None:
    floors = package.floor_of
    assert set(floors) == {package.room(module) for module in package.modules}
    upwards = {
        f"{importer} imports {module}"
        for importer, modules in package.imports.items()
        for module in modules
        if (above := package.room(importer)) != (below := package.room(module)) and floors[above] <= floors[below]
    }
    assert upwards == set()


@pytest.mark.parametrize("package", HOUSE, ids=name)
def test_every_module_is_reached_from_a_program_or_a_public_name(package: Package) -> None:
    reached, new = set[str](), {module for module in package.modules if package.is_entrance(module)}
    while new:
        reached |= new
        parents = (".".join(module.split(".")[:depth]) for module in new for depth in range(1, module.count(".") + 1))
        new = {*chain.from_iterable(package.imports[module] for module in new), *parents} - reached
    assert set(package.modules) - reached == set()


@pytest.mark.parametrize("package", HOUSE, ids=name)
def test_no_room_is_a_corridor_and_no_file_a_book(package: Package) -> None:
    files = list(package.modules.values())
    folders = {file.parent for file in files}
    assert [folder for folder in folders if len([file for file in files if file.parent == folder]) > MOST_FILES] == []
    assert [file for file in files if len(file.read_text(encoding="utf-8").splitlines()) > MOST_LINES] == []


def test_the_toolkit_is_a_house_that_fits_in_a_head() -> None:
    rooms = {package_room for module in TOOLKIT.modules if (package_room := TOOLKIT.room(module)) != FACE}
    assert (len(rooms) <= 23, len(TOOLKIT.floors) <= 6) == (True, True)


@pytest.mark.parametrize("package", WITH_ROOMS, ids=name)
def test_the_contributing_guide_shows_the_floors(package: Package) -> None:
    floors = [", ".join(f"`{room}`" for room in floor.split() if room != FACE) for floor in package.floors]
    assert f"* `{package.name}`: {' → '.join(filter(None, floors))}" in re.sub(r"\n {2,}", " ", CONTRIBUTING)


def test_the_map_shows_every_file() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: make docs"


@pytest.mark.parametrize("package", WITH_ROOMS, ids=name)
def test_the_architecture_has_a_word_on_every_room(package: Package) -> None:
    folders = {package.room(module) for module, file in package.modules.items() if file.name == "__init__.py"} - {FACE}
    assert folders
    assert [room for room in folders if not re.search(rf"`{room}/?`", ARCHITECTURE)] == []


def test_the_architecture_names_only_what_exists() -> None:
    named = re.findall(r"`((?:constructs|lambda|toolkit|local|tests|docs)/[\w./]*)`", ARCHITECTURE)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
