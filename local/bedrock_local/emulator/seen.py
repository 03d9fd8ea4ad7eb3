"""A module of Python's as the emulator sees it."""

from types import ModuleType
from typing import Any


class Seen:
    """A module as ministack sees it, with some names of ours."""

    def __init__(self, module: ModuleType, **ours: Any) -> None:  # noqa: ANN401 -- whatever has that name
        self._module = module
        self.__dict__.update(ours)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- the same
        return getattr(self._module, name)
