"""What a stack's function may do, by its template, and templates in which it may not do one thing of it."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from .permissions import Permission, permissions, without
from .stacks import Template

PROVIDER = "BedrockBatchProvider"
REMOVING = {"s3:DeleteBucket", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"}


def policies(template: Template) -> dict[str, Mapping[str, Any]]:
    """The documents of the policies of the roles of both functions, wherever the policies stand."""
    return {
        logical_id: resource["Properties"]["PolicyDocument"]
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy") and _is_of_function(resource)
    }


def lacking(template: Template, missing: Permission) -> Template:
    """Return the template without a permission."""
    changed = copy.deepcopy(template)
    for logical_id, document in policies(template).items():
        changed["Resources"][logical_id]["Properties"]["PolicyDocument"] = without(document, missing)
    return changed


def waiting(template: Template) -> list[Permission]:
    """What the function may do in order to wait, and for the end of a job at that."""
    return [each for each in permissions(policies(template).values()) if _is_to_wait(each)]


def working(template: Template) -> list[Permission]:
    """What the function may do besides, and the one that answers for a dead one."""
    return [
        each for each in permissions(policies(template).values()) if not _is_to_wait(each) and not is_to_remove(each)
    ]


def is_to_remove(permission: Permission) -> bool:
    """Whether something is allowed in order to remove what a failed deployment has made."""
    return permission.action in REMOVING


def _is_of_function(resource: Mapping[str, Any]) -> bool:
    return PROVIDER in json.dumps(resource["Properties"].get("Roles"))


def _is_to_wait(permission: Permission) -> bool:
    service, _, action = permission.action.partition(":")
    looks = permission.action == "lambda:InvokeFunction" and f"{PROVIDER}Function" in permission.resource
    of_end = permission.action == "cloudformation:SignalResource" or (service == "iam" and action != "PassRole")
    of_results = permission.action == "kms:Decrypt" and "aws:s3:arn" not in permission.condition
    of_tokens = "manifest.json.out" in permission.resource or of_results
    return service in ("dynamodb", "states") or looks or of_end or of_tokens
