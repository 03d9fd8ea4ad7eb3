"""The tags that ``Tags.of(...)`` gives a job."""

import re

import jsii
from aws_cdk import TagManager, TagType
from constructs import IValidation

from cdk_bedrock_batch._properties import RESOURCE_TYPE
from cdk_bedrock_batch._validation import is_token, members

#: https://docs.aws.amazon.com/bedrock/latest/userguide/tagging.html
_MOST = 50


def tag_manager() -> TagManager:
    """Return what CDK collects a job's tags in."""
    return TagManager(TagType.STANDARD, RESOURCE_TYPE)


@jsii.implements(IValidation)
class TagRules:
    """Says at synth, when all tags are known, which of them Bedrock would refuse."""

    def __init__(self, tags: TagManager) -> None:
        self._tags = tags

    def validate(self) -> list[str]:
        """Return what is wrong, a sentence for each tag."""
        tags = self._tags.tag_values()
        problems = [
            f"the tag {name!r} of the job has the {part} {text!r}, which {problem}: change it, or leave the job out "
            f'with Tags.of(...).add({name!r}, ..., exclude_resource_types=["{RESOURCE_TYPE}"])'
            for name, value in tags.items()
            for part, text in (("key", name), ("value", value))
            if (problem := _problem(part, text))
        ]
        if len(tags) > _MOST:
            problems.append(f"the job has {len(tags)} tags, and Bedrock takes {_MOST}: leave some out")
        return problems


def _problem(part: str, text: str) -> str:
    rule = members("tags")[part].metadata
    if is_token(text):
        return ""
    if not rule["min"] <= len(text) <= rule["max"]:
        return f"must have {rule['min']} to {rule['max']} characters"
    if part == "key" and text.lower().startswith("aws:"):
        return "AWS keeps for itself"
    return "" if re.fullmatch(rule["pattern"], text) else "may have letters, digits, spaces and . _ : / = + @ - only"
