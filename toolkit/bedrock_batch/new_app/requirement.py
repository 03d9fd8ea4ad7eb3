"""What a new app has to require so that it gets this project: as it has been installed here.

Two distributions are built of it: the toolkit, which this is a module of, and the construct, which asks for the toolkit
of its own version. Who has the toolkit alone is told where the construct is to be had beside it.
"""

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

_CONSTRUCT = "cdk-bedrock-batch"
_TOOLKIT = "bedrock-batch"


def requirements() -> list[str]:
    """Write what an app requires, in the form that pip takes.

    Returns
    -------
    list of str
        The construct alone where that came from a registry, which has the toolkit, too. Else the toolkit and the
        construct, each with the folder, the file or the repository that it came from.
    """
    toolkit = _installed(_TOOLKIT)
    origin = _origin(toolkit) if toolkit else ""
    return [*([f"{_TOOLKIT} @ {origin}"] if origin else []), requirement()]


def requirement(extra: str = "") -> str:
    """Write what brings the construct, in the form that pip takes.

    Parameters
    ----------
    extra : str
        The optional part of the package to require, too. Default: none.

    Returns
    -------
    str
        A version where it came from a registry; else the folder, the file or the repository that it came from. Of one
        that is not installed: the place beside the toolkit's, or the toolkit's version.
    """
    name = f"{_CONSTRUCT}[{extra}]" if extra else _CONSTRUCT
    if installed := _installed(_CONSTRUCT):
        origin = _origin(installed)
    elif installed := _installed(_TOOLKIT):
        origin = _place_above(installed)
    else:
        # A path of modules without their metadata; whoever made it knows where the package is to be had.
        return name
    return f"{name} @ {origin}" if origin else f"{name}=={installed.version}"


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _told(installed: Distribution) -> dict[str, Any]:
    """Read where an installer had it from, if that was no registry: "direct_url.json" of the packaging standards."""
    told: dict[str, Any] = json.loads(installed.read_text("direct_url.json") or "{}")
    return told


def _origin(installed: Distribution) -> str:
    told = _told(installed)
    folder = f"#subdirectory={told['subdirectory']}" if "subdirectory" in told else ""
    return f"{_repository(told)}{folder}"


def _place_above(toolkit: Distribution) -> str:
    """Find the project's own folder, which the toolkit's is in; beside a file there is none."""
    told = _told(toolkit)
    if "subdirectory" in told:
        return _repository(told)
    return str(told["url"]).rstrip("/").rpartition("/")[0] if "dir_info" in told else ""


def _repository(told: dict[str, Any]) -> str:
    url = str(told.get("url", ""))
    if vcs := told.get("vcs_info"):
        return f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    return url
