"""What waits where no function runs: a table and a state machine, for each stack that has a job."""

import json
from typing import Any

import pytest
from aws_cdk import Stack

from cdk_bedrock_batch import WaitUntil

from ..conftest import MakeJob
from ..template import Synthesized, plain

TABLE, MACHINE = "AWS::DynamoDB::Table", "AWS::StepFunctions::StateMachine"


@pytest.fixture
def template(stack: Stack, make_job: MakeJob) -> Synthesized:
    make_job()
    return Synthesized.of(stack)


def definition(template: Synthesized) -> dict[str, Any]:
    (machine,) = template.properties(MACHINE)
    found: dict[str, Any] = json.loads(machine["DefinitionString"]["Fn::Sub"])
    return found


@pytest.mark.parametrize("wait_until", [WaitUntil.SUBMITTED, WaitUntil.VALIDATED])
def test_a_stack_has_two_resources_for_it_however_many_jobs_it_has(
    stack: Stack, make_job: MakeJob, wait_until: WaitUntil
) -> None:
    make_job("First", wait_until=wait_until)
    make_job("Second", wait_until=wait_until)
    template = Synthesized.of(stack)
    assert [len(template.all(kind)) for kind in (TABLE, MACHINE)] == [1, 1]
    others = ("AWS::CloudFormation::WaitCondition", "AWS::Events::Rule", "AWS::Lambda::Permission")
    assert not any(template.all(kind) for kind in others)
    assert {resource["Type"] for resource in template.resources.values()} == {
        "AWS::DynamoDB::Table",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Function",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::StepFunctions::StateMachine",
        "Custom::BedrockModelInvocationJob",
    }


def test_their_ids_stay_or_what_is_remembered_would_be_lost_in_an_update(template: Synthesized) -> None:
    assert {*template.all(TABLE), *template.all(MACHINE)} == {
        "BedrockBatchProviderWaits4D532659",
        "BedrockBatchProviderLooks954263DB",
    }


def test_the_table_forgets_by_itself_and_goes_with_the_stack(template: Synthesized) -> None:
    (table,) = template.all(TABLE).values()
    properties = table["Properties"]
    assert {key["AttributeName"]: key["KeyType"] for key in properties["KeySchema"]} == {"Job": "HASH", "Wait": "RANGE"}
    assert {each["AttributeName"]: each["AttributeType"] for each in properties["AttributeDefinitions"]} == {
        "Job": "S",
        "Wait": "S",
    }
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "Expires", "Enabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_the_machine_waits_and_has_the_function_look_until_it_is_over(template: Synthesized) -> None:
    states = definition(template)["States"]
    assert states == {
        "Pause": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Look"},
        "Look": {
            "Type": "Task",
            "Resource": "arn:${AWS::Partition}:states:::lambda:invoke",
            "Parameters": {
                "FunctionName.$": "$.function",
                "Payload": {"function.$": "$.function", "look.$": "$.look"},
            },
            "OutputPath": "$.Payload",
            "TimeoutSeconds": 900,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Pause"}],
            "Next": "Over?",
        },
        "Over?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.over", "BooleanEquals": True, "Next": "Done"}],
            "Default": "Pause",
        },
        "Done": {"Type": "Succeed"},
    }
    assert definition(template).keys() == {"StartAt", "TimeoutSeconds", "States"}
    assert definition(template)["StartAt"] == "Pause"


def test_it_looks_for_longer_than_the_longest_wait_and_not_for_ever(template: Synthesized) -> None:
    assert 12 * 3600 < definition(template)["TimeoutSeconds"] < 24 * 3600


def test_it_keeps_no_log_and_no_trace(template: Synthesized) -> None:
    (machine,) = template.properties(MACHINE)
    assert machine.keys() == {"DefinitionString", "RoleArn", "StateMachineType"}
    assert machine["StateMachineType"] == "STANDARD"


def test_it_has_the_role_of_the_function_which_only_this_accounts_machines_can_assume(template: Synthesized) -> None:
    (machine,) = template.properties(MACHINE)
    role = machine["RoleArn"]["Fn::GetAtt"][0]
    (function,) = (f for f in template.properties("AWS::Lambda::Function") if f["Handler"].endswith("index.handler"))
    assert function["Role"]["Fn::GetAtt"][0] == role
    trust = template.resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [(s["Principal"], plain(s.get("Condition"))) for s in trust] == [
        ({"Service": "lambda.amazonaws.com"}, None),
        ({"Service": "states.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}),
    ]


def test_only_the_function_is_told_of_them(template: Synthesized) -> None:
    functions = {f["Handler"]: f.get("Environment") for f in template.properties("AWS::Lambda::Function")}
    assert functions == {
        "model_invocation_job.index.handler": {
            "Variables": {
                "WAITS_TABLE": {"Ref": "BedrockBatchProviderWaits4D532659"},
                "LOOKS_STATE_MACHINE": {"Ref": "BedrockBatchProviderLooks954263DB"},
            }
        },
        "model_invocation_job.last_word.handler": None,
    }


def test_they_are_there_before_the_job_and_after_it(template: Synthesized) -> None:
    assert {*template.all(TABLE), *template.all(MACHINE)} <= template.needed(template.job_id)
