"""S3 URIs: written, told from relative paths, taken apart, and compared."""

_SCHEME = "s3://"


def is_s3_uri(text: str) -> bool:
    """Whether a text names a place in S3, rather than one relative to another."""
    return text.startswith(_SCHEME)


def taken_apart(uri: str) -> tuple[str, str]:
    """Return the bucket of a URI, and the key or prefix in it."""
    bucket, _, key = uri.removeprefix(_SCHEME).partition("/")
    return bucket, key


def place_of(uri: str) -> str:
    """Return a URI in one spelling: a service may show one that it was given with a slash at the end without, or so."""
    return uri.rstrip("/")


def of_bucket(name: str) -> str:
    """Return the URI of a bucket."""
    return f"{_SCHEME}{name}"
