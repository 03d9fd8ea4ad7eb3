"""Texts, good and bad, that the definitions of a rule have to judge alike."""

import random
from itertools import product

_TEXTS = 1500


def s3_uris() -> list[str]:
    """URIs made of what URIs are made of, in any order, and the edges of length."""
    pieces = [*"a0-.B_///*é \n?#", "bucket", "//", "key.jsonl", "(1)!"]
    buckets = ["b" * length for length in (2, 3, 62, 63, 64)]
    edges = [f"s3://bucket/{'k' * (length - len('s3://bucket/'))}{end}" for length in (1023, 1024) for end in ("", "/")]
    others = ["", "s3:/bucket/key", "S3://bucket/key", "https://bucket/key", "bucket/key", "s3://bucket/key\n"]
    return [
        *(f"s3://{bucket}" for bucket in buckets),
        *edges,
        *others,
        *_random("s3://", pieces),
        *_random("s3://bucket/", pieces),
    ]


def job_names() -> list[str]:
    """Names, and the edges of length; short ones where botocore's own pattern would take Python too long."""
    edges = [letter * length for letter in "a0" for length in (62, 63, 64, 126, 127)]
    return [*edges, "a" + "-" * 62, "a" + ".+" * 31, "nightly\n", *_random("", list("aZ09-+._ é\n"))]


def job_arns() -> list[str]:
    """ARNs of each kind of part, ids, and both with something around them."""
    parts = product(
        ("arn", "ARN"),
        ("aws", "aws-cn", "aws-us-gov", "aws-", "awsx", ""),
        ("bedrock", "bedrock-runtime"),
        ("us-east-1", "", "r" * 20, "r" * 21, "US-EAST-1"),
        ("123456789012", "12345678901", "1234567890123", "12345678901a", ""),
        (
            "model-invocation-job/abcdefghwxyz",
            "model-invocation-job/0123456789ab",
            "model-invocation-job/abcdefghwxy0z",
            "job/abcdefghwxyz",
            "abcdefghwxyz",
        ),
    )
    good = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/0123456789ab"
    ids = ["0123456789ab", "abcdefghwxyz", "ABCDEFGHWXYZ", "abcdefghwxy", "abcdefghwxyz0", ""]
    return [*map(":".join, parts), *ids, good, f"{good}\n", f" {good}", f"{good}/x", good.upper()]


def _random(beginning: str, pieces: list[str]) -> list[str]:
    chance = random.Random(0)  # noqa: S311 -- the same texts each time
    return [beginning + "".join(chance.choices(pieces, k=chance.randint(0, 9))) for _ in range(_TEXTS)]
