"""ARNs of jobs, of stacks, of roles and of executions.

Source: botocore's service model, ``ModelInvocationJobArn``. Both have their place as group 1, the partition, and group
2, the Region and account.
"""

import re

_PLACE = r"(arn:aws(?:-[^:]+)?):{service}:([a-z0-9-]{{1,20}}:(?P<account>[0-9]{{12}}))"
JOB_ARN = re.compile(_PLACE.format(service="bedrock") + ":model-invocation-job/[a-z0-9]{12}")
STACK_ID = re.compile(_PLACE.format(service="cloudformation") + ":stack/.+")


def is_job_arn(value: object) -> bool:
    """Whether something is the ARN of a job."""
    return isinstance(value, str) and JOB_ARN.fullmatch(value) is not None


def id_of(job_arn: str) -> str:
    """Return the id of a job: the last part of its ARN, twelve characters."""
    return job_arn.rpartition("/")[2]


def stack_name_of(stack_id: str) -> str:
    """Return the name of a stack: the part of its id that a stack which is made again has as well."""
    return stack_id.split("/")[1]


def job_of_stack(job_arn: str, stack_id: str) -> bool:
    """Whether an ARN is one of a job in a stack's own account and Region."""
    job, stack = JOB_ARN.fullmatch(job_arn), STACK_ID.fullmatch(stack_id)
    return bool(job and stack and job.group(1, 2) == stack.group(1, 2))


def role_of(role_arn: str) -> tuple[str, str]:
    """Return the account and the name of a role, which no two roles share: a service may show no path, or add a slash.

    Source: IAM user guide, "IAM identifiers": names of roles are unique in an account, whatever their path.
    """
    before, _, resource = role_arn.rpartition(":")
    return before.rpartition(":")[2], resource.rstrip("/").rpartition("/")[2]


def execution_of(machine_arn: str, name: str) -> str:
    """Return the ARN of a state machine's execution of a name."""
    return f"{machine_arn.replace(':stateMachine:', ':execution:')}:{name}"


def name_of_execution(arn: str) -> str:
    """Return the name of an execution."""
    return arn.rpartition(":")[2]
