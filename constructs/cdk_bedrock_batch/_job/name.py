"""How a job's name begins: the part that is known before the job exists, and by which its events are told.

``<words>-<owner>``, to which the function adds two digests. The words are for people, and may change while a job runs;
the owner stays as long as the resource has its logical id.
"""

import hashlib
import re
from collections.abc import Callable

from aws_cdk import CfnResource, Lazy, Names, Stack
from constructs import Construct

from cdk_bedrock_batch._api.validation import check_text
from cdk_bedrock_batch._cdk.produced import Produced
from cdk_bedrock_batch._cdk.shared import path_of, told_by
from cdk_bedrock_batch._cdk.tokens import is_token

#: ``jobName`` has at most 63 characters, of which the function's digests take 26.
_LONGEST_PREFIX = 37
_OWNER = 8
_LONGEST_WORDS = _LONGEST_PREFIX - _OWNER - 1
#: What a reader takes for one: Summaries, PDF in PDFReport, 2026.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def check_job_name(name: str, longest: int = _LONGEST_WORDS) -> None:
    """Check the beginning that a user chose, for which there are so many characters.

    Raises
    ------
    ValueError
        It has a character that the API refuses, or is too long.
    """
    check_text("job_name", name, "jobName", advice="use letters, digits and + - . only")
    if not is_token(name) and len(name) > longest:
        raise ValueError(
            f"'job_name' must have at most {longest} characters, got {len(name)} in {name!r}: "
            "the rest of the job's name is what it is recognised by"
        )


def beginning_of(job_name: str) -> str:
    """Return as much of a whole name as a user may choose, without the punctuation at which it was cut."""
    return job_name[:_LONGEST_WORDS].rstrip("-.+")


def unique_name(scope: Construct) -> str:
    """Return a readable name that no other construct of the app has."""
    return Names.unique_resource_name(scope, max_length=_LONGEST_PREFIX, separator="-")


def words_of(path: str, longest: int = _LONGEST_WORDS) -> str:
    """Return what tells a person which job it is: as many words of its path as fit, the last ones first of all.

    Parameters
    ----------
    path
        Of the construct.
    longest
        Characters that there is room for. Default: as many as in the name of a job that a deployment makes.
    """
    *around, own = [_WORD.findall(part) for part in path.split("/")]
    found = _together(own, longest) or "".join(own)[:longest] or "Job"
    for words in reversed(around):
        more = _together(words, longest - len(found) - 1)
        found = f"{more}-{found}" if more else found
    return found


def _together(words: list[str], room: int) -> str:
    """Return as many of the words as fit, from the first on."""
    fitting = (number for number in range(len(words), 0, -1) if sum(map(len, words[:number])) <= room)
    return "".join(words[: next(fitting, 0)])


def owner_of(stack: Stack, resource: Callable[[], CfnResource]) -> str:
    """Return the part of a job's name that tells whose it is, as a text that is known when all logical ids are.

    Parameters
    ----------
    stack
        Of the job.
    resource
        Gives the job's resource, which may be made after the text.
    """
    home, within = told_by(stack).name, stack
    # Of a nested stack only CloudFormation knows the name, but it is always in the same place of one that has a name.
    while is_token(home) and within.nested_stack_parent:
        within = within.nested_stack_parent
        home = f"{told_by(within).name} {path_of(stack)}"

    def digest() -> str:
        owner = f"{home} {stack.resolve(resource().logical_id)}"
        return hashlib.sha256(owner.encode()).hexdigest()[:_OWNER]

    return Lazy.string(Produced(digest))


def earlier_prefix(unique: str, job_name: str | None) -> str:
    """Return how the names of a job began before they told its owner; one of those may still run."""
    if job_name is None:
        return unique
    return f"{job_name}-{hashlib.sha256(unique.encode()).hexdigest()[:8]}"
