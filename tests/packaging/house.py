"""The house: its rooms, the floors that they stand on, and what imports what."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .conftest import ROOT


@dataclass(frozen=True)
class Package:
    """An import package of the house.

    Attributes
    ----------
    entry
        The path entry that holds it.
    name
        Its name; of a room inside one, with dots.
    floors
        Its rooms, from the face down to the ground, a floor in each text: a room imports from lower floors only. Empty
        for a package that is one flow.
    programs
        What is run, beside what is imported: by a console script, by Lambda, by ``python -m``, by its name.
    """

    entry: str
    name: str
    floors: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    @cached_property
    def modules(self) -> Mapping[str, Path]:
        """Each module's name to its file."""
        files = sorted((ROOT / self.entry / self.name.replace(".", "/")).rglob("*.py"))
        return {_module(file, ROOT / self.entry): file for file in files if "new_app/files" not in file.as_posix()}

    @cached_property
    def imports(self) -> Mapping[str, set[str]]:
        """Each module to those of this package that it imports: at its top, in functions and for types alike."""
        return {name: set(self._imported(file)) - {name} for name, file in self.modules.items()}

    def _imported(self, file: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names if each.name in self.modules)
            elif isinstance(node, ast.ImportFrom) and node.module in self.modules:
                named = (f"{node.module}.{each.name}" for each in node.names)
                yield from (name if name in self.modules else str(node.module) for name in named)

    def room(self, module: str) -> str:
        """Return the room that a module is in; the package's own ``__init__`` is its face, ``(face)``."""
        return module.removeprefix(self.name).removeprefix(".").split(".")[0] or FACE

    def is_entrance(self, module: str) -> bool:
        """Whether a module is run, or imported by its name from outside."""
        return module == self.name or module.startswith(self.programs)

    @cached_property
    def floor_of(self) -> Mapping[str, int]:
        """Each room to the number of its floor, the ground being 1."""
        numbered = enumerate(reversed(self.floors), start=1)
        return {room: number for number, rooms in numbered for room in rooms.split()}


FACE = "(face)"


def _module(file: Path, entry: Path) -> str:
    return ".".join(file.relative_to(entry).with_suffix("").parts).removesuffix(".__init__")


CONSTRUCTS = Package(
    "constructs",
    "cdk_bedrock_batch",
    (
        FACE,
        "batch_inference_pipeline model_invocation_job",
        "_pipeline",
        "_job",
        "_function input_data output_data",
        "_data model",
        "_access",
        "_api",
        "_cdk invocation_type wait",
    ),
)
FUNCTION = Package(
    "lambda",
    "model_invocation_job",
    (
        f"{FACE} index last_word",
        "parts",
        "answers provision results runs",
        "waiting",
        "input owner",
        "jobs",
        "requests",
        "clients logs patience",
        "arn clock errors s3_uri service_data status",
    ),
    programs=("model_invocation_job.index", "model_invocation_job.last_word"),
)
PIPELINE = Package(
    "lambda",
    "batch_inference_pipeline",
    (
        f"{FACE} index",
        "data_parts parts",
        "running summary demand",
        "cutting",
        "collecting",
        "ledger machines",
        "errors places",
    ),
    programs=("batch_inference_pipeline.index",),
)
TOOLKIT = Package(
    "toolkit",
    "bedrock_batch",
    (
        f"{FACE} cli",
        "diagnosis openai_batch page plan prompts retry runs",
        "bodies models prices results",
        "records new_app tables",
        "assembly files jobs standard_streams",
        "errors interruptions refusals values",
    ),
    programs=("bedrock_batch.cli.__main__", "bedrock_batch.cli.commands"),
)
LOCAL = Package(
    "local",
    "bedrock_local",
    (
        f"{FACE} server",
        "application",
        "command emulator gate",
        "console",
        "local_aws cdk services",
        "running log bedrock",
        "client faults private_folder server_environment disk held names",
        "owner",
        "environment programs",
        "errors options asgi tether",
    ),
    programs=(
        "bedrock_local.server",
        "bedrock_local.command.cli",
        "bedrock_local.emulator.functions.layer_programs",
        "bedrock_local.emulator.functions.sdk.calls",
    ),
)
BEDROCK = Package(
    "local",
    "bedrock_local.bedrock",
    (f"{FACE} execution", "api signals", "data faults", "jobs", "models", "access service_model"),
)
HOUSE = (CONSTRUCTS, FUNCTION, PIPELINE, TOOLKIT, LOCAL)
