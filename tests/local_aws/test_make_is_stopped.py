"""Whoever stops make, in whatever way, stops what its recipes run: with the real make, signalled alone."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local_aws.processes import descendants, eventually, gone

CHECKOUT = Path(__file__).parents[2]
# Those that make gets alone, and does not pass on, are seen where there is /proc.
SIGNALS = [signal.SIGTERM, signal.SIGKILL, *([signal.SIGINT, signal.SIGHUP] if Path("/proc/self").exists() else [])]
LOCAL, TOOLS, CDK = ".venv/.local", ".venv/.tools", "node_modules/.package-lock.json"
JUDGES, READERS, SITE, MUTMUT = (f".venv/{name}/.installed" for name in ("judges", "readers", "site", "mutmut"))
VENV, CHROMIUM = ".venv/bin/activate", ".venv/chromium/chromium"
INPUT = "build/local/input/stdlib-modules.jsonl"
ASL = "tests/judges/node_modules/.package-lock.json"
# Target, and words of the line of its recipe that shall hang.
RECIPES = [
    (INPUT, "examples/stdlib_modules.py"),
    ("deploy-local", "bedrock-local deploy"),
    ("test", "-m pytest"),
    ("lint", "ruff check"),
    ("lint", "ruff format"),
    ("lint", "mypy"),
    ("docs", "tests.faults.document"),
    ("docs", "tests.packaging.map"),
    ("docs", "scale.page"),
    ("docs", "comparison.page"),
    ("docs", "-m sphinx"),
    ("pictures", "tests.pictures"),
    ("snapshots", "tests.snapshots.accept"),
    ("rows", "-m pytest"),
    ("soak", "tests.faults.soak"),
    ("mutants", "tests.mutants"),
    ("bench", "-m comparison"),
    ("bench", "comparison.page"),
    ("model", "requirements-model.txt"),
    ("lock", "--output-file"),
    ("lock", "npm update"),
    ("lock", "npm_sizes"),
    ("dist", "-m build"),
    ("dist", "twine check"),
    ("matrix", "tests.packaging.matrix"),
    (LOCAL, "requirements-local.txt"),
    (TOOLS, "requirements-dev.txt"),
    (JUDGES, "-m venv"),
    (JUDGES, "requirements-judges.txt"),
    (READERS, "requirements-readers.txt"),
    (SITE, "requirements-docs.txt"),
    (MUTMUT, "-m venv"),
    (MUTMUT, "requirements-mutmut.txt"),
    (CDK, "installation.npm"),
    (ASL, "installation.npm"),
    (CHROMIUM, "installation.npm"),
    (CHROMIUM, "unpack.mjs"),
    (VENV, "-m venv"),
]
# It has no tether: see its own test.
UNHELD = ("test-aws", "tests.aws")
# Each end by themselves at once.
BRIEF = ("awk", "echo", "mkdir", "rm", "touch")
TOOLS_USED = ("activate", "python", "uv", "node", "npm", "ruff", "mypy", "twine", "bedrock-local")
PROGRAMS = [*(f".venv/bin/{name}" for name in TOOLS_USED), "bin/python3"]
STAND_IN = f"""#!/bin/sh
[ "$1" = -IS ] && exec {sys.executable} "$@"
case "$0 $*" in *"$HANGS"*) sleep 300 & touch reached; sleep 300 ;; esac
"""


def environment(**more: str) -> dict[str, str]:
    """Without what a make that runs the tests has set."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))} | more


@contextmanager
def making(folder: Path, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        ["make", *arguments],
        cwd=folder,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As a shell with job control does.
        process_group=0,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def lines_of_recipes() -> set[str]:
    """Each command of each recipe that may take its time, as the Makefile has it."""
    text = (CHECKOUT / "Makefile").read_text().replace("\\\n", " ")
    lines = {line.strip().lstrip("@") for line in text.splitlines() if line.startswith("\t")}
    return {line for line in lines if not line.startswith(BRIEF)}


def test_every_recipe_is_tried() -> None:
    words = {word for _, word in [*RECIPES, UNHELD]}
    assert not [line for line in lines_of_recipes() if not any(word in spelled(line) for word in words)]
    text = (CHECKOUT / "Makefile").read_text()
    targets = {spelled(target) for target in re.findall(r"^([a-z$.][^\s:]*):(?=.*\n(?:#.*\n)*\t)", text, re.MULTILINE)}
    assert targets == {"help", *(target for target, _ in [*RECIPES, UNHELD])}


def spelled(text: str) -> str:
    """Replace the Makefile's names of files."""
    names = {"LOCAL": LOCAL, "TOOLS": TOOLS, "CDK": CDK, "ASL": ASL, "BIN": ".venv/bin", "INPUT": INPUT}
    names |= {"INSTALL": ".venv/bin/python -m installation"}
    names |= {"JUDGES": ".venv/judges", "READERS": ".venv/readers", "SITE": ".venv/site", "MUTMUT": ".venv/mutmut"}
    return re.sub(r"\$\((\w+)\)", lambda found: names.get(found[1], found[0]), text)


def checkout(folder: Path, target: str) -> Path:
    """A checkout whose every program is a stand-in, and in which all but the target is made."""
    for program in PROGRAMS:
        path = folder / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN)
        path.chmod(0o755)
    for name in ("Makefile", "local/bedrock_local/tether.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, folder / name)
    for name in ("toolkit", "examples"):
        (folder / name).mkdir()
    (folder / "examples" / "stdlib_modules.py").touch()
    for tests, more in {"browser": ("unpack.mjs", "fonts.conf"), "judges": ()}.items():
        (folder / "tests" / tests).mkdir(parents=True)
        for name in ("package.json", "package-lock.json", *more):
            (folder / "tests" / tests / name).touch()
    locks = [lock.name for lock in CHECKOUT.glob("requirements*.txt")]
    for name in (*locks, "pyproject.toml", "toolkit/pyproject.toml", "package.json", "package-lock.json"):
        (folder / name).touch()
    if target == VENV:
        (folder / VENV).unlink()
    return folder


@contextmanager
def hanging(folder: Path, target: str, word: str) -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    """Make a target until the line with a word hangs; yield make, and the ids of all that runs under it."""
    others = {LOCAL, TOOLS, CDK, INPUT, ASL, JUDGES, READERS, SITE, MUTMUT, CHROMIUM} - {target}
    made = [option for name in others for option in ("-o", name)]
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    with making(checkout(folder, target), *made, target, HANGS=word, PATH=path) as make:
        assert eventually((folder / "reached").exists)
        yield make, descendants(make.pid)


# Those that make passes on, and those that it does not.
@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize(("target", "word"), RECIPES)
def test_a_signal_to_make_ends_what_a_recipe_runs(
    signum: signal.Signals, target: str, word: str, tmp_path: Path
) -> None:
    with hanging(tmp_path, target, word) as (make, family):
        assert len(family) >= 4  # tether, guard, and the program with its child
        make.send_signal(signum)
        assert gone(family)
        assert make.wait() == -signum


@pytest.mark.parametrize("signum", SIGNALS)
def test_a_signal_to_make_ends_a_deployment(signum: signal.Signals, tmp_path: Path) -> None:
    with making(CHECKOUT, "-o", LOCAL, "-o", CDK, "deploy-local", "MODEL=echo", f"DIR={tmp_path}") as make:
        assert eventually((tmp_path / "bootstrap.log").exists)
        # make's tether, the command, and a tether each for the local AWS and the CDK CLI.
        assert eventually(lambda: len(descendants(make.pid)) >= 9)
        family = descendants(make.pid)
        make.send_signal(signum)
        assert gone(family)


def test_killing_the_whole_group_ends_a_deployment_whose_local_aws_was_to_stay(tmp_path: Path) -> None:
    stays = ("deploy-local", "MODEL=echo", "KEEP=1", f"DIR={tmp_path}")
    with making(CHECKOUT, "-o", LOCAL, "-o", CDK, *stays) as make:
        assert eventually((tmp_path / "bootstrap.log").exists)
        family = descendants(make.pid)
        os.killpg(make.pid, signal.SIGKILL)
        assert gone(family)


def test_the_recipe_may_end_in_its_own_way(tmp_path: Path) -> None:
    with making(CHECKOUT, "-o", LOCAL, "-o", CDK, "deploy-local", "MODEL=echo", f"DIR={tmp_path}") as make:
        assert eventually((tmp_path / "bootstrap.log").exists)
        make.send_signal(signal.SIGTERM)
        assert "bedrock-local: interrupted" in make.communicate()[0]


def test_the_suite_for_an_account_has_the_terminal_and_the_time_to_clean_up(tmp_path: Path) -> None:
    folder = checkout(tmp_path, UNHELD[0])
    cleaning = "trap 'sleep 1; touch cleaned; kill $child; exit 130' TERM"
    said = 'read -r answer; echo "$answer $*" >asked'
    (folder / ".venv/bin/python").write_text(f"#!/bin/sh\n{cleaning}\n{said}\nsleep 300 & child=$!\nwait\n")
    command = ["make", "-o", TOOLS, "-o", CDK, UNHELD[0], "ACCOUNT=1", "REGION=r", "MODEL_ID=m", "YES=1", "CLEAN=1"]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdin=subprocess.PIPE, process_group=0) as make:
        assert make.stdin
        make.stdin.write(b"yes\n")
        make.stdin.flush()
        assert eventually((folder / "asked").exists)
        make.send_signal(signal.SIGTERM)
    assert (folder / "asked").read_text() == "yes -m tests.aws --account 1 --region r --model m --yes --clean\n"
    assert (folder / "cleaned").exists()
