"""What waits where only CloudFormation sees that a job is another one, so that there is no new condition."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import CfnMapping, CfnParameter, CfnResource, Duration, Fn, SecretValue, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, WaitUntil

from ..conftest import NOVA
from ..template import JOB, Synthesized, plain

CONDITION, RESULTS, LINK = "AWS::CloudFormation::WaitCondition", f"{JOB}Results", f"{JOB}Wait"


def of_another_stack(stack: Stack) -> str:
    return s3.Bucket(Stack(stack.node.scope, "Other"), "Bucket").bucket_name  # type: ignore[arg-type]  # it has one


def named_by_parameter(stack: Stack) -> str:
    return s3.Bucket(stack, "Bucket", bucket_name=CfnParameter(stack, "Name").value_as_string).bucket_name


def told_by_resource(stack: Stack) -> str:
    """What another resource of the stack answers, which is given what a second one answers, which has a parameter."""
    given = {"Type": "String", "Value": CfnParameter(stack, "Name").value_as_string}
    first = CfnResource(stack, "First", type="AWS::SSM::Parameter", properties=given)
    given = {"Type": "String", "Value": first.get_att("Value")}
    return CfnResource(stack, "Second", type="AWS::SSM::Parameter", properties=given).get_att("Value").to_string()


def of_mapping(stack: Stack) -> str:
    CfnMapping(stack, "Names", mapping={"Here": {"Bucket": "records"}})
    return Fn.find_in_map("Names", "Here", "Bucket")


def by_hand(name: str) -> Callable[[Stack], str]:
    """What CDK does not know to be the parameter that it is."""

    def of(stack: Stack) -> str:
        CfnParameter(stack, "Name")
        return Fn.sub(f"${{{name}}}") if name else Fn.ref("Name")

    return of


UNKNOWN = {
    "a bucket whose name is a parameter": named_by_parameter,
    "a resource behind a resource that is given a parameter": told_by_resource,
    "a mapping": of_mapping,
    "a parameter that is named by hand": by_hand(""),
    "a parameter in a text": by_hand("Name"),
    "a parameter": lambda stack: CfnParameter(stack, "Name").value_as_string,
    "a part of a parameter": lambda stack: Fn.select(1, Fn.split("/", CfnParameter(stack, "Name").value_as_string)),
    "a parameter in SSM": lambda stack: ssm.StringParameter.value_for_string_parameter(stack, "/name"),
    "an export": lambda _: Fn.import_value("Name"),
    "another stack": of_another_stack,
    "a dynamic reference": lambda _: SecretValue.ssm_secure("/name").unsafe_unwrap(),
}
KNOWN = {
    "a name": lambda _: "name",
    "the account": lambda stack: f"of-{stack.account}-{stack.region}",
    "the account in a text": lambda _: Fn.sub("of-${AWS::AccountId}-${!name}"),
    "a bucket of the stack": lambda stack: s3.Bucket(stack, "Bucket").bucket_name,
}


def links(stack: Stack, name: str, **parameters: Any) -> list[str]:
    """The links of a job with such a name in its data; each waits for the one before."""
    data = InputData.from_uri(f"s3://{name}/records/")
    ModelInvocationJob(
        stack,
        "Summaries",
        model=BatchModel.foundation_model(NOVA),
        input_data=data,
        wait_until=WaitUntil.FINISHED,
        **parameters,
    )
    template = Synthesized.of(stack)
    chain = [*template.all(CONDITION), *template.all(LINK), *template.all(RESULTS)]
    assert len(chain) == len(template.all(LINK)) + 2
    assert [template.resources[later]["DependsOn"] for later in chain[1:]] == [[earlier] for earlier in chain[:-1]]
    for link in map(plain, template.properties(LINK)):
        assert link == {
            "ServiceToken": "${BedrockBatchProviderFunction.Arn}",
            "ServiceTimeout": "3600",
            "JobArn": "${Summaries.JobArn}",
            "WaitTimeoutSeconds": template.job["WaitTimeoutSeconds"],
        }
    return list(template.all(LINK))


@pytest.mark.parametrize("source", UNKNOWN)
def test_what_cloudformation_alone_knows_is_waited_for_by_links(stack: Stack, source: str) -> None:
    assert len(links(stack, UNKNOWN[source](stack))) == 13


@pytest.mark.parametrize("source", KNOWN)
def test_what_the_template_shows_needs_none(stack: Stack, source: str) -> None:
    assert links(stack, KNOWN[source](stack)) == []


@pytest.mark.parametrize(("minutes", "number"), [(1, 0), (55, 0), (56, 1), (110, 1), (111, 2), (720, 13)])
def test_there_are_as_many_links_as_the_wait_takes(stack: Stack, minutes: int, number: int) -> None:
    found = links(stack, CfnParameter(stack, "Name").value_as_string, wait_timeout=Duration.minutes(minutes))
    assert len(found) == number
