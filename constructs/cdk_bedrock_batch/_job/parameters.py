"""Checks of the job's own parameters; those of its parts are checked where the parts are made."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._access.job_role import check_given
from cdk_bedrock_batch._api.validation import check_construct, check_hours, check_text, check_type, check_utf_8
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._function.provider import LONGEST_WAIT
from cdk_bedrock_batch._job.name import check_job_name
from cdk_bedrock_batch.input_data import InputData
from cdk_bedrock_batch.invocation_type import InvocationType
from cdk_bedrock_batch.output_data import OutputData
from cdk_bedrock_batch.wait import WaitUntil

_WAIT_SECONDS = 600
#: S3 keeps the days of a lifecycle rule in 32 bits.
_MOST_DAYS = 2**31 - 1
#: As long as CloudFormation waits for a signal.
_LONGEST_WAIT_FOR_THE_END = Duration.hours(12)


def check_data(input_data: InputData, output_data: OutputData | None) -> None:
    """Check that the data was made by its own classes.

    Raises
    ------
    ValueError
        One is something else, such as a path.
    """
    check_type("input_data", input_data, InputData, 'InputData.from_file("prompts.jsonl")')
    if output_data is not None:
        check_type("output_data", output_data, OutputData, "OutputData.to_bucket(bucket)")


def check_texts(job_name: str | None, client_request_token: str | None, run_token: str | None) -> None:
    """Check what is text.

    Raises
    ------
    ValueError
        One breaks a rule of the API.
    """
    if job_name is not None:
        check_job_name(job_name)
    if client_request_token is not None:
        advice = "use letters, digits and single hyphens between them"
        check_text("client_request_token", client_request_token, "clientRequestToken", advice=advice)
    if run_token is not None:
        check_type("run_token", run_token, str, '"2"')
        check_utf_8("run_token", run_token)


def check_choices(invocation_type: InvocationType | None, wait_until: WaitUntil, removal_policy: RemovalPolicy) -> None:
    """Check what is chosen among members of an enumeration.

    Raises
    ------
    ValueError
        One is no member, or one that buckets cannot have.
    """
    check_type("wait_until", wait_until, WaitUntil, "WaitUntil.SUBMITTED")
    check_type("removal_policy", removal_policy, RemovalPolicy, "RemovalPolicy.DESTROY")
    if removal_policy == RemovalPolicy.SNAPSHOT:
        raise ValueError(
            "'removal_policy' must be RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY, got SNAPSHOT: CloudFormation "
            "takes none of buckets; keep them with RETAIN"
        )
    if invocation_type is not None:
        check_type("invocation_type", invocation_type, InvocationType, "InvocationType.CONVERSE")


def check_kept(removal_policy: RemovalPolicy, *, stop_on_delete: bool) -> None:
    """Check that a job which is not stopped keeps the buckets that the construct makes.

    Raises
    ------
    ValueError
        They would go under it.
    """
    if not stop_on_delete and removal_policy == RemovalPolicy.DESTROY:
        raise ValueError(
            "'removal_policy' must be RETAIN where 'stop_on_delete' is False, got DESTROY: the job would lose its "
            "records and its results while it runs; or give it buckets of your own with 'input_data' and 'output_data'"
        )


def check_switches(**switches: object) -> None:
    """Check what is on or off.

    Raises
    ------
    ValueError
        One is neither.
    """
    for name, value in switches.items():
        check_type(name, value, bool, "True")


def check_constructs(scope: Construct, encryption_key: kms.IKey | None, role: iam.IRole | None) -> None:
    """Check what is a construct of another kind.

    Raises
    ------
    ValueError
        One is something else, or the role's ARN breaks the rule of the API, or is of another account.
    """
    keys.checked(encryption_key)
    if role is not None:
        arn = check_construct("role", role, "role_arn", 'iam.Role.from_role_name(self, "Role", "name")')
        check_text("role", str(arn), "roleArn", advice="give one whose ARN is that of a role")
        check_given(role, stack_of(scope))


def hours_of(timeout: Duration | None) -> int | float | None:
    """Return ``timeout`` in hours.

    Raises
    ------
    ValueError
        It breaks a rule of the API.
    """
    return None if timeout is None else check_hours("timeout", timeout, "timeoutDurationInHours")


def days_of(retention: Duration | None) -> int | None:
    """Return ``results_retention`` in days.

    Raises
    ------
    ValueError
        It is no number of days that a lifecycle rule takes.
    """
    if retention is None:
        return None
    check_type("results_retention", retention, Duration, "Duration.days(30)")
    rule = f"'results_retention' must be 1 to {_MOST_DAYS} whole days"
    if retention.is_unresolved():
        raise ValueError(f"{rule}, got a value that only CloudFormation will know: give a number")
    days = retention.to_days(integral=False)
    if days != int(days) or not 1 <= days <= _MOST_DAYS:
        raise ValueError(f"{rule}, got {days:.10g}: S3 counts in days, so give a number of them within these bounds")
    return int(days)


def seconds_of(wait: Duration | None, wait_until: WaitUntil) -> int:
    """Return ``wait_timeout`` in seconds.

    Raises
    ------
    ValueError
        It is longer than the function can watch, or CloudFormation can wait, or nothing; or nothing is waited for.
    """
    end = wait_until is WaitUntil.FINISHED
    longest = _LONGEST_WAIT_FOR_THE_END if end else LONGEST_WAIT
    if wait is None:
        return int(longest.to_seconds()) if end else _WAIT_SECONDS
    check_type("wait_timeout", wait, Duration, "Duration.minutes(5)")
    if wait_until is WaitUntil.SUBMITTED:
        raise ValueError(
            "'wait_timeout' must not be given where 'wait_until' is SUBMITTED, after which nothing is waited for, got "
            f"{wait.to_human_string()}: leave it out, or give another 'wait_until'"
        )
    most = f"{longest.to_hours():g} hours" if end else f"{longest.to_minutes():g} minutes"
    if wait.is_unresolved():
        raise ValueError(
            f"'wait_timeout' must be 1 second to {most}, got a value that only CloudFormation will know, on which the "
            "template depends: give a number"
        )
    seconds = wait.to_seconds(integral=False)
    if seconds > longest.to_seconds():
        advice = "give a shorter one" if end else "give a shorter one, or wait for the end with WaitUntil.FINISHED"
        got = f"{wait.to_hours(integral=False):g} hours" if end else f"{wait.to_minutes(integral=False):g} minutes"
        raise ValueError(f"'wait_timeout' must be 1 second to {most}, got {got}: {advice}")
    if seconds < 1 or seconds != int(seconds):
        advice = "give a longer one" if seconds < 1 else "round it"
        raise ValueError(f"'wait_timeout' must be whole seconds, 1 second to {most}, got {seconds:g} seconds: {advice}")
    return int(seconds)


def check_end(wait_until: WaitUntil, *, accept_partial_completion: bool) -> None:
    """Check that what says which end is good is given where the end is waited for.

    Raises
    ------
    ValueError
        Nobody waits for it.
    """
    if accept_partial_completion and wait_until is not WaitUntil.FINISHED:
        raise ValueError(
            f"'accept_partial_completion' must be False where 'wait_until' is {wait_until.name}, got True: the "
            "deployment goes on before the job ends; wait for the end with WaitUntil.FINISHED"
        )
