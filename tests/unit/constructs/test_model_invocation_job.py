import json
import re
from pathlib import Path

import pytest
from aws_cdk import App, AssetStaging, CfnParameter, Duration, Fn, RemovalPolicy, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from bedrock_batch import RecordLimits
from cdk_bedrock_batch import BatchModel, InputData, InvocationType, ModelInvocationJob, OutputData, WaitUntil

from .conftest import MakeJob, RecordFile, resources, statements

TYPE = "Custom::BedrockModelInvocationJob"


def test_five_lines_give_buckets_role_function_job_and_output(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    template = Template.from_stack(stack)
    for kind, count in {"AWS::S3::Bucket": 2, "AWS::Lambda::Function": 2, TYPE: 1, "AWS::IAM::Role": 3}.items():
        template.resource_count_is(kind, count)
    (output,) = template.find_outputs("*").values()
    (job,) = template.find_resources(TYPE)
    assert output["Value"] == {"Fn::GetAtt": [job, "JobArn"]}


def test_two_jobs_share_one_function(stack: Stack, make_job: MakeJob) -> None:
    make_job("First")
    make_job("Second")
    Template.from_stack(stack).resource_count_is("AWS::Lambda::Function", 2)
    first, second = resources(stack, TYPE)
    assert first["Properties"]["ServiceToken"] == second["Properties"]["ServiceToken"]


def test_only_bedrock_assumes_the_role_and_only_for_jobs_of_this_account(stack: Stack, make_job: MakeJob) -> None:
    job = make_job()
    role = Template.from_stack(stack).to_json()["Resources"][stack.get_logical_id(job.role.node.default_child)]
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "model-invocation-job/*" in json.dumps(statement["Condition"]["ArnEquals"]["aws:SourceArn"])


def test_the_role_reads_input_writes_output_and_no_more(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    granted = {s["Action"]: json.dumps(s["Resource"]) for s in statements(stack, "SummariesJobRole")}
    assert set(granted) == {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "bedrock:InvokeModel"}
    for action, bucket in {"s3:GetObject": "BedrockBatchInput", "s3:PutObject": "BedrockBatchOutput"}.items():
        assert bucket in granted[action]
        assert "/Stack-Summaries-" in granted[action]
    assert granted["bedrock:InvokeModel"].count("amazon.nova-lite-v1:0") == 1


def test_the_function_has_no_right_beyond_its_jobs(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    granted = statements(stack, "BedrockBatchProviderRole")
    everywhere = [s["Action"] for s in granted if s["Resource"] == "*"]
    assert everywhere == ["bedrock:ListModelInvocationJobs"]
    (pass_role,) = (s for s in granted if s["Action"] == "iam:PassRole")
    assert pass_role["Condition"] == {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    assert "JobRole" in json.dumps(pass_role["Resource"])
    actions = {a for s in granted for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}
    assert actions.isdisjoint({"logs:CreateLogGroup", "s3:DeleteObject", "lambda:AddPermission", "events:PutRule"})


def test_the_job_comes_after_policies_and_buckets(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    (job,) = resources(stack, TYPE)
    for needed in ("SummariesJobRolePolicy", "BedrockBatchInputPolicy", "BedrockBatchOutputPolicy"):
        assert any(needed in dependency for dependency in job["DependsOn"]), needed


def test_new_content_is_staged_under_a_new_key(record_file: RecordFile, make_job: MakeJob, stack: Stack) -> None:
    for name, text in {"First": "one", "Second": "two", "Third": "one"}.items():
        AssetStaging.clear_asset_hash_cache()
        make_job(name, input_data=InputData.from_file(str(record_file(text=text))))
    keys = [
        re.search(r"/[0-9a-f]{64}/prompts.jsonl", json.dumps(r["Properties"]["Job"])) for r in resources(stack, TYPE)
    ]
    first, second, third = (key.group() for key in keys if key)
    assert first == third != second


def test_what_is_staged_is_what_the_job_reads(make_job: MakeJob, stack: Stack) -> None:
    make_job()
    (job,) = resources(stack, TYPE)
    (staged,) = job["Properties"]["StagedInput"]
    assert staged["Target"] == job["Properties"]["Job"]["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]


def test_a_file_that_bedrock_would_refuse_is_refused_with_the_line(record_file: RecordFile, make_job: MakeJob) -> None:
    path = record_file()
    path.write_text(path.read_text().replace('"r41"', '"r7"'))
    with pytest.raises(ValueError, match=r"'input_data' cannot be used: .*prompts.jsonl:42: .*r7"):
        make_job(input_data=InputData.from_file(path))


def test_limits_of_another_model_can_be_given(record_file: RecordFile, make_job: MakeJob) -> None:
    path = record_file(50)
    with pytest.raises(ValueError, match="100"):
        make_job(input_data=InputData.from_file(path))
    assert make_job(input_data=InputData.from_file(path, limits=RecordLimits(min_records_per_job=50)))


def test_every_parameter_reaches_the_properties(stack: Stack, make_job: MakeJob) -> None:
    make_job(
        job_name="nightly",
        invocation_type=InvocationType.CONVERSE,
        timeout=Duration.hours(48),
        wait_until=WaitUntil.SUBMITTED,
        wait_timeout=Duration.minutes(5),
        run_token="2",
        stop_on_delete=False,
    )
    Template.from_stack(stack).has_resource_properties(
        TYPE,
        {
            "Job": {
                "modelId": "amazon.nova-lite-v1:0",
                "modelInvocationType": "Converse",
                "timeoutDurationInHours": 48,
            },
            "JobNamePrefix": Match.string_like_regexp("nightly-[0-9a-f]{8}"),
            "WaitUntil": "SUBMITTED",
            "WaitTimeoutSeconds": 300,
            "RunToken": "2",
            "StopOnDelete": False,
        },
    )


def test_absent_parameters_are_absent_from_the_call(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    (job,) = resources(stack, TYPE)
    assert set(job["Properties"]["Job"]) == {"modelId", "roleArn", "inputDataConfig", "outputDataConfig"}


def test_given_buckets_and_role_are_used_and_permitted(stack: Stack, make_job: MakeJob) -> None:
    data = s3.Bucket(stack, "Data")
    role = iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    job = make_job(
        input_data=InputData.from_bucket(data, "in/"), output_data=OutputData.to_bucket(data, "out"), role=role
    )
    assert job.input_bucket is data
    assert job.output_bucket is data
    granted = {s["Action"]: json.dumps(s["Resource"]) for s in statements(stack, "MineDefaultPolicy")}
    assert "/in/*" in granted["s3:GetObject"]
    assert "/out/*" in granted["s3:PutObject"]
    Template.from_stack(stack).resource_count_is("AWS::S3::Bucket", 1)
    assert "StagedInput" not in resources(stack, TYPE)[0]["Properties"]


def test_a_profile_is_permitted_with_the_models_behind_it_and_only_through_it(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=BatchModel.inference_profile("us.amazon.nova-lite-v1:0", regions=["us-east-1", "us-west-2"]))
    profile, models = (s for s in statements(stack, "SummariesJobRole") if s["Action"] == "bedrock:InvokeModel")
    assert ":inference-profile/us.amazon.nova-lite-v1:0" in json.dumps(profile["Resource"])
    routed = [json.dumps(r) for r in models["Resource"]]
    assert all("::foundation-model/amazon.nova-lite-v1:0" in r for r in routed)
    assert ["us-east-1" in routed[0], "us-west-2" in routed[1]] == [True, True]
    assert models["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": profile["Resource"]}}


@pytest.mark.parametrize(
    ("id", "resource"),
    [
        ("amazon.nova-lite-v1:0", "foundation-model/amazon.nova-lite-v1:0"),
        ("zai.glm-4.7", "foundation-model/zai.glm-4.7"),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", "inference-profile/global.anthropic"),
        ("arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0/abcdefghijkl", "custom-model/"),
    ],
)
def test_from_id_tells_what_an_id_stands_for(stack: Stack, make_job: MakeJob, id: str, resource: str) -> None:
    make_job(model=BatchModel.from_id(id))
    invoke = [s for s in statements(stack, "SummariesJobRole") if s["Action"] == "bedrock:InvokeModel"]
    assert resource in json.dumps(invoke[0]["Resource"])


def test_buckets_are_private_encrypted_tls_only_and_kept(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    for bucket in resources(stack, "AWS::S3::Bucket"):
        assert bucket["DeletionPolicy"] == "Retain"
        assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())
        assert "BucketEncryption" in bucket["Properties"]
    for policy in resources(stack, "AWS::S3::BucketPolicy"):
        assert '"aws:SecureTransport": "false"' in json.dumps(policy)


def test_destroy_empties_and_removes_the_buckets(stack: Stack, make_job: MakeJob) -> None:
    make_job(removal_policy=RemovalPolicy.DESTROY)
    assert {b["DeletionPolicy"] for b in resources(stack, "AWS::S3::Bucket")} == {"Delete"}
    Template.from_stack(stack).resource_count_is("Custom::S3AutoDeleteObjects", 2)


def test_the_output_can_be_left_out(stack: Stack, make_job: MakeJob) -> None:
    make_job(output_job_arn=False)
    assert not Template.from_stack(stack).find_outputs("*")


def test_attributes_come_from_the_job_so_that_their_users_wait_for_it(stack: Stack, make_job: MakeJob) -> None:
    job = make_job()
    for attribute in (job.job_arn, job.job_id, job.job_name, job.job_status, job.output_uri):
        assert Token.is_unresolved(attribute)
        assert "Fn::GetAtt" in stack.resolve(attribute)


def test_every_function_has_its_log_group_in_the_template(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    for function in resources(stack, "AWS::Lambda::Function"):
        assert "Ref" in function["Properties"]["LoggingConfig"]["LogGroup"]
    for log_group in resources(stack, "AWS::Logs::LogGroup"):
        assert log_group["Properties"]["RetentionInDays"]
        assert "LogGroupName" not in log_group["Properties"]


def test_cloudformation_is_more_patient_than_the_function_but_not_for_an_hour(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    longest = max(f["Properties"]["Timeout"] for f in resources(stack, "AWS::Lambda::Function"))
    (job,) = resources(stack, TYPE)
    assert longest < int(job["Properties"]["ServiceTimeout"]) <= 1200


def test_a_function_that_dies_is_answered_for(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    (config,) = resources(stack, "AWS::Lambda::EventInvokeConfig")
    destination = config["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    last_word = Template.from_stack(stack).find_resources("AWS::Lambda::Function")[destination]
    assert last_word["Properties"]["Handler"] == "model_invocation_job.last_word.handler"
    assert [s["Action"] for s in statements(stack, "BedrockBatchProviderLastWordRole")] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"]
    ]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"timeout": Duration.hours(12)}, "'timeout' must be 24 to 168 whole hours, got 12 hours"),
        ({"timeout": Duration.minutes(1470)}, "'timeout' must be 24 to 168 whole hours, got 24.5 hours"),
        ({"timeout": 48}, r"'timeout' must be of type Duration, such as Duration.hours\(48\), got 48"),
        (
            {"wait_until": "SUBMITTED"},
            "'wait_until' must be of type WaitUntil, such as .*, got 'SUBMITTED'",
        ),
        ({"run_token": 2}, "'run_token' must be of type str"),
        ({"model": "amazon.nova-lite-v1:0"}, "'model' must be of type BatchModel"),
        ({"input_data": "prompts.jsonl"}, "'input_data' must be of type InputData"),
        ({"invocation_type": "Converse"}, "'invocation_type' must be of type InvocationType"),
        ({"wait_timeout": Duration.minutes(13)}, "'wait_timeout' must be 1 second to 12 minutes, got 780 seconds"),
        ({"job_name": "my_job"}, "'job_name' must match the API's pattern for jobName, got 'my_job'"),
        ({"job_name": "a" + "-" * 35 + "_"}, "'job_name' must match the API's pattern for jobName"),
        ({"job_name": "j" * 29}, "'job_name' must have at most 28 characters, got 29"),
    ],
)
def test_bad_parameters_are_named_and_create_nothing(
    stack: Stack, make_job: MakeJob, parameters: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_job(**parameters)
    assert not stack.node.children


@pytest.mark.parametrize("id", ["nova lite", "amazon.", ""])
def test_a_model_id_that_the_api_refuses_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="'model' must"):
        BatchModel.foundation_model(id)


def test_an_inference_profile_is_no_foundation_model() -> None:
    with pytest.raises(ValueError, match=r"is an inference profile: use BatchModel\.inference_profile"):
        BatchModel.foundation_model("us.amazon.nova-lite-v1:0")


def test_a_wrong_line_is_told_before_the_number_of_lines(tmp_path: Path, make_job: MakeJob) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text("not json\n")
    with pytest.raises(ValueError, match=r"prompts.jsonl:1: .* \(1 more problem\)"):
        make_job(input_data=InputData.from_file(path))


@pytest.mark.parametrize("key", ["date=2026-11-01/", "a//b/", "records.csv"])
def test_a_key_that_bedrock_refuses_is_refused(stack: Stack, key: str) -> None:
    with pytest.raises(ValueError, match="'input_data' must"):
        InputData.from_bucket(s3.Bucket(stack, "Data"), key)


def test_tokens_pass_every_check(stack: Stack, make_job: MakeJob) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    hours = Duration.hours(CfnParameter(stack, "Hours", type="Number").value_as_number)
    make_job(
        model=BatchModel.foundation_model(Fn.import_value("Model")),
        job_name=text,
        timeout=hours,
        run_token=text,
        input_data=InputData.from_bucket(s3.Bucket(stack, "Data"), text),
    )
    (job,) = resources(stack, TYPE)
    assert job["Properties"]["Job"]["timeoutDurationInHours"] == {"Ref": "Hours"}


def test_two_syntheses_give_the_same_template(record_file: RecordFile) -> None:
    path = str(record_file())

    def template() -> str:
        stack = Stack(App(), "Stack")
        model = BatchModel.foundation_model("amazon.nova-lite-v1:0")
        ModelInvocationJob(stack, "Job", model=model, input_data=InputData.from_file(path))
        return json.dumps(Template.from_stack(stack).to_json())

    assert template() == template()
