"""A local AWS to deploy to: an emulator, a faithful Bedrock batch service in it, and the `bedrock-local` CLI.

Here are the public names, and what starts and finds a local AWS. Beside them are the rooms. Imports run from the higher
floor to the lower, 8 to 1:

* 8: `server`: the program that `LocalAws` starts
* 7: `application`: all of it, put together
* 6: `command`: the CLI and what it prints; `emulator`: what mends it; `gate`: who may ask it
* 5: `local_aws`, `cdk`: what runs as a process of its own; `services`: what the emulator's services are asked
* 4: `running`: a local AWS that runs, and its `log`; `bedrock`: the batch service, which knows no emulator
* 3: `client`, `faults`, `private_folder`, `server_environment`: what belongs to one that runs; `disk`: what the file
  system refuses; `held`: what ends with who starts it; `names`: ARNs, places, objects in S3
* 2: `environment`, `programs`: what a process gets, and where programs are
* 1: `errors`, `options`, `asgi`, `tether`
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedrock_local.cdk.cli import CdkCli
    from bedrock_local.errors import LocalAwsError
    from bedrock_local.faults import Faults
    from bedrock_local.local_aws import LocalAws
    from bedrock_local.running import RunningAws

__all__ = ["CdkCli", "Faults", "LocalAws", "LocalAwsError", "RunningAws"]

_MODULES = {
    "CdkCli": "cdk.cli",
    "Faults": "faults",
    "LocalAws": "local_aws",
    "LocalAwsError": "errors",
    "RunningAws": "running",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    # Not before it is asked for: the modules of this package are run as programs, too, and one is not imported before.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
