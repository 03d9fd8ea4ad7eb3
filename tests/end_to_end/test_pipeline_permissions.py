"""A pipeline's roles have exactly what they need: without any one permission something that is promised is missing."""

import copy
import itertools
import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from bedrock_local.running import RunningAws

from . import pipeline_situations as situations
from .jobs import Jobs
from .permissions import without
from .pipeline_roles import Role, actions_of, everything, without_right
from .pipeline_trials import DENIED, Trial
from .pipelines import Pipeline, files
from .stacks import Stacks, Template
from .understudies import Understudies, refusal
from .waits import eventually

Situation = Callable[[Trial], str]

#: By role and situation, the actions that show there.
CLAIMS: Mapping[str, Mapping[Situation, str]] = {
    "data": {
        situations.whole_run: "events:PutEvents kms:Decrypt kms:GenerateDataKey s3:GetObject s3:ListBucket "
        "s3:PutObject",
        situations.logs: "logs:CreateLogStream logs:PutLogEvents",
        situations.stopped_job: "s3:DeleteObject",
        situations.broken_shard: "s3:AbortMultipartUpload",
    },
    "demand": {
        situations.whole_run: "bedrock:InvokeModel kms:Decrypt kms:GenerateDataKey s3:GetObject s3:ListBucket "
        "s3:PutObject",
        situations.logs: "logs:CreateLogStream logs:PutLogEvents",
        situations.broken_answers: "s3:AbortMultipartUpload",
    },
    "jobs": {
        situations.whole_run: "bedrock:CreateModelInvocationJob bedrock:ListModelInvocationJobs bedrock:TagResource "
        "dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem iam:PassRole states:SendTaskSuccess "
        "states:StartExecution",
        situations.quota: "bedrock:GetFoundationModel servicequotas:ListServiceQuotas",
        situations.logs: "logs:CreateLogStream logs:PutLogEvents",
        situations.stopped_run: "bedrock:GetModelInvocationJob bedrock:StopModelInvocationJob dynamodb:Query",
        situations.second_run: "states:DescribeExecution",
    },
    "machine": {
        situations.whole_run: "kms:Decrypt lambda:InvokeFunction s3:GetObject s3:ListBucket states:DescribeExecution "
        "states:StartExecution",
        situations.stopped_run: "states:StopExecution",
        situations.redriven_run: "states:RedriveExecution",
    },
    "looks": {situations.look: "lambda:InvokeFunction"},
    "triggers": {situations.upload: "states:StartExecution"},
}
#: What lets rules call the function for jobs.
RULES: Mapping[str, Situation] = {
    "NightlyStateMachineJobEnds": situations.job_ends,
    "NightlyStateMachineRunChanges": situations.stopped_run,
}
CASES = [
    (role, situation, action)
    for role, of in CLAIMS.items()
    for situation, said in of.items()
    for action in said.split()
]
RUN_ON = "the children run on"
#: These show by what is missing; nothing says why.
SILENT = (situations.logs, situations.broken_shard, situations.broken_answers, situations.upload)
LONG, SHORT = 60.0, 2.0

_runs = itertools.count()


@pytest.fixture(scope="module")
def template(stacks: Stacks) -> Template:
    return stacks.synthesize(everything, "Permitted")


@pytest.fixture(scope="module")
def pipeline(stacks: Stacks, template: Template, aws: RunningAws) -> Iterator[Pipeline]:
    """Its input has an object that is a job's as it is, and one that is written anew; some answers fail at first."""
    pipeline = Pipeline(stacks.put(template, "Permitted"), aws)
    pipeline.put({**files(1), "001.jsonl": files(2, 110)["001.jsonl"]})
    aws.faults.clear()
    aws.faults.fail_records(0.02, 500, job_name="-r1-")
    yield pipeline
    aws.faults.clear()


def attempt(pipeline: Pipeline, role: str, situation: Situation, patience: float = SHORT) -> str:
    wait_until_idle(pipeline)
    return situation(Trial(pipeline, Role(pipeline, role), f"run-{next(_runs)}", patience))


def wait_until_idle(pipeline: Pipeline) -> None:
    """A run that an upload began late, or that is being stopped, is in the way of the next one."""
    running = {"stateMachineArn": pipeline.machine, "statusFilter": "RUNNING"}
    eventually(lambda: not pipeline.states.list_executions(**running)["executions"])


def test_each_action_of_each_role_is_tried(template: Template) -> None:
    of_jobs = {(role, action) for role, action in actions_of(template) if role == "job"}
    assert {(role, action) for role, _, action in CASES} == actions_of(template) - of_jobs
    assert of_jobs, "they are tried by jobs of their own"


def test_a_role_or_an_action_that_nobody_tries_is_found(template: Template) -> None:
    generous = copy.deepcopy(template)
    policy = next(each for name, each in generous["Resources"].items() if name.startswith("NightlyTriggersRolePolicy"))
    statement = {"Effect": "Allow", "Action": "states:StopExecution", "Resource": "*"}
    policy["Properties"]["PolicyDocument"]["Statement"].append(statement)
    assert actions_of(generous) - actions_of(template) == {("triggers", "states:StopExecution")}
    policy["Properties"]["Roles"] = [{"Ref": "AnotherRole00000000"}]
    assert ("AnotherRole00000000", "states:StartExecution") in actions_of(generous)


@pytest.mark.parametrize("situation", dict.fromkeys([*(situation for _, situation, _ in CASES), *RULES.values()]))
def test_with_all_permissions_all_is_well(pipeline: Pipeline, situation: Situation) -> None:
    role = next((role for role, each, _ in CASES if each is situation), "jobs")
    assert attempt(pipeline, role, situation, LONG) == ""


@pytest.mark.parametrize(("role", "situation", "action"), CASES)
def test_without_a_permission_it_shows(pipeline: Pipeline, role: str, situation: Situation, action: str) -> None:
    assert list(problems(pipeline, role, situation, action)) == []


def test_a_superfluous_permission_is_found(pipeline: Pipeline) -> None:
    role, other = Role(pipeline, "looks"), "arn:aws:lambda:us-east-1:000000000000:function:NotNightly"
    allowed = {"lambda:InvokeFunction": other, "lambda:ListFunctions": "*"}
    statements = [{"Effect": "Allow", "Action": action, "Resource": each} for action, each in allowed.items()]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    more = {"RoleName": role.name, "PolicyName": "more"}
    pipeline.aws.client("iam").put_role_policy(**more, PolicyDocument=document)
    try:
        found = list(problems(pipeline, "looks", situations.look, "lambda:InvokeFunction"))
    finally:
        pipeline.aws.client("iam").delete_role_policy(**more)
    assert found == [f"the looks role has a superfluous permission: lambda:InvokeFunction on {other}"]


def problems(pipeline: Pipeline, role: str, situation: Situation, action: str) -> Iterator[str]:
    """Try a situation without each permission of a role to do something."""
    deployed = Role(pipeline, role)
    having = [each for each in deployed.permissions if each.action == action]
    assert having
    for missing in having:
        with deployed.lacking(missing):
            told = attempt(pipeline, role, situation)
        if not told:
            yield f"the {role} role has a superfluous permission: {missing}"
        elif situation not in SILENT and f"{DENIED}{action}" not in told and told != RUN_ON:
            yield f"without {missing}: {told}"


def test_each_rule_that_may_call_a_function_is_tried(template: Template) -> None:
    rights = {name for name, each in template["Resources"].items() if each["Type"] == "AWS::Lambda::Permission"}
    assert {name[:-8] for name in rights} == {f"{rule}Permission" for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_without_its_right_tells_nobody(pipeline: Pipeline, rule: str) -> None:
    with without_right(pipeline, rule):
        assert attempt(pipeline, "jobs", RULES[rule])


def test_each_permission_of_the_jobs_role_is_needed(pipeline: Pipeline, stacks: Stacks, jobs: Jobs) -> None:
    """By the job of an object as it is, or by that of a shard that was cut."""
    wait_until_idle(pipeline)
    pipeline.run("of-both-kinds")
    role = Role(pipeline, "job")
    documents, superfluous = [*role.documents.values(), *role.attached], role.permissions
    for job in pipeline.jobs_of("of-both-kinds"):
        one = Understudies(stacks, job["jobArn"])
        started = [
            (missing, one.start(one.trust, [without(document, missing) for document in documents]))
            for missing in superfluous
        ]
        ends = [(missing, jobs.ended(arn)) for missing, arn in started]
        failed = [(missing, end.get("message", "")) for missing, end in ends if end["status"] != "Completed"]
        assert [(str(each), message) for each, message in failed if refusal(each.action) not in message] == []
        superfluous = [missing for missing, end in ends if end["status"] == "Completed"]
    assert superfluous == []
