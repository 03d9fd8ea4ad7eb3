"""Texts on their way from lines into the gaps of a record: as they stand, or as a part of a prompt."""

import re
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Raw
from msgspec.json import Encoder

# A text that is more than space, as most of what is no space begins: what else there is takes the other way.
_MORE_THAN_SPACE = re.compile(
    rb"""
    "(?:[ ]|\\[nrt])*
    (?: [!#-\[\]-~] | \\["\\/] | [\xc3-\xe0\xe4-\xf4] | \xe3[\x81-\xbf]
      | \\u(?: 00[c-f] | 0[1-9a-f] | 30[4-9a-f] | [4-9a-c] | d[89ab] ) )
    """,
    re.VERBOSE | re.IGNORECASE,
).match

_encode = Encoder().encode


class WholeTexts:
    """Texts that are texts in the record, too: they need not be read."""

    kind = Raw

    def gap(self, mark: str) -> bytes:
        """Say what a gap takes the place of."""
        return _encode(mark)

    def filling(self, texts: Sequence[Raw]) -> Sequence[Raw]:
        """Take texts as they go into gaps; none if one has to be looked at closely."""
        return texts if all(map(_MORE_THAN_SPACE, texts)) else ()


class TextsInside:
    """Texts that stand inside of another, as in the prompt of Llama."""

    kind = str

    def gap(self, mark: str) -> bytes:
        """See `WholeTexts`."""
        return mark.encode()

    def filling(self, texts: Sequence[str]) -> Sequence[bytes]:
        """See `WholeTexts`."""
        return [_encode(text)[1:-1] for text in texts] if all(map(_is_plain, texts)) else ()


Texts: TypeAlias = WholeTexts | TextsInside
WHOLE, INSIDE = WholeTexts(), TextsInside()


def _is_plain(text: str) -> bool:
    """Whether a text can stand in a prompt as it is: no mark of any model's in it, and no space around it."""
    return not (
        not text
        or text != text.strip()
        or ("<" in text and ("<|" in text or "<s>" in text or "/s>" in text))
        or ("[" in text and "INST]" in text)
    )
