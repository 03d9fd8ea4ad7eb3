"""Whether what is sent is what was signed, told as it comes: by its digest, or chunk by chunk."""

import hashlib
import hmac
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from ministack.core.sigv4 import signatures_match

from bedrock_local.gate.refusal import RefusedError

_EMPTY = hashlib.sha256().hexdigest()
_HEAD = re.compile(rb"([0-9a-fA-F]{1,16});chunk-signature=([0-9a-f]{64})")
_TRAILER_SIGNATURE = re.compile(rb"x-amz-trailer-signature:([0-9a-f]{64})")
#: Much more than the head of a chunk or a checksum has, in bytes.
_MOST_LINE = 4096
#: A checksum and its signature are all that is known.
_MOST_TRAILERS = 10
_LINE = b"\r\n"
_DONE = object()


class Content(Protocol):
    """What a body should be."""

    def update(self, part: bytes) -> None:
        """Take the next part.

        Raises
        ------
        RefusedError
            If the body cannot be the one that was signed.
        """

    def end(self) -> None:
        """Return if the body, which is all there, was the one that was signed.

        Raises
        ------
        RefusedError
            If it was not.
        """


class Digest:
    """A body of which a digest was signed.

    Parameters
    ----------
    sha256
        In hexadecimal.
    """

    def __init__(self, sha256: str) -> None:
        self._expected, self._digest = sha256, hashlib.sha256()

    def update(self, part: bytes) -> None:
        """Take the next part."""
        self._digest.update(part)

    def end(self) -> None:
        """Return if it had the digest."""
        if self._digest.hexdigest() != self._expected:
            message = "The body is not the one whose SHA-256 was signed; send that."
            raise RefusedError("XAmzContentSHA256Mismatch", message, HTTPStatus.BAD_REQUEST)


@dataclass(frozen=True)
class Seed:
    """What the signatures of chunks begin with.

    Parameters
    ----------
    signature
        That of the request's head.
    key
        What it was made with.
    date
        ``X-Amz-Date``.
    scope
        ``DATE/REGION/s3/aws4_request``.
    """

    signature: str
    key: bytes
    date: str
    scope: str

    def sign(self, kind: str, *lines: str) -> str:
        """Sign a chunk (``PAYLOAD``), or what comes after the last (``TRAILER``)."""
        text = "\n".join((f"AWS4-HMAC-SHA256-{kind}", self.date, self.scope, *lines))
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()


class SignedChunks:
    """A body whose chunks are signed, each together with the signature of the one before.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, and -trailers.html beside it.

    Parameters
    ----------
    seed
        The request's.
    trailer
        Whether signed checksums follow the last chunk.
    """

    def __init__(self, seed: Seed, *, trailer: bool) -> None:
        self._seed, self._previous = seed, seed.signature
        self._come = bytearray()
        self._reading = self._read(trailer=trailer)
        self._is_whole = False

    def update(self, part: bytes) -> None:
        """Take the next part."""
        self._come += part
        if next(self._reading, _DONE) is _DONE and self._come:
            raise _wrong("goes on after its end")

    def end(self) -> None:
        """Return if the last chunk has come, and after it what had to."""
        if not self._is_whole:
            raise _wrong("ended before its last chunk, that of 0 bytes, and an empty line")

    def _read(self, *, trailer: bool) -> Generator[None]:
        """Read on as far as what has come goes, each time that it is resumed."""
        while size := (yield from self._chunk()):
            if (yield from self._line()):
                raise _wrong(f"has a chunk that is longer than the {size:,} bytes of its head")
        trailers: list[bytes] = []
        while line := (yield from self._line()):
            trailers.append(line)
            if len(trailers) > _MOST_TRAILERS:
                raise _wrong(f"has more than {_MOST_TRAILERS} trailers")
        if trailer:
            self._check_trailers(trailers)
        elif trailers:
            raise _wrong("has trailers, of which x-amz-content-sha256 says nothing")
        self._is_whole = True

    def _chunk(self) -> Generator[None, None, int]:
        head = _HEAD.fullmatch((yield from self._line()))
        if not head:
            raise _wrong("has a chunk without a size and a signature")
        size, digest = int(head[1], 16), hashlib.sha256()
        missing = size
        while missing:
            while not self._come:
                yield
            part = self._come[:missing]
            del self._come[: len(part)]
            digest.update(part)
            missing -= len(part)
        self._previous = self._seed.sign("PAYLOAD", self._previous, _EMPTY, digest.hexdigest())
        if not signatures_match(self._previous, head[2].decode()):
            raise _wrong("has a chunk that was not signed")
        return size

    def _line(self) -> Generator[None, None, bytes]:
        while (end := self._come.find(_LINE)) < 0:
            if len(self._come) > _MOST_LINE:
                raise _wrong(f"has a line of more than {_MOST_LINE:,} bytes outside of its chunks")
            yield
        line = bytes(self._come[:end])
        del self._come[: end + len(_LINE)]
        return line

    def _check_trailers(self, trailers: Sequence[bytes]) -> None:
        *signed, last = [b"", *trailers]
        lines = [line.partition(b":") for line in signed if line]
        canonical = b"".join(b"%s:%s\n" % (name.strip().lower(), value.strip()) for name, _, value in lines)
        signature = self._seed.sign("TRAILER", self._previous, hashlib.sha256(canonical).hexdigest())
        found = _TRAILER_SIGNATURE.fullmatch(last)
        if not found or not signatures_match(signature, found[1].decode()):
            raise _wrong("has trailers that were not signed")


def _wrong(what: str) -> RefusedError:
    return RefusedError("SignatureDoesNotMatch", f"The body {what}; sign each chunk after the one before it.")
