"""What a state machine may do: what its role may, if that trusts Step Functions; ministack asks nobody.

It has a word of its own for a function that is throttled, too. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html,
https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html,
https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from __future__ import annotations

import json
import secrets
from contextvars import Context
from typing import TYPE_CHECKING, Any

from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message
from ministack.core.iam_evaluator import EvalResult
from ministack.services import lambda_svc, stepfunctions, sts
from ministack.services.cloudformation import provisioners

from bedrock_local.bedrock.access.ports import NO_CONTEXT
from bedrock_local.emulator.machines.attempts import Execution, current_attempt
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.services.iam import denial
from bedrock_local.services.trust import is_trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bedrock_local.bedrock.access.ports import Context as AccessContext

NEEDS = (
    "services.stepfunctions._call_lambda",
    "services.stepfunctions._ExecutionError",
    "services.lambda_svc._get_func_record_for_ref",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
)

_PRINCIPAL = "states.amazonaws.com"
_INVOKE = "lambda:InvokeFunction"
_REFUSED = "Lambda.AWSLambdaException"
_THROTTLED = "Lambda.TooManyRequestsException"
_NOT_TRUSTED = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the "
    "provided role."
)

Made = tuple[str, dict[str, Any]]


def ask_roles_of_machines() -> None:
    """Let a machine invoke a function only if its role may, and be made only if its role trusts Step Functions."""
    call = stepfunctions._call_lambda  # noqa: SLF001 -- no public way in

    def call_lambda(function: str, event: Any) -> Any:  # noqa: ANN401 -- any JSON
        if attempt := current_attempt():
            _require_invoke(attempt.execution, function)
        try:
            return call(function, event)
        except stepfunctions._ExecutionError as error:  # noqa: SLF001 -- no public way in
            raise _throttled(error) or error from None

    stepfunctions._call_lambda = call_lambda  # noqa: SLF001 -- the same
    handler = provisioners._RESOURCE_HANDLERS["AWS::StepFunctions::StateMachine"]  # noqa: SLF001 -- the same
    handler["create"] = _requiring_trust(handler["create"], handler["delete"])


def require_permission(
    execution: Execution, action: str, resource: str, error: str, asked: AccessContext = NO_CONTEXT
) -> None:
    """Go on only if the role of an execution may do something.

    Parameters
    ----------
    execution
        As ministack keeps it.
    action, resource
        What it does.
    error
        The name of the error if it may not.
    asked
        Condition keys of what it does.

    Raises
    ------
    ministack's own error of an execution
        If it may not, or if the role does not trust Step Functions.
    """
    role = execution["_context"]["Execution"]["RoleArn"]
    place = Place.of(execution["stateMachineArn"])
    # The children of a Map Run are of the machine that it belongs to.
    machine = str(Arn.parse(execution["stateMachineArn"]).above)
    if not is_trusted(role, _PRINCIPAL, machine, place):
        raise stepfunctions._ExecutionError(error, _NOT_TRUSTED)  # noqa: SLF001 -- no public way in
    denied = Context().run(denial_of, role, place, action, resource, asked)
    if denied:
        explicit = isinstance(denied, EvalResult) and denied.decision == "Deny"
        told = str(identity_denial_message(action, _session_arn(role), resource, explicit))
        raise stepfunctions._ExecutionError(error, told)  # noqa: SLF001 -- no public way in


def denial_of(role: str, place: Place, action: str, resource: str, asked: AccessContext = NO_CONTEXT) -> Any:  # noqa: ANN401 -- the same
    """Return why a role may not do something, as a service that has assumed it; None if it may.

    Parameters
    ----------
    role
        Its ARN.
    place
        Where the service acts.
    action, resource
        What it does.
    asked
        Condition keys of that.
    """
    key = f"ASIA{secrets.token_hex(8).upper()}"
    user = {"UserId": key, "SecretAccessKey": secrets.token_hex(), "SessionToken": secrets.token_hex()}
    sts.register_session(key, {"Arn": _session_arn(role), **user})
    iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
    return denial(key, place, action, resource, asked)


def _require_invoke(execution: Execution, function: str) -> None:
    _, config, _ = lambda_svc._get_func_record_for_ref(function)  # noqa: SLF001 -- no public way in
    # One that is not there says so itself.
    if config:
        require_permission(execution, _INVOKE, str(config["FunctionArn"]), _REFUSED)


def _session_arn(role: str) -> str:
    made = Arn.parse(role)
    return str(Arn(made.partition, "sts", "", made.account, f"assumed-role/{made.name}/StepFunctions"))


def _throttled(error: Any) -> Exception | None:  # noqa: ANN401 -- ministack's
    body = json.loads(error.cause) if error.error == "Lambda.Unknown" and error.cause.startswith("{") else {}
    if body.get("__type") != "TooManyRequestsException":
        return None
    thrown: Exception = stepfunctions._ExecutionError(_THROTTLED, body["message"])  # noqa: SLF001 -- no public way in
    return thrown


def _requiring_trust(create: Callable[..., Made], delete: Callable[..., None]) -> Callable[..., Made]:
    def create_machine(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Made:
        made = create(logical_id, properties, stack_name)
        machine, _ = made
        if not is_trusted(properties["RoleArn"], _PRINCIPAL, machine, Place.of(machine)):
            delete(machine, properties)
            raise ValueError(_NOT_TRUSTED)
        return made

    return create_machine
