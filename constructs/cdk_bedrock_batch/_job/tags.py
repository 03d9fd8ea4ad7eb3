"""The tags that ``Tags.of(...)`` gives a job."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Stack, TagManager, TagType
from constructs import Construct, IValidation

from cdk_bedrock_batch._api.validation import rules_of
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._function.properties import RESOURCE_TYPE

#: https://docs.aws.amazon.com/bedrock/latest/userguide/tagging.html
_MOST = 50


def tag_manager() -> TagManager:
    """Return what CDK collects a job's tags in."""
    return TagManager(TagType.STANDARD, RESOURCE_TYPE)


def look_at_tags(job: Construct, tags: TagManager, most_characters: int | None = None) -> None:
    """Have synth say, when all tags are known, which of them Bedrock would refuse, or are too long together."""
    stack = stack_of(job)
    if stack not in _JOBS:
        _JOBS[stack] = []
        stack.node.add_validation(TagRules(_JOBS[stack]))
    _JOBS[stack].append(_Tagged(job, tags, most_characters))


@dataclass(frozen=True)
class _Tagged:
    job: Construct
    tags: TagManager
    most_characters: int | None


@jsii.implements(IValidation)
class TagRules:
    """Looks at the tags of all jobs of a stack."""

    def __init__(self, jobs: list[_Tagged]) -> None:
        self._jobs = jobs

    def validate(self) -> list[str]:
        """Return what is wrong, a sentence for each tag."""
        return [f"the job {each.job.node.path} {problem}" for each in self._jobs for problem in _problems(each)]


# One validation for each stack: each is a call from the CDK's own process.
_JOBS: WeakKeyDictionary[Stack, list[_Tagged]] = WeakKeyDictionary()


def _problems(tagged: _Tagged) -> Iterator[str]:
    tags = tagged.tags.tag_values()
    for name, value in tags.items():
        for part, text in (("key", name), ("value", value)):
            if problem := _problem(part, text):
                yield (
                    f"has the tag {name!r} with the {part} {text!r}, which {problem}: change it, or leave the job out "
                    f'with Tags.of(...).add({name!r}, ..., exclude_resource_types=["{RESOURCE_TYPE}"])'
                )
    if len(tags) > _MOST:
        yield f"has {len(tags)} tags, and Bedrock takes {_MOST}: leave some out"
    characters = sum(len(name) + len(value) for name, value in tags.items())
    if tagged.most_characters and characters > tagged.most_characters:
        most = tagged.most_characters
        yield f"has tags of {characters} characters in all, and a pipeline's take {most}: leave some out"


def _problem(part: str, text: str) -> str:
    rule = rules_of("tags")[part]
    if is_token(text):
        return ""
    if not rule["min"] <= len(text) <= rule["max"]:
        return f"must have {rule['min']} to {rule['max']} characters"
    if part == "key" and text.lower().startswith("aws:"):
        return "AWS keeps for itself"
    return "" if re.fullmatch(rule["pattern"], text) else "may have letters, digits, spaces and . _ : / = + @ - only"
