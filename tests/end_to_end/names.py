"""The names of stacks: what one file of tests leaves behind would be in the way of another's stack of that name."""

import os

from bedrock_local.running import RunningAws

_FILES: dict[tuple[int, str], str] = {}


def claim(aws: RunningAws, name: str) -> None:
    """Refuse the name of a stack that another file of tests has used in the same local AWS."""
    file = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    owner = _FILES.setdefault((aws.port, name), file)
    assert owner == file, f"'{name}' is a stack of {owner} already: call this one something else"
