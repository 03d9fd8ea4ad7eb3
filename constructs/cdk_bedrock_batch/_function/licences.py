"""The licences of installed packages, which go wherever parts of those are copied to."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def write_licences(package: str, folder: Path) -> None:
    """Write the licence and the notices of an installed package into a folder.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed, or without them: neither may it be handed on without (section 4 of the Apache
        License, Version 2.0).
    """
    texts = _texts(package)
    if not texts:
        raise ModuleNotFoundError(
            f"the licence of {package} is not installed, and goes with the copy that the function gets: install "
            f"{package} from its wheel (pip install --force-reinstall {package})"
        )
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _texts(package: str) -> dict[str, str]:
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        return {}
    # Metadata from version 2.4 on has them in a folder of their own (PEP 639).
    places = {name: (f"licenses/{name}", name) for name in installed.metadata.get_all("License-File") or ()}
    found = {name: next(filter(None, map(installed.read_text, paths)), None) for name, paths in places.items()}
    return {Path(name).name: text for name, text in found.items() if text is not None}
