"""What can go wrong in the custom resource, one class a cause.

::

    CustomResourceError
    ├── InvalidRequestError       the event or a resource property is not what the construct renders
    ├── UndeliverableAnswerError  CloudFormation cannot be told the outcome
    ├── RunError                  the run of a pipeline cannot be had, or cannot be ended
    └── JobError                  the job cannot be had
        ├── NotYetPermittedError  refused now; a new role may only need time
        ├── ThrottledError        refused now, because others call too; passes by itself
        ├── UnavailableError      not answered, or with a failure of the service's own; may pass by itself
        ├── JobMayExistError      there may be a job of this name; Bedrock has not said whose
        ├── SubmissionError       Bedrock or S3 refused for good
        ├── NotWantedError        CloudFormation gave up on the resource while its job was being made
        ├── JobFailedError        the job ended without what was asked for
        └── StopError             a live job could not be stopped
"""


class CustomResourceError(Exception):
    """What this function can say in one sentence; everything else is a defect of its own."""


class InvalidRequestError(CustomResourceError):
    """The event or one of its resource properties has no meaning here."""


class UndeliverableAnswerError(CustomResourceError):
    """The answer was refused, or not accepted before the deadline."""


class RunError(CustomResourceError):
    """A pipeline does not run as it is asked to; the text is for the reader of the stack events."""


class JobError(CustomResourceError):
    """The job cannot be had; the text is for the reader of the stack events."""


class NotYetPermittedError(JobError):
    """Access was refused; right after a role or policy was made, this passes by itself."""


class ThrottledError(JobError):
    """Bedrock takes no more calls for the moment."""


class UnavailableError(JobError):
    """The service was not reached, or failed by itself."""


class JobMayExistError(JobError):
    """Bedrock has a job of this name, or may have; whose it is has to be looked up."""


class SubmissionError(JobError):
    """The job, or the copy of its input, was refused for a reason that waiting does not cure."""


class NotWantedError(JobError):
    """CloudFormation had given up on the resource when its job came to be; the job was stopped."""


class JobFailedError(JobError):
    """The job reached a state from which no result will come."""


class StopError(JobError):
    """The job lives on although it should have been stopped."""
