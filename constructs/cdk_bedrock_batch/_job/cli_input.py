"""The file that ``aws bedrock create-model-invocation-job --cli-input-json`` takes, as parameters of the construct.

Its fields are those of the API (CreateModelInvocationJob), whose service model says which there are.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_bedrock_batch._api.arn import is_arn, regional_arn
from cdk_bedrock_batch._api.service_model import bedrock
from cdk_bedrock_batch._api.validation import check_text, choices_of
from cdk_bedrock_batch._cdk.large_modules import ec2
from cdk_bedrock_batch._data.place import OUTPUT
from cdk_bedrock_batch._job.name import beginning_of
from cdk_bedrock_batch.input_data import InputData
from cdk_bedrock_batch.invocation_type import InvocationType
from cdk_bedrock_batch.model import BatchModel
from cdk_bedrock_batch.output_data import OutputData


@dataclass(frozen=True)
class CliInput:
    """The fields of one call."""

    fields: Mapping[str, Any]

    @property
    def tags(self) -> dict[str, str]:
        """The tags by key."""
        return {tag["key"]: tag["value"] for tag in self.fields.get("tags", [])}

    def parameters(self, scope: Construct) -> dict[str, Any]:
        """Return the parameters of the construct; what they import is put below the scope."""
        fields = self.fields
        found = {
            "job_name": beginning_of(fields["jobName"]),
            "role": iam.Role.from_role_arn(scope, "JobRole", fields["roleArn"]),
            "model": BatchModel.from_id(fields["modelId"]),
            "client_request_token": fields.get("clientRequestToken"),
            "input_data": _input_data(fields["inputDataConfig"]["s3InputDataConfig"]),
            "output_data": _output_data(scope, fields["outputDataConfig"]["s3OutputDataConfig"]),
            **_network(scope, fields.get("vpcConfig")),
        }
        if "timeoutDurationInHours" in fields:
            found["timeout"] = Duration.hours(fields["timeoutDurationInHours"])
        if "modelInvocationType" in fields:
            found["invocation_type"] = InvocationType(fields["modelInvocationType"])
        return found


def read_cli_input(path: str | os.PathLike[str]) -> CliInput:
    """Read the file.

    Raises
    ------
    ValueError
        It is no JSON object with fields of the API; the text names the file, the field and what to change.
    """
    if not isinstance(path, (str, os.PathLike)):
        # ValueError like every other refusal, so that a caller has one kind to catch.
        raise ValueError(f"'path' must be a path, such as 'job.json', got {path!r}")  # noqa: TRY004 (see above)
    try:
        fields = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"'path' must be a JSON file, got {str(path)!r}: {error}") from None
    if problems := _problems(fields):
        raise ValueError(f"{path} must be as the AWS CLI takes it, every field filled in or removed: {problems}")
    _check_choices(path, fields)
    check_text("roleArn", fields["roleArn"], "roleArn", advice=f"give the ARN of a role in {path}")
    return CliInput(fields)


def _problems(fields: Any) -> str:  # noqa: ANN401 (JSON)
    from botocore.model import ServiceModel  # noqa: PLC0415 (slow to import)
    from botocore.validate import ParamValidator  # noqa: PLC0415 (as above)

    call: Any = ServiceModel(bedrock(), "bedrock").operation_model("CreateModelInvocationJob").input_shape
    report = ParamValidator().validate(fields, call)
    return "; ".join(report.generate_report().splitlines()) if report.has_errors() else ""


def _check_choices(path: str | os.PathLike[str], fields: Mapping[str, Any]) -> None:
    # botocore leaves these to the service.
    chosen = {
        "modelInvocationType": (fields, ()),
        "s3InputFormat": (fields["inputDataConfig"]["s3InputDataConfig"], ("inputDataConfig", "s3InputDataConfig")),
    }
    for name, (given, config) in chosen.items():
        choices = choices_of(*config, name)
        if given.get(name, choices[0]) not in choices:
            raise ValueError(f"{path}: '{name}' must be one of {', '.join(choices)}, got {given[name]!r}")


def _input_data(config: Mapping[str, Any]) -> InputData:
    return InputData.from_uri(config["s3Uri"], bucket_owner=config.get("s3BucketOwner"))


def _output_data(scope: Construct, config: Mapping[str, Any]) -> OutputData:
    key = _key(scope, config["s3EncryptionKeyId"]) if "s3EncryptionKeyId" in config else None
    return OutputData.to_uri(config["s3Uri"], bucket_owner=config.get("s3BucketOwner"), encryption_key=key)


def _key(scope: Construct, id: str) -> kms.IKey:
    check_text("s3EncryptionKeyId", id, *OUTPUT, "s3EncryptionKeyId", advice="give the id or ARN of a key or alias")
    if id.startswith("alias/"):
        return kms.Alias.from_alias_name(scope, "OutputKey", id)
    return kms.Key.from_key_arn(scope, "OutputKey", id if is_arn(id) else regional_arn("kms", f"key/{id}"))


def _network(scope: Construct, config: Mapping[str, Any] | None) -> dict[str, Any]:
    if config is None:
        return {}
    subnets = [ec2.Subnet.from_subnet_id(scope, subnet, subnet) for subnet in config["subnetIds"]]
    groups = [ec2.SecurityGroup.from_security_group_id(scope, group, group) for group in config["securityGroupIds"]]
    return {"vpc_subnets": ec2.SubnetSelection(subnets=subnets), "security_groups": groups}
