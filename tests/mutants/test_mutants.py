"""What finds out what the tests do not see: with a package of a few lines, whose mutants are planted by hand."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from . import trial, unshrunk
from .mutant import Change, Mutant
from .reasons import entry, reasons
from .report import Report
from .rooms import SOURCES, runs_for
from .sample import in_order
from .trial import RedError, Trial, Tried

ROOT = Path(__file__).parents[2]
FILE = "toolkit/room.py"
SOURCE = """\
class Room:
    def holds(self, guests: int) -> bool:
        while guests < 0:
            guests += 1
        return guests <= 9
"""
TESTS = """\
from room import Room

def test_it_holds_some():
    assert Room().holds(-1)
    assert not Room().holds(100)
"""
CHANGE = Change(FILE, "Room.holds", "return guests <= 9", "return guests < 9")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "tests" / "mutants").mkdir(parents=True)
    (root / "toolkit").mkdir()
    (root / FILE).write_text(SOURCE)
    (root / "tests" / "test_room.py").write_text(TESTS)
    shutil.copy(str(unshrunk.__file__), root / "tests" / "mutants")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


def planted(before: str, after: str) -> Mutant:
    assert before in SOURCE
    return Mutant.of(FILE, SOURCE, SOURCE.replace(before, after))


def tried(checkout: Path, *mutants: Mutant) -> list[Tried]:
    return list(Trial(checkout, lambda _: ["tests/test_r*.py"]).run(mutants))


def test_a_mutant_is_killed_or_lives_and_the_working_tree_stays_as_it_is(checkout: Path) -> None:
    killed, living = tried(checkout, planted("<= 9", ">= 9"), planted("<= 9", "< 9"))
    assert (killed.fate, killed.by) == ("killed", "tests/test_room.py::test_it_holds_some")
    assert (living.fate, living.change) == ("survived", CHANGE)
    assert min(killed.cpu, living.cpu) > 0
    assert (checkout / FILE).read_text() == SOURCE
    assert not list(checkout.rglob("__pycache__"))


def test_one_that_never_ends_is_stopped_and_told_apart(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "TIMES", 0)
    monkeypatch.setattr(trial, "SECONDS", 5)
    assert [each.fate for each in tried(checkout, planted("+= 1", "-= 1"))] == ["timed out"]


def test_tests_that_fail_without_a_mutant_kill_none(checkout: Path) -> None:
    (checkout / "tests" / "test_red.py").write_text("def test_red():\n    assert False\n")
    with pytest.raises(RedError, match=r"without any mutant, tests/test_red\.py::test_red fails; mend that first"):
        tried(checkout, planted("<= 9", ">= 9"))


def test_a_test_that_fails_once_with_a_mutant_or_without_does_not_kill_it(checkout: Path) -> None:
    late = "assert Path(__file__).with_name('runs').open('a').write('.') and Path('tests/runs').stat().st_size != 2"
    (checkout / "tests" / "test_relief.py").write_text(f"from pathlib import Path\n\ndef test_late():\n    {late}\n")
    assert [each.fate for each in tried(checkout, planted("<= 9", "< 9"))] == ["survived"]


def test_any_beginning_of_the_order_has_of_each_file_its_share() -> None:
    counts = {"a.py": 1000, "b.py": 200, "c.py": 10}
    order = in_order(counts)
    assert len(set(order)) == len(order) == sum(counts.values())
    for length in (121, 605):
        shares = Counter(file for file, _ in order[:length])
        assert all(abs(shares[file] - count * length / len(order)) <= 1.5 for file, count in counts.items())


def test_a_file_that_grows_leaves_the_others_as_they_are() -> None:
    before, after = (in_order({"a.py": 50, "b.py": count}) for count in (20, 30))
    assert [each for each in before if each[0] == "a.py"] == [each for each in after if each[0] == "a.py"]
    assert before != in_order({"a.py": 50, "c.py": 20})


def report(living: int, reason: str) -> Report:
    fates = [Tried(CHANGE._replace(before=f"{n}"), "killed", "a test", 30) for n in range(18 - living)]
    fates += [Tried(CHANGE, "timed out", "tests", 30) for _ in range(2)]
    survivors = [CHANGE._replace(after=f"return guests < {n}") for n in range(living)]
    return Report(
        [*fates, *(Tried(each, "survived", "", 30) for each in survivors)], 1000, dict.fromkeys(survivors, reason)
    )


@pytest.mark.parametrize(
    ("living", "reason", "good"), [(2, "None sleeps.", True), (2, "", False), (3, "None sleeps.", False)]
)
def test_nine_of_ten_are_killed_and_each_other_has_a_reason(living: int, reason: str, good: bool) -> None:  # noqa: FBT001 (a table)
    assert report(living, reason).is_good is good


def test_the_page_tells_what_lives_and_why() -> None:
    page = report(2, "None sleeps.").page()
    assert "Of 1,000 mutants, 20 were tried" in page
    assert "90.0 % were killed. That took 10 minutes of CPU time." in page
    assert (
        f"## `{FILE}`\n\n* In `Room.holds`: None sleeps.\n\n  ```diff\n  - return guests <= 9\n  + return guests < 0\n"
        in page
    )


def test_what_lives_can_be_written_into_the_file_of_reasons(tmp_path: Path) -> None:
    file = tmp_path / "reasons.toml"
    file.write_text(entry(CHANGE).replace('reason = ""', 'reason = "None sleeps."'))
    assert reasons(file) == {CHANGE: "None sleeps."}


def test_each_reason_is_about_something_that_is_there() -> None:
    gone = [change for change in reasons() if change.before not in joined(ROOT / change.file)]
    assert gone == []
    assert all(reasons().values())


def joined(file: Path) -> str:
    return " ".join(line.strip() for line in file.read_text(encoding="utf-8").splitlines()) if file.exists() else ""


def test_every_source_has_tests_and_all_of_them_are_there() -> None:
    files = [file for source in SOURCES for file in (ROOT / source).rglob("*.py")]
    runs = {run for file in files for run in runs_for(file.relative_to(ROOT).as_posix())}
    assert len(runs) > 20
    assert [path for run in runs for path in run.split() if not list(ROOT.glob(path))] == []
