"""Our judge of policies and the emulator's: on generated documents they differ only where ours cannot tell."""

import random
from collections import Counter
from typing import Any

from ministack.core import iam_evaluator

from bedrock_batch.diagnosis.policies.context import Context
from bedrock_batch.diagnosis.policies.document import Request
from bedrock_batch.diagnosis.policies.opinion import opinion
from bedrock_batch.diagnosis.policies.principals import Role
from bedrock_batch.diagnosis.policies.truth import Truth

ROLE = "arn:aws:iam::111122223333:role/job"
KNOWN = {
    "s3:prefix": ("in/",),
    "kms:viaservice": ("s3.us-east-1.amazonaws.com",),
    "ec2:subnet": ("subnet-1", "subnet-2"),
}
ABSENT = ("s3:delimiter", "kms:encryptioncontext:a")
ACTIONS = ("s3:GetObject", "s3:Get*", "s3:*", "*", "s3:Put?bject", "kms:Decrypt", "S3:GETOBJECT")
RESOURCES = (
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/in/a.jsonl",
    "arn:aws:s3:::b/in/?.jsonl",
    "arn:aws:s3:::other/*",
    "arn:aws:s3*",
    "arn:aws:kms:us-east-1:111122223333:key/1",
)
VALUES = (
    "in/",
    "in*",
    "s3.us-east-1.amazonaws.com",
    "s3.*",
    "subnet-1",
    "subnet-?",
    "true",
    "false",
    "arn:aws:s3:::b/*",
)
OPERATORS = [
    prefix + operator + suffix
    for prefix in ("", "ForAllValues:", "ForAnyValue:")
    for operator in (
        *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
        *("ArnLike", "ArnNotLike", "Bool", "IpAddress", "NumericEquals", "DateLessThan"),
    )
    for suffix in ("", "IfExists")
] + ["Null"]
PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": ROLE},
    {"AWS": "111122223333"},
    {"AWS": "arn:aws:iam::111122223333:root"},
    {"AWS": ["arn:aws:iam::999999999999:root", "arn:aws:iam::111122223333:role/other"]},
    {"Service": "bedrock.amazonaws.com"},
)


def some(chance: random.Random, items: Any) -> Any:
    found = chance.sample(items, chance.randint(1, 2))
    return found[0] if len(found) == 1 else found


def statement(chance: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Effect": chance.choice(("Allow", "Allow", "Deny")),
        "Principal": chance.choice(PRINCIPALS),
        chance.choice(("Action", "Action", "NotAction")): some(chance, ACTIONS),
        chance.choice(("Resource", "Resource", "NotResource")): some(chance, RESOURCES),
    }
    if chance.random() < 0.6:
        keys = (*KNOWN, *ABSENT)
        made["Condition"] = {
            chance.choice(OPERATORS): {chance.choice(keys): some(chance, VALUES)} for _ in range(chance.randint(1, 2))
        }
    return made


def test_they_differ_only_where_ours_cannot_tell() -> None:
    chance, counts = random.Random(7), Counter[str]()  # noqa: S311 (a test)
    context = Context(KNOWN, ABSENT)
    for _ in range(8_000):
        document = {"Statement": [statement(chance) for _ in range(chance.randint(1, 4))]}
        action, resource = (
            chance.choice(("s3:GetObject", "kms:Decrypt")),
            chance.choice(("arn:aws:s3:::b/in/a.jsonl", "arn:aws:kms:us-east-1:111122223333:key/1")),
        )
        ours = opinion(document, Request(action, resource, Role(ROLE), context))
        theirs = iam_evaluator.evaluate_resource_policy(
            document,
            iam_evaluator.EvalContext(
                ROLE,
                "AssumedRole",
                "111122223333",
                action,
                resource,
                "us-east-1",
                service_context={key: list(values) if len(values) > 1 else values[0] for key, values in KNOWN.items()},
            ),
        ).decision
        found = decided(ours.denied, ours.allowed)
        counts[found] += 1
        assert found in (theirs, "cannot tell"), (document, action, resource)
    # Each answer is given often: a judge that can never tell would not differ either.
    assert min(counts[each] for each in ("Allow", "Deny", "ImplicitDeny")) > 500, counts


def decided(denied: Truth, allowed: Truth) -> str:
    if denied:
        return "Deny"
    if denied is None or allowed is None:
        return "cannot tell"
    return "Allow" if allowed else "ImplicitDeny"
