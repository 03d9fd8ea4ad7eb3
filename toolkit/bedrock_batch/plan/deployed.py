"""Stacks as CloudFormation has them, and the only file here that knows boto3's CloudFormation client."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

#: Where the CDK CLI deletes what is left of a first deployment, and makes the stack anew.
_MADE_ANEW = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
#: What a stack in one of these states has is known, and can be updated.
_SETTLED = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
    # Kept as it failed, with --no-rollback: what is there was made as the template says.
    "CREATE_FAILED",
)
# Kept likewise, but what an update has not come to is as an earlier template says.
_HALF = "UPDATE_FAILED"
_HIDDEN = "****"


@dataclass(frozen=True)
class DeployedStack:
    """A stack that is there.

    Attributes
    ----------
    stack_id : str
        Its ARN.
    status : str
        Its ``StackStatus``.
    parameters : mapping of str to str or None
        What its parameters came to; None where that is hidden (``NoEcho``).
    template : mapping or None
        The template that it was deployed with; None where that is not JSON.
    physical : mapping of str to str
        The physical ids of its resources by their logical ids.
    kinds : mapping of str to str
        The types of the same.
    is_protected : bool
        Whether CloudFormation refuses to delete it.
    """

    stack_id: str
    status: str
    parameters: Mapping[str, str | None]
    template: Mapping[str, Any] | None
    physical: Mapping[str, str]
    kinds: Mapping[str, str]
    is_protected: bool = False

    @property
    def doubt(self) -> str:
        """Why it cannot be told what a deployment does to it; empty if that can be told."""
        if self.status == _HALF:
            return f"the stack is in {_HALF}: how far its last update came is not known"
        if self.status not in _SETTLED:
            return f"the stack is in {self.status}: plan again when it is not"
        if self.template is None:
            return "its deployed template is YAML, as of stacks without a bootstrap bucket, and only JSON is read"
        return ""


def deployed_stack(cloudformation: CloudFormationClient, name: str) -> DeployedStack | None:
    """Read a stack; None if there is none, or none that a deployment would update.

    Raises
    ------
    botocore.exceptions.ClientError
        If CloudFormation refuses for another cause than that there is none.
    """
    found = _described(cloudformation, name)
    if found is None or found["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE", *_MADE_ANEW):
        return None
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=found["StackId"])
    there = [each for page in pages for each in page["StackResourceSummaries"] if _is_there(each)]
    return DeployedStack(
        found["StackId"],
        found["StackStatus"],
        {each["ParameterKey"]: _value(dict(each)) for each in found.get("Parameters", [])},
        _template(cloudformation, found["StackId"]),
        {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in there},
        {each["LogicalResourceId"]: each["ResourceType"] for each in there},
        found.get("EnableTerminationProtection", False),
    )


def _described(cloudformation: CloudFormationClient, name: str) -> StackTypeDef | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    try:
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return None


def _is_there(resource: Mapping[str, Any]) -> bool:
    gone = resource["ResourceStatus"] in ("CREATE_FAILED", "DELETE_COMPLETE", "DELETE_SKIPPED")
    return bool(resource.get("PhysicalResourceId")) and not gone


def _value(parameter: Mapping[str, Any]) -> str | None:
    # Of one of the parameter store the other one is its name.
    value = str(parameter.get("ResolvedValue") or parameter.get("ParameterValue", ""))
    return None if value == _HIDDEN else value


def _template(cloudformation: CloudFormationClient, stack_id: str) -> Mapping[str, Any] | None:
    # As it was uploaded, as the next one is: what transforms have made of it says the same in other words.
    found: Any = cloudformation.get_template(StackName=stack_id, TemplateStage="Original")["TemplateBody"]
    try:
        # boto3 reads what is JSON.
        found = json.loads(found) if isinstance(found, str) else found
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
