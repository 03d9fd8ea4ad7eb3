"""The function's entry point: CloudFormation's events in, decisions out, clients made when they are needed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from model_invocation_job import status
from model_invocation_job.answers.answer import DELIVERY_MARGIN, SafeCfnResource
from model_invocation_job.answers.unforeseen import explained
from model_invocation_job.clients import client
from model_invocation_job.clock import Deadline, SystemClock
from model_invocation_job.errors import InvalidRequestError, NotWantedError, SubmissionError
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.logs import configure
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.parts import Parts
from model_invocation_job.requests.request import WaitUntil, parse, parse_for_delete
from model_invocation_job.requests.resource_types import JOB, RESULTS, RUN, kind_of
from model_invocation_job.waiting.looking import ended_job, look_of, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from model_invocation_job.jobs.jobs import Job
    from model_invocation_job.requests.request import JobRequest
    from model_invocation_job.waiting.holding import Hold
    from model_invocation_job.waiting.looking import Looking
    from model_invocation_job.waiting.waits import Wait

formatter = configure()
helper = SafeCfnResource()


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any] | None:  # noqa: ANN401 (Lambda's context has no class)
    """Answer one request of CloudFormation, or look at those that are held."""
    told = event if isinstance(event, Mapping) else {}
    formatter.about(told)
    ended, look = ended_job(told), look_of(told)
    looking = _looking(context) if ended or look else None
    if looking is None:
        helper(event, context)
    elif look:
        return reply(event, looking.look(*look, _left(context)))
    else:
        looking.look_at_all(ended, _left(context))
    return None


@helper.create
@explained
def create(event: Mapping[str, Any], context: Any) -> str | None:  # noqa: ANN401 (Lambda's context has no class)
    """Provide the job and stand for it."""
    if kind_of(event) != JOB:
        return _other(event, context)
    request, deadline = parse(event, event.get("ResourceProperties")), _deadline(context)
    demand = parts.demand(request, helper.again)
    # As soon as there is a job a failure must name it, so that the Delete that follows finds it.
    job = _provided(request, demand, deadline, _hold(event, demand, context), _answer_with)
    if job is None:
        helper.hold()
        return None
    _register(job, request, context)
    helper.Data = attributes(job, request)
    return job.arn


@helper.update
@explained
def update(event: Mapping[str, Any], context: Any) -> str | None:  # noqa: ANN401 (Lambda's context has no class)
    """Provide another job if the present one is not what is asked for; CloudFormation then deletes the old one."""
    if kind_of(event) != JOB:
        return _other(event, context)
    request, deadline = parse(event, event.get("ResourceProperties")), _deadline(context)
    demand, previous = parts.demand(request, helper.again), _previous(event)
    if previous and JobIdentity.of(previous).specification != JobIdentity.of(request).specification:
        # Before anything else, for a roll-back that dies later has at least left no job without an owner.
        parts.lifecycle.stop_unknown(previous, deadline)
    job = parts.keeping.keep(request, previous, demand, deadline)
    if job:
        parts.detaching.wait_for_kept(job, request, deadline)
    else:
        job = _provided(request, demand, deadline, _hold(event, demand, context))
        if job is None:
            helper.hold()
            return None
        parts.lifecycle.require_wanted(job, request, deadline)
    _register(job, request, context)
    helper.Data = attributes(job, request)
    return job.arn


@helper.delete
@explained
def delete(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Stop what is still running, and remove what was kept for it."""
    if kind_of(event) != JOB:
        _end_run(event, context)
        return
    request, deadline = parse_for_delete(event), _deadline(context)
    if parts.stopping.stop_owned(request, deadline):
        if not parts.detaching.is_over(request, deadline, _hold(event, Demand(parts.stacks, request, None), context)):
            helper.hold()
            return
        if request.left_behind and parts.removal:
            parts.removal.remove(request, deadline)
    if request.own_buckets:
        # The function's log goes with a stack whose making is taken back.
        helper.Reason = parts.unused_buckets.remove(request, deadline)


def _provided(
    request: JobRequest, demand: Demand, deadline: Deadline, hold: Hold | None, tell: Callable[[str], object] = str
) -> Job | None:
    try:
        return parts.provision.provide(request, demand, deadline, hold, tell)
    except NotWantedError:
        if request.own_buckets:
            # The Delete may have looked before the records were in their place.
            parts.unused_buckets.remove(request, deadline)
        raise


def _other(event: Mapping[str, Any], context: Any) -> str | None:  # noqa: ANN401 (Lambda's context has no class)
    """Answer for a resource that is no job: a run stands for its execution, what waits for a job for nothing."""
    if kind_of(event) != RUN:
        _ended(event, context)
        return None
    from model_invocation_job.requests.run_request import earlier_run, parse_run  # noqa: PLC0415 (see `parts`)
    from model_invocation_job.runs.run import name_of  # noqa: PLC0415 (the same)

    request = parse_run(event, event.get("ResourceProperties"))
    demand = parts.demand(request.asked, helper.again)
    execution = parts.runs(_deadline(context)).provide(request, earlier_run(event), demand)
    helper.Data = {"Run": name_of(request)}
    return execution


def _end_run(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Stop the run that a resource stands for; what cannot be read has none, and must not block its stack."""
    from model_invocation_job.requests.run_request import parse_run  # noqa: PLC0415 (see `parts`)

    if kind_of(event) == RUN:
        with suppress(InvalidRequestError):
            request = parse_run(event, event.get("ResourceProperties"))
            rolls_back = parts.stacks.rolls_back(request.asked.stack_id) is True
            parts.runs(_deadline(context)).end(request, rolls_back=rolls_back)


def _ended(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 (Lambda's context has no class)
    """Wait for a job's end, and tell what it came to if that is asked for."""
    from model_invocation_job.requests.results_request import parse_results  # noqa: PLC0415 (see `parts`)

    asked, deadline = parse_results(event), _deadline(context)
    hold = _hold(event, parts.demand(asked, helper.again), context)
    if kind_of(event) == RESULTS:
        data = parts.results.of(asked, deadline, hold)
    else:
        data = parts.ending.of(asked, deadline, hold)
    if data is None:
        helper.hold()
    else:
        helper.Data = data


def _register(job: Job, request: JobRequest, context: Any) -> None:  # noqa: ANN401 (as above)
    """Have the job's end waited for, if the request asks for it."""
    if request.wait_until is not WaitUntil.FINISHED:
        return
    registration = parts.registration(context.invoked_function_arn)
    if registration is None:
        raise SubmissionError("nobody can wait for the job's end: the function has no WAITS_TABLE, deploy it anew")
    registration.register(job, request, _deadline(context))


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
        return parse(event, event.get("OldResourceProperties"))
    except InvalidRequestError:
        # Written by another version of the construct.
        return None


def _deadline(context: Any) -> Deadline:  # noqa: ANN401 (Lambda's context has no class)
    # The margin twice: once for the timer that answers for us, once to be done before it.
    return Deadline.after(parts.clock, _left(context) - 2 * DELIVERY_MARGIN)


def _left(context: Any) -> float:  # noqa: ANN401 (as above)
    return float(context.get_remaining_time_in_millis() / 1000)


def _hold(event: Mapping[str, Any], demand: Demand, context: Any) -> Hold | None:  # noqa: ANN401 (as above)
    return parts.hold(event, demand, context.invoked_function_arn, helper.again) if parts.waits else None


def _looking(context: Any) -> Looking | None:  # noqa: ANN401 (as above)
    """Return the way to what is waited for; an answer that comes due is given in this invocation's time."""

    def answer(wait: Wait) -> None:
        event = json.loads(wait.event)
        formatter.about(event)
        helper(event, context, wait)

    return parts.looking(answer)


parts = Parts(client, SystemClock(), os.environ)
