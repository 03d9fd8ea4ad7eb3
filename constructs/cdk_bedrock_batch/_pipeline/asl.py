"""The parts of a definition in the Amazon States Language, as plain data.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from collections.abc import Mapping
from typing import Any

from cdk_bedrock_batch._api.arn import integration_arn

State = dict[str, Any]

#: What a call of a function fails with when the function is not to blame, or was cut short:
#: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception. By the last
#: two Lambda itself names one that was killed.
PASSING = [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
    "Runtime.ExitError",
]


def retry(errors: list[str], *, seconds: int = 2, times: int = 6, rate: float = 2, longest: int = 120) -> State:
    """Try again after some errors, first after so many seconds, then after ever more."""
    return {
        "ErrorEquals": errors,
        "IntervalSeconds": seconds,
        "MaxAttempts": times,
        "BackoffRate": rate,
        "MaxDelaySeconds": longest,
        "JitterStrategy": "FULL",
    }


def invoke(
    function_arn: str,
    payload: object,
    *,
    retries: list[State] | None = None,
    until_told: bool = False,
    **fields: Any,  # noqa: ANN401 (any field of the language)
) -> State:
    """Call a function; the state's result is the function's answer and what AWS says of the call.

    Parameters
    ----------
    function_arn
        The function.
    payload
        What it is called with, or the path of that.
    retries
        When the call is tried again. Default: after errors that pass by themselves.
    until_told
        Whether the state goes on only when it is told to, by its token.
    fields
        The state's further fields.
    """
    suffix = ".waitForTaskToken" if until_told else ""
    sent = {"Payload.$": payload} if isinstance(payload, str) else {"Payload": payload}
    return {
        "Type": "Task",
        "Resource": integration_arn(f"lambda:invoke{suffix}"),
        "Parameters": {"FunctionName": function_arn, **sent},
        "Retry": retries or [retry(PASSING)],
        **fields,
    }


def each(
    reader: State,
    selector: Mapping[str, object],
    start_at: str,
    states: Mapping[str, State],
    **fields: Any,  # noqa: ANN401 (any field of the language)
) -> State:
    """Run states for each of many items, as executions of their own; what they come to is not kept."""
    return {
        "Type": "Map",
        "ItemReader": reader,
        "ItemSelector": selector,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": start_at,
            "States": states,
        },
        "ResultPath": None,
        **fields,
    }
