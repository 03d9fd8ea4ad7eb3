"""What is documented: the example app, the examples, and the README's samples; and how all of them are synthesized.

Beside them ``finished.py``, which has all that waits for a job's end.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("synthesize.py")
#: The question counts: what is in this file is in the golden templates by its hash.
RECORD = (
    '{{"recordId": "r{0}", "modelInput": {{"messages": [{{"role": "user", "content": [{{"text": "Say {0}"}}]}}]}}}}\n'
)


def examples(root: Path = ROOT) -> dict[str, Path]:
    """The programs that make an app, by name: the judged ones."""
    folder = root / "examples"
    apps = {path.stem: path for path in folder.glob("*.py") if "App()" in path.read_text(encoding="utf-8")}
    apps |= {path.parent.name: path for path in folder.glob("*/app.py")}
    finished = root / "tests" / "snapshots" / "finished.py"
    return {"app": root / "app.py", **{name: apps[name] for name in sorted(apps)}, "finished": finished}


def samples(root: Path = ROOT) -> dict[str, str]:
    """The README's samples of a stack's code, by name."""
    text = (root / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return {f"readme-{number}": code for number, code in enumerate(blocks, 1)}


def synthesize(
    folder: Path,
    *,
    root: Path = ROOT,
    judged: bool = False,
    environment: Mapping[str, str] | None = None,
    umask: int = -1,
) -> dict[str, Path]:
    """Synthesize all of them in one process, as the CDK CLI would, and return the cloud assemblies by name.

    The judged have been looked at by cdk-nag, and by CDK itself; the report is part of the assembly.
    """
    records = folder / "prompts.jsonl"
    records.write_text("".join(RECORD.format(number) for number in range(100)), encoding="utf-8")
    (folder / "articles").mkdir()
    shutil.copy(records, folder / "articles")
    done = subprocess.run(
        [sys.executable, root / PROGRAM.relative_to(ROOT), folder, *(["--judged"] if judged else [])],
        env=_environment(root, folder, records) | {"CDK_VALIDATION": str(judged).lower()} | dict(environment or {}),
        cwd=folder,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: folder / name for name in [*examples(root), *samples(root)]}


def templates(assembly: Path) -> list[Path]:
    """The templates of an assembly, one a stack."""
    return sorted(assembly.glob("*.template.json"))


def _environment(root: Path, folder: Path, records: Path) -> dict[str, str]:
    context = json.loads((root / "cdk.json").read_text(encoding="utf-8"))["context"]
    # As the CDK CLI does; the judges tell resources by their paths.
    context |= {"aws:cdk:enable-path-metadata": True, "input": str(records)}
    return {
        **os.environ,
        "CDK_CONTEXT_JSON": json.dumps(context),
        # Where the CDK puts an assembly that has no other place.
        "TMPDIR": str(folder),
        # The sources of the root, not those that are installed.
        "PYTHONPATH": os.pathsep.join(str(root / entry) for entry in ("constructs", "toolkit")),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
