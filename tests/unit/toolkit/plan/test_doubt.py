"""What only CloudFormation will know is said to be so; it never counts as nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import AssemblyError, plan_deployment

from .account import JOB, Account, Template, assembly, changed, golden, job


def model(value: Any, **template: Any) -> Callable[[Template], object]:
    """Have a template say its job's model so, and something beside."""

    def change(found: Template) -> None:
        for name, members in template.items():
            found[name] = {**found.get(name, {}), **members} if isinstance(members, dict) else members
        job(found)["Job"]["modelId"] = value

    return change


def parameter(kind: str = "String", **more: Any) -> dict[str, Any]:
    return {"Parameters": {"Model": {"Type": kind, **more}}}


REF = {"Ref": "Model"}
SSM = "AWS::SSM::Parameter::Value<String>"
MAP = {"Mappings": {"Models": {"us-east-1": {"model": "amazon.nova-lite-v1:0"}}}}
CONDITION = {"Conditions": {"Small": {"Fn::Equals": [{"Ref": "Size"}, "small"]}}}
SIZE = {"Parameters": {"Size": {"Type": "String"}}}
EITHER = {"Fn::If": ["Small", "amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"]}
OTHER = {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "a"}}
REF_OTHER = {"Ref": "Other"}
ATTRIBUTE = {"Fn::GetAtt": ["Other", "Value"]}

#: Both templates say so: parameters of before, those that are given, what is planned, what is said.
ALIKE: list[tuple[Callable[[Template], object], dict[str, str], dict[str, str], str, str]] = [
    (model(REF, **parameter()), {"Model": "m"}, {}, "nothing", ""),
    (model(REF, **parameter()), {"Model": "m"}, {"Model": "m"}, "nothing", ""),
    (model(REF, **parameter()), {"Model": "m"}, {"Model": "n"}, "runs", ""),
    (model(REF, **parameter()), {"Model": "m"}, {"Stack:Model": "n"}, "runs", ""),
    (model(REF, **parameter(NoEcho=True)), {"Model": "****"}, {}, "nothing", ""),
    (model(REF, **parameter(NoEcho=True)), {"Model": "****"}, {"Model": "n"}, "cannot tell", "hidden (NoEcho)"),
    (model(REF, **parameter(SSM)), {"Model": "/model"}, {}, "cannot tell", "read from the parameter store"),
    (model("{{resolve:ssm:/model}}"), {}, {}, "cannot tell", "is read when the stack is deployed"),
    (model("{{resolve:ssm:/model:3}}"), {}, {}, "nothing", ""),
    (
        model({"Fn::Sub": "{{resolve:ssm:/${AWS::Region}/model}}"}),
        {},
        {},
        "cannot tell",
        "us-east-1/model}} is read when",
    ),
    (model({"Fn::Sub": "{{resolve:ssm:/${AWS::Region}/model:3}}"}), {}, {}, "nothing", ""),
    (
        model({"Fn::Join": ["", ["{{resolve:ssm:", REF, "}}"]]}, **parameter()),
        {"Model": "m"},
        {},
        "cannot tell",
        "is read",
    ),
    (model({"Fn::Sub": "{{resolve:ssm:${AWS::URLSuffix}}}"}), {}, {}, "cannot tell", "is read when"),
    (model("{{resolve:secretsmanager:model}}"), {}, {}, "cannot tell", "is read when the stack is deployed"),
    (model({"Fn::ImportValue": "Model"}), {}, {}, "nothing", ""),
    (model({"Fn::GetStackOutput": {"StackName": "Models"}}), {}, {}, "cannot tell", "Fn::GetStackOutput says"),
    (model({"Fn::Transform": {"Name": "Mine"}}), {}, {}, "cannot tell", "Fn::Transform says"),
    (model({"Fn::FindInMap": ["Models", {"Ref": "AWS::Region"}, "model"]}, **MAP), {}, {}, "nothing", ""),
    (model(EITHER, **SIZE, **CONDITION), {"Size": "small"}, {}, "nothing", ""),
    (model(EITHER, **SIZE, **CONDITION), {"Size": "small"}, {"Size": "large"}, "runs", ""),
    (model({"Fn::Select": [0, {"Fn::Split": ["|", "m|n"]}]}), {}, {}, "nothing", ""),
    (model({"Fn::Base64": "m"}), {}, {}, "nothing", ""),
    (model({"Fn::GetAtt": ["BedrockBatchInput2BE83EE4", {"Fn::Sub": "Arn"}]}), {}, {}, "nothing", ""),
    (
        model({"Fn::GetAtt": ["BedrockBatchInput2BE83EE4", {"Fn::Sub": "${AWS::URLSuffix}"}]}),
        {},
        {},
        "cannot tell",
        "Fn::GetAtt of an expression says",
    ),
    (
        model({"Fn::Sub": "${BedrockBatchInput2BE83EE4}-${Model}"}, **parameter("CommaDelimitedList")),
        {"Model": "m,n"},
        {},
        "cannot tell",
        "Fn::Sub of a list says",
    ),
    (model({"Fn::Join": "no arguments"}), {}, {}, "nothing", ""),
    (model("m", Transform="Mine"), {}, {}, "cannot tell", "the macro Mine"),
    (model("m", Transform=["AWS::LanguageExtensions"]), {}, {}, "nothing", ""),
]


@pytest.mark.parametrize("case", ALIKE)
def test_where_both_templates_say_the_same(
    tmp_path: Path, case: tuple[Callable[[Template], object], dict[str, str], dict[str, str], str, str]
) -> None:
    said, before, given, action, because = case
    template = changed(golden(), said)
    plan = Account(template, parameters=before).plan(tmp_path, template, parameters=given)
    (planned,) = plan.jobs
    assert planned.action == action
    assert because in planned.reason
    assert plan.pays_nothing == (action == "nothing")


#: The deployed template says the first, the next one the other.
OTHERWISE: list[tuple[Any, Any, dict[str, Any], str, str]] = [
    (
        "amazon.nova-lite-v1:0",
        REF,
        parameter(),
        "cannot tell",
        "parameter Model has no value; give it with",
    ),
    ("amazon.nova-lite-v1:0", REF, parameter(Default="amazon.nova-lite-v1:0"), "nothing", ""),
    ("amazon.nova-lite-v1:0", REF, parameter(Default="n"), "runs", ""),
    # What the store had then may be what stands there now.
    ("{{resolve:ssm:/model}}", "m", {}, "cannot tell", "{{resolve:ssm:/model}} is read when the stack is deployed"),
    (EITHER, "m", {**SIZE, **CONDITION}, "cannot tell", "whether the condition Small holds is known to CloudFormation"),
    ("m", {"Fn::ImportValue": "Model"}, {}, "cannot tell", "the export Model is known to CloudFormation only"),
    ("m", {"Fn::Sub": "${AWS::Region}-m"}, {}, "runs", ""),
    # Whatever stands before it, the end is another one.
    ({"Fn::Sub": "${AWS::URLSuffix}/m"}, {"Fn::Sub": "${AWS::URLSuffix}/n"}, {}, "runs", ""),
    (
        ATTRIBUTE,
        ATTRIBUTE,
        {"Resources": {"Other": OTHER}},
        "cannot tell",
        "Other is another one, and its Value may be",
    ),
]


@pytest.mark.parametrize("case", OTHERWISE)
def test_where_the_templates_differ(tmp_path: Path, case: tuple[Any, Any, dict[str, Any], str, str]) -> None:
    old, new, more, action, because = case
    (planned,) = Account(changed(golden(), model(old))).plan(tmp_path, changed(golden(), model(new, **more))).jobs
    assert planned.action == action
    assert because in planned.reason


def test_a_model_that_is_not_known_has_no_name_to_look_prices_up_by(tmp_path: Path) -> None:
    (planned,) = Account().plan(tmp_path, changed(golden(), model(REF, **parameter()))).jobs
    assert (planned.action, planned.model) == ("runs", "")
    (planned,) = Account().plan(tmp_path, changed(golden(), model(REF, **parameter())), parameters={"Model": "m"}).jobs
    assert planned.model == "m"


def test_what_another_resource_tells_is_doubtful_when_that_changes(tmp_path: Path) -> None:
    there = changed(golden(), model(ATTRIBUTE, Resources={"Other": OTHER}))
    (planned,) = Account(there).plan(tmp_path, there).jobs
    assert planned.action == "nothing"
    other = changed(there, lambda template: template["Resources"]["Other"]["Properties"].update(Value="b"))
    (planned,) = Account(there).plan(tmp_path, other).jobs
    assert planned.action == "cannot tell"
    assert "Other (AWS::SSM::Parameter) changes in Value" in planned.reason


#: A resource beside the job, what the job's model is of it, what changes of the resource, what is planned.
BESIDE: list[tuple[str, Any, dict[str, Any], str]] = [
    ("AWS::S3::Bucket", REF_OTHER, {"Tags": []}, "nothing"),
    ("AWS::S3::Bucket", REF_OTHER, {"BucketName": "b"}, "runs"),
    ("AWS::S3::Bucket", REF_OTHER, {"ObjectLockEnabled": True}, "cannot tell"),
    # Properties that CloudFormation will have one day.
    ("AWS::S3::Bucket", REF_OTHER, {"Shape": "round"}, "cannot tell"),
    ("AWS::S3::Bucket", {"Fn::GetAtt": ["Other", "WebsiteURL"]}, {"Tags": []}, "cannot tell"),
    ("AWS::EC2::Subnet", REF_OTHER, {"Ipv6Native": True}, "runs"),
    ("AWS::EC2::Subnet", REF_OTHER, {"Ipv4NetmaskLength": 24}, "runs"),
    ("AWS::EC2::Subnet", REF_OTHER, {"Ipv6CidrBlock": "::/64"}, "cannot tell"),
    ("AWS::EC2::Subnet", {"Fn::GetAtt": ["Other", "VpcId"]}, {"CidrBlock": "10.0.0.0/24"}, "cannot tell"),
    ("AWS::KMS::Key", REF_OTHER, {"KeyPolicy": {}}, "nothing"),
    ("AWS::KMS::Key", REF_OTHER, {"KeySpec": "RSA_2048"}, "cannot tell"),
    ("AWS::StepFunctions::StateMachine", {"Fn::GetAtt": ["Other", "Arn"]}, {"DefinitionString": "{}"}, "nothing"),
    (
        "AWS::StepFunctions::StateMachine",
        {"Fn::GetAtt": ["Other", "StateMachineRevisionId"]},
        {"DefinitionString": "{}"},
        "cannot tell",
    ),
    ("AWS::EC2::VPC", REF_OTHER, {"Tags": []}, "nothing"),
    ("AWS::EC2::VPC", REF_OTHER, {"InstanceTenancy": "dedicated"}, "cannot tell"),
    (
        "AWS::Bedrock::ApplicationInferenceProfile",
        {"Fn::GetAtt": ["Other", "InferenceProfileArn"]},
        {"Tags": []},
        "nothing",
    ),
    ("AWS::SNS::Topic", REF_OTHER, {"DisplayName": "b"}, "cannot tell"),
    ("Custom::Mine", REF_OTHER, {"Size": "2"}, "cannot tell"),
]


@pytest.mark.parametrize("case", BESIDE)
def test_a_name_of_a_resource_that_changes(tmp_path: Path, case: tuple[str, Any, dict[str, Any], str]) -> None:
    kind, name, change, action = case
    there = changed(golden(), model(name, Resources={"Other": {"Type": kind, "Properties": {}}}))
    next_one = changed(there, lambda template: template["Resources"]["Other"]["Properties"].update(change))
    (planned,) = Account(there).plan(tmp_path, next_one).jobs
    assert planned.action == action


def test_what_refers_further_than_can_be_followed_is_doubtful(tmp_path: Path) -> None:
    buckets = {
        f"Bucket{number}": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": {"Fn::Sub": f"a-${{Bucket{number + 1}}}"}},
        }
        for number in range(400)
    }
    last = {"Bucket400": {"Type": "AWS::S3::Bucket", "Properties": {}}}
    there = changed(golden(), model({"Ref": "Bucket0"}, Resources={**buckets, **last}))
    (planned,) = Account(there).plan(tmp_path, there).jobs
    assert planned.action == "cannot tell"
    assert planned.reason.endswith("refers to others through too many more")


def test_a_custom_resource_that_is_new_may_be_called_as_the_one_before(tmp_path: Path) -> None:
    there = changed(golden(), model(REF_OTHER, Resources={"Other": {"Type": "Custom::Mine"}}))
    moved = changed(golden(), model({"Ref": "Another"}, Resources={"Another": {"Type": "Custom::Mine"}}))
    (planned,) = Account(there).plan(tmp_path, moved).jobs
    assert (planned.action, planned.reason) == ("cannot tell", "Another is another one, and its name may be, too")


def test_what_a_nested_stack_tells_whose_template_is_not_here(tmp_path: Path) -> None:
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://elsewhere/a.json"}}
    there = changed(golden(), model({"Fn::GetAtt": ["Other", "Outputs.Model"]}, Resources={"Other": nested}))
    jobs = {planned.path: planned for planned in Account(there).plan(tmp_path, there).jobs}
    assert jobs["Minimal/Numbers"].action == "cannot tell"
    assert jobs["Minimal/Numbers"].reason == "Other may change, and its Outputs.Model with it"


@pytest.mark.parametrize(
    ("status", "action", "because"),
    [
        ("REVIEW_IN_PROGRESS", "runs", "its resource is new"),
        ("ROLLBACK_COMPLETE", "runs", "its resource is new"),
        ("UPDATE_ROLLBACK_COMPLETE", "nothing", ""),
        ("UPDATE_IN_PROGRESS", "cannot tell", "the stack is in UPDATE_IN_PROGRESS: plan again when it is not"),
        # The template is the next one already, and the job may be that of the one before.
        ("UPDATE_FAILED", "cannot tell", "the stack is in UPDATE_FAILED: how far its last update came is not known"),
        ("UPDATE_ROLLBACK_FAILED", "cannot tell", "the stack is in UPDATE_ROLLBACK_FAILED"),
        ("DELETE_FAILED", "cannot tell", "the stack is in DELETE_FAILED"),
    ],
)
def test_a_stack_in_a_state(tmp_path: Path, status: str, action: str, because: str) -> None:
    (planned,) = Account(golden(), stack_status=status).plan(tmp_path, golden()).jobs
    assert planned.action == action
    assert because in planned.reason


def test_a_job_that_failed_to_be_made_and_was_kept_so(tmp_path: Path) -> None:
    account = Account(golden(), stack_status="CREATE_FAILED", resource_status={JOB: "CREATE_FAILED"})
    (planned,) = account.plan(tmp_path, golden()).jobs
    assert planned.action == "runs"


def test_a_deployed_template_that_is_no_json(tmp_path: Path) -> None:
    account: Any = Account("Resources:\n  Job: ...")  # type: ignore[arg-type]
    (planned,) = account.plan(tmp_path, golden()).jobs
    assert planned.action == "cannot tell"
    assert planned.reason.startswith("its deployed template is YAML")


def test_a_job_below_a_condition(tmp_path: Path) -> None:
    def conditional(template: Template) -> None:
        template |= {**SIZE, **CONDITION}
        template["Resources"][JOB]["Condition"] = "Small"

    there = changed(golden(), conditional)
    for size, action in (("small", "nothing"), ("large", "stopped")):
        (planned,) = Account(there, parameters={"Size": "small"}).plan(tmp_path, there, parameters={"Size": size}).jobs
        assert planned.action == action
    (planned,) = Account(golden()).plan(tmp_path, there).jobs
    assert (planned.action, planned.reason) == ("cannot tell", "whether the condition Small holds is not known")


@pytest.mark.parametrize("name", ["Mode", "Another:Model", "model"])
def test_a_parameter_that_no_stack_has_is_refused(tmp_path: Path, name: str) -> None:
    template = changed(golden(), model(REF, **parameter()))
    with pytest.raises(AssemblyError, match=r"no stack has the parameter .+; name one of .+: Stack:Model"):
        Account(template).plan(tmp_path, template, parameters={name: "m"})


def test_a_stack_of_another_account(tmp_path: Path) -> None:
    folder = assembly(tmp_path, golden(), {}, "aws://999999999999/us-east-1")
    (planned,) = plan_deployment(folder, Account(golden()).client).jobs
    assert planned.action == "cannot tell"
    assert planned.reason == "the stack is of account 999999999999, and these credentials are of 111122223333"


MACRO = {"Fn::Transform": {"Name": "AWS::Include"}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda each: each["Resources"][JOB].update(Properties=MACRO), "Fn::Transform says what it is"),
        (lambda each: each["Resources"][JOB]["Properties"].update(MACRO), "Fn::Transform says what it is"),
        (lambda each: job(each).update(Job=MACRO), "Fn::Transform says what it is"),
        (lambda each: job(each)["Job"].update(MACRO), "Fn::Transform says what it is"),
        (lambda each: job(each).update(Job={"Fn::If": ["Small", {}, {}]}), "whether the condition Small holds"),
        (lambda each: each["Resources"].update({"Fn::ForEach::Jobs": ["N", ["1"], {}]}), "Fn::ForEach::Jobs says"),
        (lambda each: each["Resources"].update(Broken=None), ""),
    ],
)
def test_a_job_whose_properties_are_not_even_named(
    tmp_path: Path, change: Callable[[Template], object], reason: str
) -> None:
    template = changed(golden(), change)
    (planned,) = Account(template).plan(tmp_path, template).jobs
    assert planned.action == ("cannot tell" if reason else "nothing")
    assert reason in planned.reason


def test_a_job_that_the_deployed_template_does_not_have(tmp_path: Path) -> None:
    account = Account(golden(), left={"Left": "Custom::BedrockModelInvocationJob"})
    jobs = {planned.logical_id: planned for planned in account.plan(tmp_path, golden()).jobs}
    assert (jobs[JOB].action, jobs["Left"].action) == ("nothing", "cannot tell")
    assert jobs["Left"].reason == "it is left of another deployment: the deployed template does not have it"
    account.resource_status = {"Left": "DELETE_SKIPPED"}
    assert [planned.logical_id for planned in account.plan(tmp_path, golden()).jobs] == [JOB]


def test_a_macro_of_the_deployed_template_may_have_made_anything(tmp_path: Path) -> None:
    there = changed(golden(), lambda template: template.update(Transform="Mine"))
    account = Account(there, left={"Made": "Custom::BedrockModelInvocationJob"})
    planned = account.plan(tmp_path, golden()).jobs
    assert {(each.action, each.reason) for each in planned} == {
        ("cannot tell", "the macro Mine says what the stack has")
    }
    assert {each.logical_id for each in planned} == {JOB, "Made"}


def test_a_stack_whose_jobs_are_not_seen(tmp_path: Path) -> None:
    (planned,) = Account().plan(tmp_path, {"Transform": "Mine", "Resources": {}}).jobs
    assert (planned.path, planned.reason) == ("Stack", "the macro Mine says what the stack has")
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://elsewhere/a.json"}}
    (planned,) = Account().plan(tmp_path, {"Resources": {"Inner": nested}}).jobs
    assert (planned.path, planned.action) == ("Stack/Inner", "cannot tell")
    assert planned.reason == "the app does not have the template of this nested stack"
