"""Make real input for a batch inference job: one record for each documented module of Python's standard library.

Each record carries the beginning of a module's docstring and asks what the module is for. The docstrings are those of
the Python that runs this script, read from the source without importing anything.
"""

import argparse
import ast
import json
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

QUESTION = "In one sentence, what is this module for?"
FEWEST = 100  # Most models take no job with fewer records.
LONGEST = 300  # Characters of a docstring: what a module is for is said at its beginning.
MAX_TOKENS = 48

DEFAULT_MODEL_ID = "amazon.nova-lite-v1:0"

Body = dict[str, object]

# How each family of models wants to be asked, by the provider in its id: the request body of InvokeModel.
BODIES: dict[str, Callable[[str], Body]] = {
    "amazon.nova": lambda prompt: {
        "messages": [{"role": "user", "content": [{"text": prompt}]}],
        "inferenceConfig": {"maxTokens": MAX_TOKENS},
    },
    "amazon.titan-text": lambda prompt: {
        "inputText": prompt,
        "textGenerationConfig": {"maxTokenCount": MAX_TOKENS},
    },
    "anthropic.": lambda prompt: {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": MAX_TOKENS,
        "messages": [{"role": "user", "content": [{"type": "text", "text": prompt}]}],
    },
    "deepseek.": lambda prompt: {
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": MAX_TOKENS,
    },
    "meta.llama": lambda prompt: {
        "prompt": prompt,
        "max_gen_len": MAX_TOKENS,
    },
}


def documented_modules(library: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the docstring of each standard module that has source and a docstring, by name."""
    for name in sorted(sys.stdlib_module_names):
        for source in (library / f"{name}.py", library / name / "__init__.py"):
            if source.is_file():
                docstring = ast.get_docstring(ast.parse(source.read_bytes()))
                if docstring:
                    yield name, docstring


def record_line(name: str, docstring: str, body: Callable[[str], Body]) -> str:
    """Write the record of one module as a line of JSON."""
    prompt = f"{docstring[:LONGEST]}\n\n{QUESTION}"
    return json.dumps({"recordId": name, "modelInput": body(prompt)}) + "\n"


def write_records(library: Path, output: Path, body: Callable[[str], Body]) -> int:
    """Write all records, making the folders above the file, and return their number."""
    lines = [record_line(name, docstring, body) for name, docstring in documented_modules(library)]
    if len(lines) < FEWEST:
        raise SystemExit(
            f"{library} has {len(lines)} documented modules and a job needs at least {FEWEST} records; "
            "use a Python with its whole standard library"
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("".join(lines), encoding="ascii", newline="\n")
    return len(lines)


def body_for(model_id: str) -> Callable[[str], Body]:
    """Find how a model wants to be asked, whether named by an id, an inference profile or an ARN."""
    for family, body in BODIES.items():
        if family in model_id:
            return body
    raise argparse.ArgumentTypeError(f"no request body known for {model_id!r}; use an id with {', '.join(BODIES)}")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: stdlib_modules.py build/prompts.jsonl")
    parser.add_argument("output", metavar="OUT.jsonl", type=Path, help="the file to write; its folders are made")
    parser.add_argument(
        "--model-id",
        dest="body",
        metavar="ID",
        type=body_for,
        default=DEFAULT_MODEL_ID,
        help="the model that the job will use; it decides the form of each request (default: %(default)s)",
    )
    arguments = parser.parse_args()
    try:
        records = write_records(Path(sysconfig.get_path("stdlib")), arguments.output, arguments.body)
    except OSError as error:
        raise SystemExit(f"{arguments.output}: cannot be written ({error.strerror}); name another file") from None
    sys.stdout.write(f"{records} records in {arguments.output}\n")


if __name__ == "__main__":
    main()
