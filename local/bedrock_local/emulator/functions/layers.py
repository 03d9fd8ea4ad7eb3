"""Programs in a function and in its layers: ministack has none of them in ``/opt``, and makes none executable.

What the function of the CDK's ``BucketDeployment`` copies with is one: ``/opt/awscli/aws``. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
"""

import zipfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

from bedrock_local.emulator.functions.first_lines import run_first
from bedrock_local.emulator.seen import Seen

NEEDS = ("core.lambda_runtime.zipfile",)

_PROGRAMS = Path(__file__).with_name("layer_programs.py")
# Whatever an archive says, its owner reads it.
_OWNERS = 0o600


class _Archive(zipfile.ZipFile):
    """One whose files may be run if they might where they were packed."""

    def extractall(self, path: Any = None, *_which: Any) -> None:  # noqa: ANN401 -- as ZipFile takes them
        for entry in self.infolist():
            # Not by the name in the archive, which may lead elsewhere.
            file = Path(self.extract(entry, path))
            if not entry.is_dir() and (mode := entry.external_attr >> 16):
                file.chmod(mode & 0o777 | _OWNERS)


def find_programs_of_layers() -> None:
    """Let functions in Python start the programs of their layers by the names that these have in Lambda."""
    lambda_runtime.zipfile = Seen(zipfile, ZipFile=_Archive)
    run_first("python", f"import runpy; runpy.run_path({str(_PROGRAMS)!r}, run_name='__main__')\n")
