"""One line, looked at closely: what is wrong with it, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bedrock_batch.records.checking.body_rules import caching_in, problem_of
from bedrock_batch.records.checking.families import Family
from bedrock_batch.records.input.media import Media, media_problems
from bedrock_batch.records.members import Place
from bedrock_batch.values import described, shortened


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

    def problems(self, record: Mapping[str, object], *, explained: bool = True) -> Iterator[Place]:
        """Check a record, but for whether its id is another's too; the record is used up.

        Parameters
        ----------
        record : mapping
            The record.
        explained : bool
            Whether it matters what is wrong with the body, or only that something is.

        Yields
        ------
        Place
            Each thing to change.
        """
        if "recordId" in record and not isinstance(record["recordId"], str):
            found = described(record["recordId"])
            yield Place(("recordId",), f"'recordId' must be a string, got {found}; write it in quotes or leave it out")
        yield from self._body_problems(record, explained=explained)

    def _body_problems(self, record: Mapping[str, object], *, explained: bool) -> Iterator[Place]:
        if "modelInput" not in record:
            keys = ", ".join(shortened(key) for key in list(record)[:5]) or "none"
            change = "put the request body for the model there"
            yield Place((), f"'modelInput' is missing (the keys are: {keys}); {change}")
            return
        body = record["modelInput"]
        if not isinstance(body, dict):
            found = described(body)
            yield Place(("modelInput",), f"'modelInput' must be an object, got {found}; write the request body as JSON")
            return
        yield from media_problems(body, self.media)
        if self.family and (problem := problem_of(body, self.family, explained=explained)):
            yield problem

    def warnings(self, record: Mapping[str, object]) -> Iterator[Place]:
        """Find what is likely to fail.

        Yields
        ------
        Place
            Each, with what to change.
        """
        body = record.get("modelInput")
        if isinstance(body, dict):
            yield from caching_in(body)
