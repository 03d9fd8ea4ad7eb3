"""Files of this package's own making, which go with the process, on their way to the CDK CLI, which comes after it."""

import shutil
from pathlib import Path

from aws_cdk import FileSystem, Stage
from constructs import Construct

#: What ``--no-staging`` sets: assets are not copied into the cloud assembly, which names them where they are.
_NOT_STAGED = "aws:cdk:disable-asset-staging"


def lasting(scope: Construct, path: str) -> str:
    """Return where a file or folder of this process's own is as long as the cloud assembly.

    Parameters
    ----------
    scope
        Of the asset that is made of it.
    path
        Where it is until this process ends, as an absolute path.
    """
    stage = Stage.of(scope)
    if stage is None or not scope.node.try_get_context(_NOT_STAGED):
        return path
    # The same content twice is one copy, also of the next synthesis.
    folder = Path(stage.asset_outdir) / f"bedrock-batch.{FileSystem.fingerprint(path)}"
    kept = folder / f"asset{Path(path).suffix}"
    if Path(path).is_dir():
        shutil.copytree(path, kept, dirs_exist_ok=True)
    else:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(path, kept)
    return str(kept)
