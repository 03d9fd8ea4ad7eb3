"""The policies of the functions of a stack, in which each who may call one has a statement."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from cdk_bedrock_batch._api.arn import arn_to_measure
from cdk_bedrock_batch._cdk.intrinsics import names_in
from cdk_bedrock_batch._cdk.shared import properties_of
from cdk_bedrock_batch._cdk.tokens import is_token

#: Characters of such a policy, which nobody can have raised:
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST = 20 * 1024
_PERMISSION = "AWS::Lambda::Permission"
_OTHERS = (iam.CfnManagedPolicy, iam.CfnPolicy, iam.CfnRole)
#: Around the statements.
_FRAME = len('{"Version":"2012-10-17","Id":"default","Statement":[]}')
#: Characters of the names that CloudFormation makes, and of what it adds: two hyphens and twelve letters and digits.
_NAME, _SID, _ADDED = 64, 100, 14


def lengths(stack: Stack, constructs: Iterable[IConstruct]) -> dict[str, tuple[int, int]]:
    """Return for each function how many may call it, and how long that makes its policy, rather too long."""
    found: dict[str, list[int]] = defaultdict(list)
    for each in constructs:
        # Each job has some of IAM's, whose class says so without a question to CDK's own process.
        if isinstance(each, CfnResource) and not isinstance(each, _OTHERS) and each.cfn_resource_type == _PERMISSION:
            # CDK's own classes write names in another way.
            given = {name.lower(): value for name, value in properties_of(each).items()}
            function = stack.resolve(given["functionname"])
            named = names_in(function)
            found[named.pop() if len(named) == 1 else json.dumps(function).strip('"')].append(
                _length(stack, each, given)
            )
    return {function: (len(each), _FRAME + sum(each)) for function, each in found.items()}


def _length(stack: Stack, permission: CfnResource, given: Mapping[str, Any]) -> int:
    """Return the characters of a statement, as Lambda writes it, with the comma."""
    name = _made_name(stack, permission, _NAME)
    statement = {
        "Sid": _made_name(stack, permission, _SID),
        "Effect": "Allow",
        "Principal": {"Service": stack.resolve(given["principal"])},
        "Action": "lambda:InvokeFunction",
        "Resource": arn_to_measure("lambda", f"function:{name}"),
        "Condition": {"ArnLike": {"AWS:SourceArn": arn_to_measure("events", f"rule/{name}")}},
    }
    return len(json.dumps(statement, separators=(",", ":"))) + 1


def _made_name(stack: Stack, resource: CfnResource, longest: int) -> str:
    """Return a text as long as the name that CloudFormation makes of a logical id, which is what differs most."""
    name = stack.stack_name
    length = len(str(stack.resolve(resource.logical_id))) + _ADDED
    return "n" * (longest if is_token(name) else min(longest, len(name) + length))
