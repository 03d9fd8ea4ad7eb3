"""Everything at once: stacks, updates, deletes, kills, duplicates, delays and service errors in random order."""

from .aws import Aws
from .profiles import CI
from .random_stacks import run


def test_L10_nothing_random_breaks_what_always_holds(running_aws: Aws) -> None:
    """Every stack reaches an end, no job is paid twice, none is without an owner, and good weather cleans up."""
    run(running_aws, CI)
