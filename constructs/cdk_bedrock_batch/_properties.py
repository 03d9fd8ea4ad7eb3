"""The wire format: what the construct knows, as properties of the custom resource.

``Job`` has the names of the API's own fields (CreateModelInvocationJob), so the template shows the call that will be
made. The function reads these properties in ``model_invocation_job/request.py``. An absent property is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_bedrock_batch.invocation_type import InvocationType
from cdk_bedrock_batch.wait import WaitUntil

RESOURCE_TYPE = "Custom::BedrockModelInvocationJob"


@dataclass(frozen=True)
class JobProperties:
    """One job, with every collaborator already turned into text; texts may be tokens.

    Attributes
    ----------
    staged
        Pairs of S3 URIs: an object, and where it is copied before the job starts.
    timeout_hours, wait_seconds
        In the unit of the name.
    """

    model_id: str
    role_arn: str
    input_uri: str
    output_uri: str
    name_prefix: str
    staged: Sequence[tuple[str, str]]
    wait_until: WaitUntil
    wait_seconds: int | float
    stop_on_delete: bool
    timeout_hours: int | float | None = None
    invocation_type: InvocationType | None = None
    run_token: str | None = None


def render(job: JobProperties) -> dict[str, Any]:
    """Return the properties of the custom resource."""
    return _present(
        {
            "Job": _present(
                {
                    "modelId": job.model_id,
                    "roleArn": job.role_arn,
                    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": job.input_uri}},
                    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": job.output_uri}},
                    "timeoutDurationInHours": job.timeout_hours,
                    "modelInvocationType": job.invocation_type.value if job.invocation_type else None,
                }
            ),
            "JobNamePrefix": job.name_prefix,
            "RunToken": job.run_token,
            "StagedInput": [{"Source": source, "Target": target} for source, target in job.staged] or None,
            "StopOnDelete": job.stop_on_delete,
            "WaitUntil": job.wait_until.value,
            "WaitTimeoutSeconds": job.wait_seconds,
        }
    )


def _present(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
