"""The model of a job: there, not retired, open to the account; and what the role must be allowed to call it.

Sources: "GetFoundationModel", "GetFoundationModelAvailability" and "GetInferenceProfile" in the Bedrock API reference;
"Prerequisites for inference profiles" in its user guide. Which models have batch inference in a Region no call tells:
the service says so when a job is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, cannot_tell, right, wrong
from bedrock_batch.diagnosis.need import Need, session_context
from bedrock_batch.jobs.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bedrock_batch.diagnosis.role import RoleFacts
    from bedrock_batch.diagnosis.subject import Subject

_MODEL, _PROFILE, _INVOKE = "the model", "the profile", "bedrock:InvokeModel"
_NOT_FOUND = ("ResourceNotFoundException",)
#: The members of GetFoundationModelAvailability, and the value of each with which a model can be called.
_OPEN = {"authorizationStatus": "AUTHORIZED", "entitlementAvailability": "AVAILABLE", "regionAvailability": "AVAILABLE"}


def look_at_model(account: Account, subject: Subject, role: RoleFacts) -> tuple[list[Finding], list[Need]]:
    """Ask for the model or profile; return what is found, and what the role needs."""
    kind = Arn.of(subject.model).resource.partition("/")[0]
    if kind.endswith("inference-profile"):
        return _of_profile(account, subject, role)
    findings = list(_of_model(account, subject.model)) if kind == "foundation-model" else []
    return findings, [_need(subject, role, subject.model, "the model")]


def _of_profile(account: Account, subject: Subject, role: RoleFacts) -> tuple[list[Finding], list[Need]]:
    bedrock = account.client("bedrock")
    own = _need(subject, role, subject.model, "the profile", through=True)
    try:
        found = account.ask(
            "bedrock:GetInferenceProfile",
            lambda: bedrock.get_inference_profile(inferenceProfileIdentifier=subject.model),
            absent=_NOT_FOUND,
        )
    except UntoldError as error:
        return [cannot_tell(_PROFILE, f"{subject.model}: {error}, so the models behind it are not known")], [own]
    except AbsentError:
        return [cannot_tell(_PROFILE, f"Bedrock knows no profile {subject.model} now")], [own]
    models = [str(each["modelArn"]) for each in found["models"]]
    needs = [_need(subject, role, arn, "the models behind the profile", through=True) for arn in models]
    if found["status"] == "ACTIVE":
        findings = [right(_PROFILE, f"{subject.model} is active")]
    else:
        findings = [wrong(_PROFILE, f"{subject.model} is {found['status']}", "name another in 'model'")]
    here = [arn for arn in models if Arn.of(arn).region == subject.region]
    return [*findings, *(finding for arn in here for finding in _of_model(account, arn))], [own, *needs]


def _need(subject: Subject, role: RoleFacts, arn: str, what: str, *, through: bool = False) -> Need:
    # A routed model is called in its own Region. Whose the model is counts as nobody's: "Identity-based policy examples
    # for Amazon Bedrock" warns of conditions on a resource's account and organization.
    here = {"aws:RequestedRegion": (subject.region,)} if Arn.of(arn).region == subject.region else {}
    context = session_context(subject, role, "bedrock", here)
    # Whether batch inference says through which profile it calls a model, nobody documents.
    absent = context.absent if through else (*context.absent, "bedrock:InferenceProfileArn")
    return Need(_INVOKE, arn, type(context)(context.known, absent), what)


def _of_model(account: Account, arn: str) -> Iterator[Finding]:
    bedrock = account.client("bedrock")
    try:
        details: Mapping[str, Any] = account.ask(
            "bedrock:GetFoundationModel",
            lambda: bedrock.get_foundation_model(modelIdentifier=arn)["modelDetails"],
            absent=_NOT_FOUND,
        )
        yield _life(arn, str(details.get("modelLifecycle", {}).get("status", "")))
    except UntoldError as error:
        yield cannot_tell(_MODEL, f"{arn}: {error}")
    except AbsentError:
        yield cannot_tell(_MODEL, f"Bedrock knows no model {arn} now; it may have been retired")
        return
    yield _access(account, arn)


def _life(arn: str, status: str) -> Finding:
    if status == "ACTIVE":
        return right(_MODEL, f"{arn} is active")
    told = f"{arn} is {status or 'of no known state'}: an account that has not used it lately may be refused"
    return cannot_tell(_MODEL, told, "name its successor in 'model'")


def _access(account: Account, arn: str) -> Finding:
    bedrock = account.client("bedrock")
    check = "access to the model"
    try:
        found = account.ask(
            "bedrock:GetFoundationModelAvailability",
            lambda: bedrock.get_foundation_model_availability(modelId=Arn.of(arn).name),
            absent=_NOT_FOUND,
        )
    except (UntoldError, AbsentError) as error:
        return cannot_tell(check, f"{arn}: {error}")
    closed = [f"{name} is {found.get(name)}" for name, value in _OPEN.items() if found.get(name) != value]
    agreement = found.get("agreementAvailability", {}).get("status")
    if agreement != "AVAILABLE":
        closed.append(f"agreementAvailability is {agreement}")
    if closed:
        mends = "ask for access to it on Bedrock's page 'Model access', once for the account and Region"
        return wrong(check, f"{arn}: {', '.join(closed)}", mends)
    return right(check, f"{arn} is open to the account")
