"""What can go wrong in a pipeline, one class a cause: each ends an execution with a sentence, but for the last.

::

    PipelineError
    ├── BadInputError        the input is not what jobs take; nothing was paid
    ├── RefusedError         Bedrock, or a right that is missing, refuses for good
    ├── IncompleteError      nothing is known of a shard, for whatever worked on it has failed
    ├── TooManyFailuresError more records failed, or stayed unanswered, than is tolerated
    └── BusyError            no job may be made now: the quota is used up, or Bedrock takes no more calls; asked again
"""


class PipelineError(Exception):
    """What can be said in one sentence; everything else is a defect of its own.

    The name of the class is the execution's error, and the text its cause.
    """


class BadInputError(PipelineError):
    """The input cannot be cut into jobs; the text names the object, the line and what to change."""


class RefusedError(PipelineError):
    """A job, or a call, was refused for a reason that waiting does not cure."""


class IncompleteError(PipelineError):
    """Of some shards nothing is known; the run can be gone on with when the cause is cured."""


class TooManyFailuresError(PipelineError):
    """The run is over, and too little came of it; what there is stands in its results and its summary."""


class BusyError(PipelineError):
    """There may be no further job at this moment."""
