"""AWS::Bedrock::ApplicationInferenceProfile, which ministack's CloudFormation does not have. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrock-applicationinferenceprofile.html
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ministack.services import bedrock
from ministack.services.cloudformation import provisioners

from bedrock_local.names.arn import Arn

NEEDS = (
    "services.bedrock._create_inference_profile",
    "services.bedrock._delete_inference_profile",
    "services.bedrock._tags",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
    "services.cloudformation.provisioners._REPLACING_PROPERTIES",
    "services.cloudformation.provisioners._STACK_TAG_PROPERTY",
)

_TYPE = "AWS::Bedrock::ApplicationInferenceProfile"

Made = tuple[str, dict[str, str]]
Properties = Mapping[str, Any]


def make_profiles_of_stacks() -> None:
    """Let a stack have application inference profiles: of all that they are, only tags change in place."""
    handler = {"create": _create, "update": _update, "delete": _delete}
    provisioners._RESOURCE_HANDLERS[_TYPE] = handler  # noqa: SLF001 -- no public way in
    provisioners._REPLACING_PROPERTIES[_TYPE] = ("Description", "InferenceProfileName", "ModelSource")  # noqa: SLF001 -- the same
    provisioners._STACK_TAG_PROPERTY[_TYPE] = ("Tags", "list")  # noqa: SLF001 -- the same


def _create(logical_id: str, properties: Properties, stack_name: str) -> Made:  # noqa: ARG001 -- ministack's
    request = {
        "inferenceProfileName": properties.get("InferenceProfileName"),
        "description": properties.get("Description", ""),
        "modelSource": {"copyFrom": properties.get("ModelSource", {}).get("CopyFrom")},
        "tags": [{"key": key, "value": value} for key, value in _tags_in(properties).items()],
    }
    status, _, answer = bedrock._create_inference_profile(json.dumps(request).encode())  # noqa: SLF001 -- no public way in
    told = json.loads(answer)
    if status != HTTPStatus.CREATED:
        raise ValueError(told["message"])
    return _described(told["inferenceProfileArn"])


def _update(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Made:  # noqa: ARG001 -- the same
    tags = bedrock._tags.get(physical_id, {})  # noqa: SLF001 -- no public way in
    kept = {key: value for key, value in tags.items() if key not in _tags_in(old)}
    bedrock._tags[physical_id] = kept | _tags_in(new)  # noqa: SLF001 -- the same
    return _described(physical_id)


def _delete(physical_id: str, properties: Properties) -> None:  # noqa: ARG001 -- the same
    bedrock._delete_inference_profile(Arn.parse(physical_id).name)  # noqa: SLF001 -- no public way in


def _described(arn: str) -> Made:
    names = {"InferenceProfileArn": arn, "InferenceProfileIdentifier": arn, "InferenceProfileId": Arn.parse(arn).name}
    return arn, names | {"Status": "ACTIVE", "Type": "APPLICATION"}


def _tags_in(properties: Properties) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
