"""The function's entry point: CloudFormation's events in, decisions out, clients made when they are needed."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from model_invocation_job import status
from model_invocation_job.answer import DELIVERY_MARGIN, SafeCfnResource
from model_invocation_job.clock import Deadline, SystemClock
from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.identity import JobIdentity
from model_invocation_job.jobs import BedrockJobs, Job
from model_invocation_job.keeping import Keeping
from model_invocation_job.lifecycle import Lifecycle
from model_invocation_job.logs import configure
from model_invocation_job.provision import Provision
from model_invocation_job.request import JobRequest, parse, parse_for_delete
from model_invocation_job.stacks import CloudFormationStacks
from model_invocation_job.staging import S3Staging
from model_invocation_job.stopping import Stopping
from model_invocation_job.watching import Watching

#: Bedrock's service model as of the construct's release, so that new parameters work on an older boto3.
SERVICE_MODEL = Path(__file__).parent.parent / "service_model"

formatter = configure()
helper = SafeCfnResource()


def handler(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Answer one request of CloudFormation."""
    formatter.about(event if isinstance(event, Mapping) else {})
    helper(event, context)


@helper.create
def create(event: Mapping[str, Any], context: Any) -> str:  # noqa: ANN401 (Lambda's context has no class)
    """Provide the job and stand for it."""
    request, deadline = parse(event, event["ResourceProperties"]), _deadline(context)
    # As soon as there is a job a failure must name it, so that the Delete that follows finds it.
    job = provision().provide(request, deadline, _answer_with)
    helper.Data = attributes(job, request)
    return job.arn


@helper.update
def update(event: Mapping[str, Any], context: Any) -> str:  # noqa: ANN401 (Lambda's context has no class)
    """Provide another job if the present one is not what is asked for; CloudFormation then deletes the old one."""
    request, deadline = parse(event, event["ResourceProperties"]), _deadline(context)
    previous = _previous(event)
    if previous and JobIdentity.of(previous).specification != JobIdentity.of(request).specification:
        # Before anything else, for a roll-back that dies later has at least left no job without an owner.
        lifecycle().stop_unknown(previous, deadline)
    job = keeping().keep(request, previous, deadline)
    if job is None:
        job = provision().provide(request, deadline)
        lifecycle().require_wanted(job, request, deadline)
    helper.Data = attributes(job, request)
    return job.arn


@helper.delete
def delete(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Stop what is still running."""
    stopping().stop_owned(parse_for_delete(event), _deadline(context))


def attributes(job: Job, request: JobRequest) -> dict[str, str]:
    """Return what ``Fn::GetAtt`` can ask for; each is always there, and none is ever empty.

    What Bedrock does not tell of a job, or of one that it knows no more, is as much as can be derived.
    """
    output = request.parameters["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    return {
        "JobArn": job.arn,
        "JobId": job.id,
        "JobName": job.name or JobIdentity.of(request).stem,
        "JobStatus": job.status or status.UNKNOWN,
        "OutputUri": f"{output.rstrip('/')}/{job.id}/",
    }


def _answer_with(physical_id: str) -> None:
    helper.PhysicalResourceId = physical_id


def _previous(event: Mapping[str, Any]) -> JobRequest | None:
    try:
        return parse(event, event["OldResourceProperties"])
    except (InvalidRequestError, KeyError):
        # Written by another version of the construct.
        return None


def _deadline(context: Any) -> Deadline:  # noqa: ANN401 (Lambda's context has no class)
    # The margin twice: once for the timer that answers for us, once to be done before it.
    return Deadline.after(SystemClock(), context.get_remaining_time_in_millis() / 1000 - 2 * DELIVERY_MARGIN)


@cache
def provision() -> Provision:
    """Make the way to jobs, once a process and not before a request needs it."""
    return Provision(lifecycle(), Watching(jobs()))


@cache
def lifecycle() -> Lifecycle:
    """Make the way to single jobs."""
    return Lifecycle(jobs(), S3Staging(_client("s3")), stacks(), stopping())


@cache
def keeping() -> Keeping:
    """Make the way to the job that an Update finds."""
    return Keeping(jobs(), stacks())


@cache
def stacks() -> CloudFormationStacks:
    """Make the client of CloudFormation."""
    return CloudFormationStacks(_client("cloudformation"))


@cache
def stopping() -> Stopping:
    """Make the way to the end of jobs; a Delete needs no more."""
    return Stopping(jobs())


@cache
def jobs() -> BedrockJobs:
    """Make the client of Bedrock."""
    return BedrockJobs(_client("bedrock"))


def _client(service: str) -> Any:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
    from botocore.config import Config  # noqa: PLC0415 (nothing is made before an event is there)

    config = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 4})
    return _session().client(service, config=config)


@cache
def _session() -> Any:  # noqa: ANN401 (as above)
    import boto3  # noqa: PLC0415 (as above)
    from botocore.session import Session  # noqa: PLC0415 (as above)

    session = Session()
    session.set_config_variable("data_path", str(SERVICE_MODEL))
    return boto3.Session(botocore_session=session)
