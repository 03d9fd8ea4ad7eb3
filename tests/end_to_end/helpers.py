"""Stacks of a user's own with what the CDK brings functions of its own for, each in two versions."""

from collections.abc import Callable, Mapping
from pathlib import Path

from aws_cdk import CfnOutput, CustomResource, Duration, RemovalPolicy, Stack, Tags, triggers
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as functions
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk import aws_s3_notifications as notifications
from aws_cdk import aws_sqs as sqs
from aws_cdk import custom_resources as custom

#: Builds the stack; the number is that of its version, from 1.
Build = Callable[[Stack, int], object]

_NODE = functions.Runtime.NODEJS_22_X
_DAYS = (logs.RetentionDays.ONE_DAY, logs.RetentionDays.ONE_WEEK)
_ON_EVENT = "def handler(e, c): return {'PhysicalResourceId': 'thing', 'Data': {'V': e['ResourceProperties']['v']}}"
_IS_COMPLETE = """
const asked = {};
exports.handler = async ({ RequestId }) => ({ IsComplete: (asked[RequestId] = (asked[RequestId] || 0) + 1) > 1 });
"""


def emptied_bucket(stack: Stack, version: int) -> s3.Bucket:
    bucket = s3.Bucket(
        stack, "Bucket", removal_policy=RemovalPolicy.DESTROY, auto_delete_objects=True, versioned=version > 1
    )
    CfnOutput(stack, "Name", value=bucket.bucket_name)
    return bucket


def site(stack: Stack, version: int, folder: Path) -> None:
    bucket = emptied_bucket(stack, 1)
    files = folder / f"site-{version}"
    files.mkdir(exist_ok=True)
    (files / "index.html").write_text(f"<p>{version}</p>")
    (files / f"only-{version}.txt").write_text("")
    made = [deployment.Source.asset(str(files)), deployment.Source.json_data("made.json", {"arn": bucket.bucket_arn})]
    deployment.BucketDeployment(stack, "Site", sources=made, destination_bucket=bucket)


def retention(stack: Stack, version: int) -> None:
    code = functions.Code.from_inline("exports.handler = async () => 1")
    functions.Function(
        stack, "Function", runtime=_NODE, handler="index.handler", code=code, log_retention=_DAYS[version - 1]
    )
    group = {"log_group_name": "/of/helpers", "removal_policy": RemovalPolicy.DESTROY}
    logs.LogRetention(stack, "Group", retention=_DAYS[version - 1], **group)


def calls(stack: Stack, version: int) -> None:
    """By the names of version 2 of the SDK and of version 3, with permissions for no more."""
    name, kept = "of-helpers", custom.PhysicalResourceId.of("kept")
    arn = stack.format_arn(service="ssm", resource="parameter", resource_name=name)
    put = {"Name": name, "Value": f"v{version}", "Type": "String"}
    parameter = custom.AwsCustomResource(
        stack,
        "Parameter",
        on_create=_call("SSM", "putParameter", put, kept),
        on_update=_call("@aws-sdk/client-ssm", "PutParameterCommand", {**put, "Overwrite": True}, kept),
        on_delete=_call("ssm", "deleteParameters", {"Names": [name]}),
        policy=custom.AwsCustomResourcePolicy.from_sdk_calls(resources=[arn]),
    )
    read = custom.AwsCustomResource(
        stack,
        "Read",
        on_update=_call("SSM", "getParameters", {"Names": [name]}, custom.PhysicalResourceId.of(f"read-{version}")),
        policy=custom.AwsCustomResourcePolicy.from_sdk_calls(resources=[arn]),
    )
    read.node.add_dependency(parameter)
    CfnOutput(stack, "Value", value=read.get_response_field("Parameters.0.Value"))


def calls_as_another(stack: Stack, version: int) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), role_name="of-helpers")
    who = custom.AwsCustomResource(
        stack,
        "Who",
        # The newest cannot be fetched.
        install_latest_aws_sdk=True,
        on_update=custom.AwsSdkCall(
            service="STS",
            action="getCallerIdentity",
            assumed_role_arn=role.role_arn,
            physical_resource_id=custom.PhysicalResourceId.of(f"who-{version}"),
        ),
        policy=custom.AwsCustomResourcePolicy.from_statements(
            [iam.PolicyStatement(actions=["sts:AssumeRole"], resources=[role.role_arn])]
        ),
    )
    CfnOutput(stack, "Arn", value=who.get_response_field("Arn"))


def calls_that_fail(stack: Stack, version: int) -> None:
    """Only for a reason that the user has named."""
    identity = custom.PhysicalResourceId.of(f"bucket-{version}")
    custom.AwsCustomResource(
        stack,
        "Bucket",
        on_update=custom.AwsSdkCall(
            service="S3",
            action="headBucket",
            parameters={"Bucket": "no-such-bucket-of-helpers"},
            ignore_error_codes_matching="NotFound",
            physical_resource_id=identity,
        ),
        policy=custom.AwsCustomResourcePolicy.from_sdk_calls(resources=["*"]),
    )


def _call(
    service: str, action: str, parameters: Mapping[str, object], identity: custom.PhysicalResourceId | None = None
) -> custom.AwsSdkCall:
    return custom.AwsSdkCall(service=service, action=action, parameters=parameters, physical_resource_id=identity)


def provider(stack: Stack, version: int) -> None:
    on_event = functions.Function(
        stack,
        "OnEvent",
        runtime=functions.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=functions.Code.from_inline(_ON_EVENT),
    )
    is_complete = functions.Function(
        stack, "IsComplete", runtime=_NODE, handler="index.handler", code=functions.Code.from_inline(_IS_COMPLETE)
    )
    waiting = custom.Provider(
        stack,
        "Waiting",
        on_event_handler=on_event,
        is_complete_handler=is_complete,
        query_interval=Duration.seconds(1),
        total_timeout=Duration.minutes(1),
    )
    plain = custom.Provider(stack, "Plain", on_event_handler=on_event)
    for name, made in (("Late", waiting), ("Soon", plain)):
        thing = CustomResource(stack, f"{name}Thing", service_token=made.service_token, properties={"v": version})
        CfnOutput(stack, name, value=thing.get_att_string("V"))


def emptied_repository(stack: Stack, version: int) -> None:
    made = ecr.Repository(stack, "Repository", removal_policy=RemovalPolicy.DESTROY, auto_delete_images=True)
    Tags.of(made).add("version", str(version))


def closed_network(stack: Stack, version: int) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0, restrict_default_security_group=True)
    Tags.of(vpc).add("version", str(version))


def identity_provider(stack: Stack, version: int) -> None:
    iam.OpenIdConnectProvider(
        stack,
        "Provider",
        url="https://token.actions.githubusercontent.com",
        client_ids=["a", "b", "c"][version - 1 : version + 1],
        thumbprints=[str(version) * 40],
    )


def notified(stack: Stack, version: int) -> None:
    queue = notifications.SqsDestination(sqs.Queue(stack, "Queue"))
    of_files = s3.NotificationKeyFilter(prefix=f"{version}/")
    emptied_bucket(stack, 1).add_event_notification(s3.EventType.OBJECT_CREATED, queue, of_files)


def triggered(stack: Stack, version: int) -> None:
    code = functions.Code.from_inline(f"exports.handler = async () => {version}")
    triggers.TriggerFunction(stack, "Trigger", runtime=_NODE, handler="index.handler", code=code)


def replaced_record(stack: Stack, version: int) -> None:
    zone = route53.PublicHostedZone(stack, "Zone", zone_name="example.com")
    address = route53.RecordTarget.from_ip_addresses(f"10.0.0.{version}")
    route53.ARecord(stack, "Record", zone=zone, target=address, record_name="www", delete_existing=True)


def replicated_table(stack: Stack, version: int) -> None:
    key = dynamodb.Attribute(name="k", type=dynamodb.AttributeType.STRING)
    regions = ["eu-west-1", "eu-central-1"][:version]
    dynamodb.Table(stack, "Table", partition_key=key, removal_policy=RemovalPolicy.DESTROY, replication_regions=regions)


def calling_rule(stack: Stack, version: int) -> None:
    rule = events.Rule(stack, "Rule", schedule=events.Schedule.rate(Duration.hours(version)))
    rule.add_target(targets.AwsApi(service="SSM", action="deleteParameter", parameters={"Name": "any"}))


#: Those of which nothing more is asked than that they live.
HELPERS: Mapping[str, Build] = {
    build.__name__.replace("_", "-"): build
    for build in (
        emptied_bucket,
        emptied_repository,
        retention,
        calls_as_another,
        calls_that_fail,
        closed_network,
        identity_provider,
        notified,
        triggered,
        replaced_record,
        replicated_table,
        calling_rule,
    )
}
