"""Logical ids that say what a resource is, so that it is another resource when it says something else."""

import hashlib

#: Characters. Source: CloudFormation API reference, DescribeStackResource; CDK's own are up to 248 long.
_LONGEST = 255
DIGEST = 8


def by_content(usual: str, said: str) -> str:
    """Return a logical id with a digest of what the resource says, the same on every machine.

    Parameters
    ----------
    usual
        The id that CDK gives it, which ends in a digest of its path; what is too long is cut at its beginning.
    said
        What the resource says.
    """
    return f"{usual[DIGEST - _LONGEST :]}{hashlib.sha256(said.encode()).hexdigest()[:DIGEST]}"
