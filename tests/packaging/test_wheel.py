"""The wheel works where there is no checkout."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, run

SUFFIXES = (".py", ".js", ".sql", ".yaml")
APP = """\
import cdk_bedrock_batch
from aws_cdk import App, Stack
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

print(cdk_bedrock_batch.__file__)
app = App(outdir="cdk.out")
ModelInvocationJob(
    Stack(app, "Outside"),
    "Summaries",
    model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
    input_data=InputData.from_file("prompts.jsonl"),
)
app.synth()
"""


def sources(folder: Path, *, below: str) -> set[str]:
    """Name what runs: modules of Python, and of the SDK that functions in Node.js find."""
    return {f"{below}/{file.relative_to(folder)}" for file in folder.rglob("*") if file.suffix in SUFFIXES}


def test_the_wheel_has_the_three_packages_and_the_function_and_nothing_else(wheel: Path) -> None:
    expected = sources(ROOT / "lambda", below="cdk_bedrock_batch/_lambda")
    for package in ("constructs/cdk_bedrock_batch", "toolkit/bedrock_batch", "local/bedrock_local"):
        name = Path(package).name
        expected |= sources(ROOT / package, below=name) | {f"{name}/py.typed"}
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name for name in shipped if name.endswith((*SUFFIXES, "py.typed"))} == expected
    assert "cdk_bedrock_batch/_lambda/model_invocation_job/index.py" in shipped
    assert not [name for name in shipped if "__pycache__" in name]


def test_the_wheel_has_the_licence_and_names_the_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if "/licenses/" in name}
    assert texts == {name: (ROOT / name).read_text() for name in ("LICENSE", "NOTICE")}
    assert all(name in texts["NOTICE"] for name in ("crhelper", "botocore"))


@pytest.fixture(scope="module")
def project(clean_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's project, synthesized with the installed wheel."""
    project = tmp_path_factory.mktemp("project")
    run(sys.executable, ROOT / "examples" / "stdlib_modules.py", project / "prompts.jsonl")
    (project / "app.py").write_text(APP)
    # The folder of this Python has the pinned Node, which jsii starts.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    printed = run(clean_python, "app.py", cwd=project, env={"PATH": path, "HOME": str(project)})
    used = Path(printed.strip())
    assert used.is_relative_to(clean_python.parents[1])
    return project


def test_a_job_is_synthesized_outside_the_checkout(project: Path) -> None:
    template = json.loads((project / "cdk.out" / "Outside.template.json").read_text())
    types = [resource["Type"] for resource in template["Resources"].values()]
    assert types.count("Custom::BedrockModelInvocationJob") == 1
    assert types.count("AWS::S3::Bucket") == 2


def test_the_functions_asset_is_whole(project: Path) -> None:
    (function,) = (project / "cdk.out").glob("asset.*/model_invocation_job")
    shipped = {file.name for file in function.glob("*.py")}
    assert shipped == {file.name for file in (ROOT / "lambda" / "model_invocation_job").glob("*.py")}
    assert (function.parent / "crhelper" / "__init__.py").is_file()
    assert (function.parent / "crhelper" / "LICENSE").is_file()


def test_the_environment_of_these_tests_has_nothing_that_the_wheel_does_not_declare(clean_python: Path) -> None:
    script = (
        "import importlib.util as u; print([name for name in ('boto3', 'ministack', 'pytest') if u.find_spec(name)])"
    )
    assert run(clean_python, "-I", "-c", script) == "['boto3']\n"
