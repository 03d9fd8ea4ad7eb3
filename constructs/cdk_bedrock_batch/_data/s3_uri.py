"""S3 URIs: how one is written, told from a path, and taken apart, and what the end of one says."""

from aws_cdk import Fn

_SCHEME = "s3://"


def s3_uri(rest: str) -> str:
    """Return the URI of a bucket's name, a slash and a path."""
    return f"{_SCHEME}{rest}"


def is_s3_uri(text: str) -> bool:
    """Whether a text is an S3 URI and no path; of a token that cannot be told."""
    return text.startswith(_SCHEME)


def taken_apart(uri: str) -> tuple[str, str]:
    """Return the name of the bucket of a URI, and all that follows the scheme."""
    if is_s3_uri(uri):
        rest = uri.removeprefix(_SCHEME)
        return rest.partition("/")[0], rest
    # A token, which CloudFormation takes apart.
    return Fn.select(2, Fn.split("/", uri)), Fn.select(1, Fn.split(_SCHEME, uri))


def is_jsonl(path: str) -> bool:
    """Whether a path or URI is that of one JSONL file."""
    return path.endswith(".jsonl")


def is_prefix(path: str) -> bool:
    """Whether a path or URI stands for all that is below it."""
    return path.endswith("/")
