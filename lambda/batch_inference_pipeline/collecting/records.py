"""Records, as lines of a shard, and the digests by which the lines of an output are theirs."""

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NoReturn

#: Bytes of a digest: of as many records as a job takes, no two have the same one.
_DIGEST = 16


class OddLineError(Exception):
    """A line that is not as the service writes it; the text says what is wrong."""


@dataclass(frozen=True)
class Record:
    """What a line asks.

    Parameters
    ----------
    id
        Its ``recordId``: cutting has given one to each record that had none. In a later round, records of several
        shards may have the same one.
    model_input
        The body for the model.
    """

    id: str
    model_input: Any

    @property
    def key(self) -> bytes:
        """A digest of its id."""
        return digest_of(self.id)

    @property
    def whole_key(self) -> bytes:
        """A digest of its id and its body, by which records of one id are told apart."""
        return digest_of(self.id + json.dumps(self.model_input, sort_keys=True))


def read_record(line: bytes) -> Record:
    """Read the record in a line of an input.

    Raises
    ------
    OddLineError
        The line is none.
    """
    return record_of(read_object(line))


def record_of(content: dict[str, Any]) -> Record:
    """Take the record out of the object of a line.

    Raises
    ------
    OddLineError
        It has no id.
    """
    found = content.get("recordId")
    if not isinstance(found, str):
        raise OddLineError("has no 'recordId'")
    return Record(found, content.get("modelInput"))


def read_object(line: bytes) -> dict[str, Any]:
    """Read a line as one JSON object.

    Raises
    ------
    OddLineError
        It is none.
    """
    try:
        content = _DECODER.decode(line.decode())
    except ValueError as error:
        # What is wrong without a word of the line: a record is nobody else's business.
        raise OddLineError(f"is not JSON in UTF-8 ({type(error).__name__} in {len(line)} bytes)") from None
    except RecursionError:
        raise OddLineError("nests its values too deeply to be read") from None
    if not isinstance(content, dict):
        raise OddLineError("is not a JSON object")
    return content


def digest_of(text: str) -> bytes:
    """Return a digest of an id, or of more: of as many records as a job takes, no two have the same one."""
    return blake2b(text.encode(errors="surrogatepass"), digest_size=_DIGEST).digest()


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _whole_number(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:
        # JSON has no longest number, Python has; as a fraction it is at least a number.
        return float(digits)


# Python reads NaN and Infinity; no other reader of JSON has to.
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=_whole_number)
