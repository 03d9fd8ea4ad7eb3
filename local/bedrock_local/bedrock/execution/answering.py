"""The records of a job to their answers: read from the input, asked, counted, written."""

import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import IO, TypeVar

from bedrock_local.bedrock.access.roles import RoleSession
from bedrock_local.bedrock.data.input_data import InputFile
from bedrock_local.bedrock.data.latest import LatestRecords
from bedrock_local.bedrock.data.media import Media
from bedrock_local.bedrock.data.output_data import OutputData
from bedrock_local.bedrock.data.record import Outcome, Record
from bedrock_local.bedrock.execution.inference import Inference, failed, inference
from bedrock_local.bedrock.execution.progress import Progress
from bedrock_local.bedrock.faults.fault import FailRecords
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.failure import JobFailedError
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.invocation import RefusedError

# Records in memory at a time; the output is shuffled within.
_WINDOW = 64
# The errors of a model that another try may not meet.
_RETRYABLE = frozenset({408, 424, 429, *range(500, 600)})

_Asked = TypeVar("_Asked")


@dataclass(frozen=True)
class Answering:
    """Answers the records of one job.

    Parameters
    ----------
    job
        The job.
    backend
        The model that answers.
    faults
        Say which records fail.
    progress
        Counts the outcomes.
    halted
        Whether the job is stopped or out of time: then no more records are asked.
    through_profile
        Whether calls of the models behind an inference profile name it.
    latest
        Told each outcome, for whoever looks on.
    """

    job: Job
    backend: Backend
    faults: Faults
    progress: Progress
    halted: Callable[[], bool]
    through_profile: bool
    latest: LatestRecords

    def run(self, session: RoleSession, files: list[InputFile], output: OutputData) -> None:
        """Answer the records of all files, and write the manifest.

        Parameters
        ----------
        session
            The service role.
        files
            The input.
        output
            Where to write.

        Raises
        ------
        JobFailedError
            If the role may not invoke the model from the start, or may at some time not read or write.
        """
        denied = session.invocation(list(self.job.model.invocations(through_profile=self.through_profile)))
        if denied():
            raise JobFailedError("Customer doesn't have permissions to invokeModel")
        media = Media(self.job, session)

        def require(record: Record) -> None:
            media.require(record)
            if refusal := denied():
                raise RefusedError(HTTPStatus.FORBIDDEN, refusal)

        model_id, invocation_type = self.job.model.foundation_id, self.job.request["modelInvocationType"]
        ask = inference(self.backend, model_id, invocation_type, require)
        self.progress.begin()
        seen = self.latest.begin(self.job.job_id)
        try:
            for file in files:
                with tempfile.TemporaryFile() as answers:
                    self._answer(file, ask, answers, seen)
                    output.write(file.name, answers)
            output.write_manifest(self.progress.manifest())
        finally:
            self.progress.end()
            self.latest.end(self.job.job_id)

    def _answer(self, file: InputFile, ask: Inference, answers: IO[bytes], seen: Callable[[Outcome], None]) -> None:
        records = enumerate(file.records(), 1)
        # The order of the output means nothing: a client that relies on it must be seen to fail.
        order = random.Random(self.job.job_id)  # noqa: S311 -- not a secret
        with _asker(self.backend.concurrency) as ask_all:
            while window := list(islice(records, _WINDOW)):
                question = partial(self._outcome, ask, self.faults.record_failure(self.job))
                outcomes = [self._counted(outcome, seen) for outcome in ask_all(question, window) if outcome]
                order.shuffle(outcomes)
                answers.write(b"".join([outcome.line() for outcome in outcomes]))

    def _outcome(self, ask: Inference, failure: FailRecords | None, numbered: tuple[int, Record]) -> Outcome | None:
        number, record = numbered
        if self.halted():
            return None
        if failure and failure.hits(number):
            return failed(record, failure.code, failure.message, retryable=failure.code in _RETRYABLE)
        return ask(record)

    def _counted(self, outcome: Outcome, seen: Callable[[Outcome], None]) -> Outcome:
        seen(outcome)
        self.progress.add(outcome)
        self.progress.publish_when_due()
        return outcome


@contextmanager
def _asker(concurrency: int) -> Iterator[Callable[..., Iterator[Outcome | None]]]:
    """Give a `map` that answers so many at a time, in any order."""
    if concurrency == 1:
        # Handing each record to another thread would take longer than the quickest model does.
        yield map
        return
    with ThreadPoolExecutor(concurrency) as pool:

        def ask_all(question: Callable[[_Asked], Outcome | None], window: list[_Asked]) -> Iterator[Outcome | None]:
            asked = [pool.submit(question, each) for each in window]
            return (answered.result() for answered in as_completed(asked))

        yield ask_all
