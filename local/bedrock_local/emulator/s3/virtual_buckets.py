"""``BUCKET.localhost``, by which ministack knows no bucket where it is served as 127.0.0.1. Seen in ministack 1.5.33.

An SDK whose endpoint is ``http://localhost:PORT`` names buckets so.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

from ministack import app as ministack

NEEDS = ("app._MINISTACK_HOST",)


def know_localhost() -> None:
    """Let the name of a bucket before ``localhost`` be one."""
    ministack._MINISTACK_HOST = "localhost"  # noqa: SLF001 -- of the environment it would be in every address that it tells
