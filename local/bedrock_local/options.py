"""The options of the local AWS, as whoever gives them knows them."""

from __future__ import annotations

import os

# Set by the Makefile, whose users know variables and no options.
_MADE = "BEDROCK_LOCAL_MAKE"


def option(name: str) -> str:
    """Name an option as its user knows it: ``--model``, or ``MODEL=`` to whom make has started us."""
    return f"{name.upper()}=" if os.environ.get(_MADE) else f"--{name}"


def flag(name: str) -> str:
    """Name an option without a value as its user knows it: ``--keep``, or ``KEEP=1``."""
    return f"{option(name)}1" if os.environ.get(_MADE) else option(name)
