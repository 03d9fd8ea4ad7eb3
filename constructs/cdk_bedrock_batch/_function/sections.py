"""The sections of a template beside its resources: how much they take, of which the CDK itself says nothing."""

from collections.abc import Iterator, Sequence

from aws_cdk import CfnOutput, CfnParameter
from constructs import IConstruct

#: Of each: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_MOST = 200
_KINDS = {
    "parameters": (
        CfnParameter,
        "each local file has three with the LegacyStackSynthesizer; use the DefaultStackSynthesizer, or another stack",
    ),
    "outputs": (
        CfnOutput,
        "each job has one; give output_job_arn=False to some of the jobs, or put them into another stack",
    ),
}


def overfull(constructs: Sequence[IConstruct]) -> Iterator[str]:
    """Go through the sections of a stack's template that have too much, a sentence each with what to do."""
    for name, (kind, advice) in _KINDS.items():
        number = sum(isinstance(each, kind) for each in constructs)
        if number > _MOST:
            yield f"the stack has {number} {name}, and CloudFormation takes {_MOST}: {advice}"
