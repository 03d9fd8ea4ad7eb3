"""CloudFormation's pseudo parameters, as texts.

Each is asked of the CDK's own process once: a stack of a hundred jobs would otherwise ask a thousand times.
"""

from functools import cache

from aws_cdk import Aws


@cache
def partition() -> str:
    """Return the partition of the stack."""
    return Aws.PARTITION


@cache
def region() -> str:
    """Return the Region of the stack."""
    return Aws.REGION


@cache
def account() -> str:
    """Return the account of the stack."""
    return Aws.ACCOUNT_ID


@cache
def url_suffix() -> str:
    """Return the domain under which the partition's services are."""
    return Aws.URL_SUFFIX
