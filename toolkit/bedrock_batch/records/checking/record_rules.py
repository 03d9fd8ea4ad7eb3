"""One line, looked at closely: what is wrong with it, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from bedrock_batch.records.checking.families import Family
from bedrock_batch.records.checking.faults import Fault, caching_in
from bedrock_batch.records.checking.other_lines import without_body
from bedrock_batch.records.input.media import Media, media_problems
from bedrock_batch.records.members import Path
from bedrock_batch.values import described


@dataclass(frozen=True)
class RecordRules:
    """What every record of an input has to keep to.

    Attributes
    ----------
    family : Family or None
        What its body looks like; None if that is not known.
    media : Media
        Where its media are.
    """

    family: Family | None
    media: Media

    def faults(self, record: Mapping[str, object]) -> Iterator[Fault]:
        """Check a record, but for whether its id is another's too; the record is used up.

        Parameters
        ----------
        record : mapping
            The record.

        Yields
        ------
        Fault
            Each thing to change, and each that is likely to fail.
        """
        if "recordId" in record and not isinstance(record["recordId"], str):
            found = described(record["recordId"])
            yield _fault(("recordId",), f"'recordId' must be a string, got {found}; write it in quotes or leave it out")
        if "modelInput" not in record:
            yield _fault((), without_body(record))
            return
        body = record["modelInput"]
        if not isinstance(body, dict):
            found = described(body)
            yield _fault(
                ("modelInput",), f"'modelInput' must be an object, got {found}; write the request body as JSON"
            )
            return
        yield from caching_in(body)
        for path, message in media_problems(body, self.media):
            yield _fault(path, message)
        if self.family:
            yield from self._faults_of_body(body, self.family)

    def _faults_of_body(self, body: dict[str, object], family: Family) -> Iterator[Fault]:
        from bedrock_batch.records.checking.body_rules import body_faults  # noqa: PLC0415 - only what is odd needs it

        try:
            yield from body_faults(body, family)
        except RecursionError:
            yield _fault(("modelInput",), "'modelInput' nests its values too deeply to be read; flatten it")


def _fault(path: Path, message: str) -> Fault:
    return Fault(path, partial(str, message))
