"""An emulator that has changed is told in a sentence that names the file, and no file uses what it does not tell."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.local_aws.program import CHECKOUT

LOCAL = CHECKOUT / "local"
FILES = [str(file.relative_to(LOCAL)) for file in sorted((LOCAL / "bedrock_local").rglob("*.py"))]
# Of the room's own order, not of a defect.
NO_MENDS = {"__init__.py", "mends.py", "needs.py", "seen.py", "settings.py"}
# Run beside the emulator, by a function or to start one.
NO_MENDS |= {"calls.py", "fork_server.py", "layer_programs.py"}
MENDS = [file for file in FILES if file.startswith("bedrock_local/emulator/") and Path(file).name not in NO_MENDS]


def used(tree: ast.Module) -> Iterator[str]:
    """Names of the emulator that a file replaces, or that the emulator keeps to itself."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("ministack."):
            room = f"{node.module}.".removeprefix("ministack.")
            modules |= {each.asname or each.name: f"{room}{each.name}" for each in node.names}
            yield from (f"{room}{each.name}" for each in node.names if each.name.startswith("_"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        module, *classes = ast.unparse(node.value).split(".")
        if module in modules and all(re.fullmatch(r"[A-Z]\w*", name) for name in classes):
            private = re.match(r"_(?!_)", node.attr)
            if private or isinstance(node.ctx, ast.Store | ast.Del):
                yield ".".join([modules[module], *classes, node.attr])


def told(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == ["NEEDS"]:
            return set(ast.literal_eval(node.value))
    return set()


def parsed(file: str) -> ast.Module:
    return ast.parse((LOCAL / file).read_text(encoding="utf-8"))


DEPENDENT = [file for file in FILES if told(parsed(file))]


@pytest.fixture(scope="session")
def said() -> dict[str, Any]:
    program = Path(__file__).with_name("changed_emulator.py")
    printed = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True).stdout
    answer: dict[str, Any] = json.loads(printed)
    return answer


def sentence(what: str, file: str) -> str:
    return (
        f"ministack {version('ministack')} no longer has {what}; see {file}, or install the release that it was "
        'written for: pip install "cdk-bedrock-batch[local]"'
    )


@pytest.mark.parametrize("file", FILES)
def test_a_file_tells_all_that_it_needs_of_the_emulator_and_nothing_else(file: str) -> None:
    assert told(parsed(file)) == set(used(parsed(file)))


@pytest.mark.parametrize("file", DEPENDENT)
def test_what_is_gone_from_the_emulator_is_told_with_the_file_to_look_at(file: str, said: dict[str, Any]) -> None:
    module = file.removesuffix(".py").replace("/", ".")
    assert said["names"][module] == {name: sentence(name, file) for name in told(parsed(file))}


def test_an_expression_that_is_gone_is_told_too(said: dict[str, Any]) -> None:
    what = 'b"".join(combined_parts) in services.s3._complete_multipart_upload'
    assert said["expression"] == sentence(what, "bedrock_local/emulator/s3/large_objects.py")


@pytest.mark.parametrize("file", MENDS)
def test_each_mend_says_in_which_version_its_defect_was_seen(file: str) -> None:
    assert re.search(r"Seen in ministack \d+\.\d+\.\d+\.", ast.get_docstring(parsed(file)) or "")


def test_a_local_aws_on_a_changed_emulator_does_not_start_and_says_why(tmp_path: Path) -> None:
    script = (
        "import sys; from ministack.services import s3; del s3._upload_part;"
        "from bedrock_local.server import main; main(['--model', 'echo', '--dir', sys.argv[1]])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "aws"], capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 1
    assert ended.stderr == sentence("services.s3._upload_part", "bedrock_local/emulator/s3/large_objects.py") + "\n"
