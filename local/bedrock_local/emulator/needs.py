"""What our code needs of the emulator beyond its public functions: looked for before any of it is changed."""

from importlib.metadata import version
from pkgutil import resolve_name
from types import ModuleType

from bedrock_local.errors import LocalAwsError


def require(module: ModuleType) -> None:
    """Return if the emulator has all that a module says in its ``NEEDS``.

    Parameters
    ----------
    module
        Its ``NEEDS`` are the names, in ministack, of what it replaces, and of what ministack keeps to itself.

    Raises
    ------
    LocalAwsError
        If one is gone.
    """
    for name in module.NEEDS:
        try:
            resolve_name(f"ministack.{name}")
        except (AttributeError, ImportError):
            raise missing(name, module.__name__) from None


def missing(what: str, module: str) -> LocalAwsError:
    """Make the error of an emulator that has changed.

    Parameters
    ----------
    what
        What is gone.
    module
        The module that needs it.

    Returns
    -------
    LocalAwsError
        To raise.
    """
    return LocalAwsError(
        f"ministack {version('ministack')} no longer has {what}; see {module.replace('.', '/')}.py, or install the "
        'release that it was written for: pip install "cdk-bedrock-batch[local]"'
    )
