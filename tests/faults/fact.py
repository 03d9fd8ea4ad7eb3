"""What a fact about AWS is, and how sure one can be."""

from dataclasses import dataclass
from enum import StrEnum


class Sure(StrEnum):
    """How sure a fact is, the surest first."""

    DOCUMENTED = "documented"
    RECORDED = "recorded"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fact:
    """Something about AWS.

    Attributes
    ----------
    source
        A page or field of AWS's, or whoever has met it.
    rows
        Those that lean on it.
    tried
        Of what is unknown: switches of ``Behaviours`` or parameters, of which tests of each row have one; two rows or
        more, one for each way; or ``shown``, which all rows are.
    """

    says: str
    sure: Sure
    source: str
    rows: str
    tried: str = ""
