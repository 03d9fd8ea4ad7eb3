"""CDK's modules that take long to load, loaded by whoever uses them: EC2's takes 0.1 s, for jobs in a VPC only."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_stepfunctions as stepfunctions
else:

    class _Module:
        """Stands for a module; CDK's own modules stand for each other in this way."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the module has)
            return getattr(import_module(self._name), name)

    cloudwatch, ec2 = _Module("aws_cdk.aws_cloudwatch"), _Module("aws_cdk.aws_ec2")
    stepfunctions = _Module("aws_cdk.aws_stepfunctions")

__all__ = ["cloudwatch", "ec2", "stepfunctions"]
