"""Trailers of a chunked body, which ministack takes for headers of the request, whatever they are called.

They come after what was signed has been checked. AWS's clients send checksums in them, and nothing else.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
"""

from ministack import app as ministack

NEEDS = ("app._decode_aws_chunked_body",)

_CHECKSUMS = ("x-amz-checksum-", "x-amz-trailer-signature")


def take_checksums_only() -> None:
    """Forget every trailer that is no checksum."""
    decode = ministack._decode_aws_chunked_body  # noqa: SLF001 -- no public way in

    def decode_aws_chunked_body(body: bytes, headers: dict[str, str]) -> bytes:
        sent = set(headers)
        try:
            content: bytes = decode(body, headers)
            return content
        finally:
            for name in set(headers) - sent:
                if not name.startswith(_CHECKSUMS):
                    del headers[name]

    ministack._decode_aws_chunked_body = decode_aws_chunked_body  # noqa: SLF001 -- the same
