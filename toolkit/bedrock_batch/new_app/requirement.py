"""What a new app has to require so that it gets this package: as it has been installed here."""

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

_NAME = "cdk-bedrock-batch"


def requirement(extra: str = "") -> str:
    """Write the requirement, in the form that pip takes.

    Parameters
    ----------
    extra : str
        The optional part of the package to require, too. Default: none.

    Returns
    -------
    str
        A version where it came from a registry; else the folder, the file or the repository that it came from.
    """
    name = f"{_NAME}[{extra}]" if extra else _NAME
    try:
        installed = distribution(_NAME)
    except PackageNotFoundError:
        # A path of modules without their metadata; whoever made it knows where the package is to be had.
        return name
    origin = _origin(installed)
    return f"{name} @ {origin}" if origin else f"{name}=={installed.version}"


def _origin(installed: Distribution) -> str:
    """Read where an installer had it from, if that was no registry: "direct_url.json" of the packaging standards."""
    told: Any = json.loads(installed.read_text("direct_url.json") or "{}")
    url = str(told.get("url", ""))
    if vcs := told.get("vcs_info"):
        return f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    return url
