"""The wheels work where there is no checkout."""

import json
import os
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, run

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
SUFFIXES = (".css", ".html", ".js", ".py", ".sql", ".svg", ".yaml")


def sources(folder: Path, *, below: str) -> set[str]:
    """Name what runs: modules of Python, of the SDK that functions in Node.js find, and of pages."""
    return {f"{below}/{file.relative_to(folder)}" for file in folder.rglob("*") if file.suffix in SUFFIXES}


def code(wheel: Path) -> set[str]:
    """Name what runs of a wheel, and what says that it is typed."""
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert not [name for name in shipped if "__pycache__" in name]
    return {name for name in shipped if name.endswith((*SUFFIXES, "py.typed"))}


def package(entry: str, name: str) -> set[str]:
    return sources(ROOT / entry / name, below=name) | {f"{name}/py.typed"}


def licences(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {Path(name).name: archive.read(name).decode() for name in archive.namelist() if "/licenses/" in name}


def test_the_wheel_has_the_construct_the_functions_and_the_local_aws_and_nothing_else(wheel: Path) -> None:
    functions = sources(ROOT / "lambda", below="cdk_bedrock_batch/_lambda")
    assert "cdk_bedrock_batch/_lambda/model_invocation_job/index.py" in functions
    assert code(wheel) == functions | package("constructs", "cdk_bedrock_batch") | package("local", "bedrock_local")


def test_the_toolkits_wheel_has_the_toolkit_and_nothing_else(toolkit_wheel: Path) -> None:
    assert code(toolkit_wheel) == package("toolkit", "bedrock_batch")


def test_the_wheels_have_the_licence_and_name_the_others(wheel: Path, toolkit_wheel: Path) -> None:
    assert licences(wheel) == {name: (ROOT / name).read_text() for name in ("LICENSE", "NOTICE")}
    assert all(name in licences(wheel)["NOTICE"] for name in ("crhelper", "botocore"))
    assert licences(toolkit_wheel) == {"LICENSE": (ROOT / "LICENSE").read_text()}


@pytest.fixture(scope="module")
def project(clean_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's project, as the installed command begins it, synthesized with the installed wheels."""
    project = tmp_path_factory.mktemp("project") / "app"
    # The folder of this Python has the pinned Node, which jsii starts.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {"PATH": path, "HOME": str(project.parent), "CDK_OUTDIR": str(project / "cdk.out")}
    run(clean_python.with_name("bedrock-batch"), "init", project, env=environment)
    run(clean_python, "app.py", cwd=project, env={**environment, "CDK_VALIDATION": "false"})
    return project


def test_what_is_installed_is_what_is_used(clean_python: Path, tmp_path: Path) -> None:
    names = ("cdk_bedrock_batch", "bedrock_batch", "bedrock_local")
    script = "import importlib.util as u, sys; print(*[u.find_spec(name).origin for name in sys.argv[1:]])"
    places = run(clean_python, "-I", "-c", script, *names, cwd=tmp_path).split()
    assert [Path(place).is_relative_to(clean_python.parents[1]) for place in places] == [True] * 3


def test_a_job_is_synthesized_outside_the_checkout(project: Path) -> None:
    template = json.loads((project / "cdk.out" / "BatchInference.template.json").read_text())
    types = [resource["Type"] for resource in template["Resources"].values()]
    assert types.count("Custom::BedrockModelInvocationJob") == 1
    assert types.count("AWS::S3::Bucket") == 2


def test_the_app_requires_what_is_installed(project: Path, wheel: Path, toolkit_wheel: Path) -> None:
    """From the files that it came from; from a registry that is a version."""
    assert (project / "requirements.txt").read_text().splitlines() == [
        f"bedrock-batch @ {toolkit_wheel.as_uri()}",
        f"cdk-bedrock-batch @ {wheel.as_uri()}",
    ]


def test_the_functions_asset_is_whole(project: Path) -> None:
    (function,) = (project / "cdk.out").glob("asset.*/model_invocation_job")
    shipped = {file.name for file in function.glob("*.py")}
    assert shipped == {file.name for file in (ROOT / "lambda" / "model_invocation_job").glob("*.py")}
    assert (function.parent / "crhelper" / "__init__.py").is_file()
    assert (function.parent / "crhelper" / "LICENSE").is_file()


def found(python: Path, *names: str) -> list[str]:
    script = "import importlib.util as u, sys; print(*[name for name in sys.argv[1:] if u.find_spec(name)])"
    return run(python, "-I", "-c", script, *names).split()


def test_the_environments_of_these_tests_have_nothing_that_the_wheels_do_not_declare(
    clean_python: Path, toolkit_python: Path
) -> None:
    names = ("boto3", "aws_cdk", "constructs", "jsii", "crhelper", "ministack", "pyarrow", "pytest")
    assert found(clean_python, *names) == ["boto3", "aws_cdk", "constructs", "jsii", "crhelper"]
    assert found(toolkit_python, *names) == ["boto3"]


def test_the_toolkit_works_without_the_cdk(toolkit_python: Path, tmp_path: Path) -> None:
    """What a user does first; and each public name is there, whatever loads it."""

    def command(*words: str) -> str:
        program = toolkit_python.with_name("bedrock-batch")
        return run(program, *words, cwd=tmp_path, env={"PATH": os.defpath, "HOME": str(tmp_path)})

    assert "bedrock-batch" in command("--help")
    assert command("--version") == f"bedrock-batch {VERSION}\n"
    assert "app/requirements.txt" in command("init", "app")
    assert "100 records" in command("check", "app/prompts.jsonl", "--model", "amazon.nova-lite-v1:0")
    script = "import bedrock_batch; print([getattr(bedrock_batch, name) for name in bedrock_batch.__all__])"
    run(toolkit_python, "-I", "-c", script)
