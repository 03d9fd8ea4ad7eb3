"""What is tried: each makes jobs of its own, and returns in a line what was seen."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from .bench import Bench, attempt
from .own import PREFIX, own_tags
from .template import policy, trust

#: Returns what was seen.
Provoke = Callable[[Bench], str]
_ROLE_SECONDS, _SIGNAL_SECONDS = 180, 15 * 60
_BEFORE_WORK = ("Submitted", "Validating")


def job(**changes: Any) -> Provoke:
    """Say how a job with these changes ends."""
    return lambda bench: bench.outcome(**changes)


def stack(name: str) -> Provoke:
    """Say how a stack's job was when its deployment was over, and how it ended."""

    def provoke(bench: Bench) -> str:
        bench.until(bench.lab.deployed.done, "the end of the deployment")
        arn = bench.lab.deployed.result()[name]
        return f"deployed with its job {bench.get(arn)['status']}; then {bench.end_of(arn)}"

    return provoke


def name_in_use(bench: Bench) -> str:
    request = bench.request()
    arn = bench.create(request)
    refused, _ = attempt(lambda: bench.create(request))
    bench.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    return refused or "accepted"


def name_of_ended_job(bench: Bench) -> str:
    name = bench.failed()["jobName"]
    refused, _ = attempt(lambda: bench.create(bench.request(records="few.jsonl", jobName=name)))
    return refused or "accepted"


def token_again(bench: Bench, **changes: Any) -> str:
    """Send a token again, with the same parameters but for the changes."""
    request = bench.request(records="few.jsonl", clientRequestToken=f"{bench.lab.run}-{bench.name}")
    first = bench.create(request)
    refused, second = attempt(lambda: bench.create({**request, **changes}))
    return refused or ("the earlier job" if first == second else "another job")


def token_of_another_request(bench: Bench) -> str:
    return token_again(bench, timeoutDurationInHours=48)


def stop(bench: Bench) -> str:
    arn = bench.create(bench.request())
    bench.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    first = bench.get(arn)["status"]
    return f"{first} at once; then {bench.end_of(arn)}"


def stop_of_ended_job(bench: Bench) -> str:
    arn = bench.failed()["jobArn"]
    refused, _ = attempt(lambda: bench.bedrock.stop_model_invocation_job(jobIdentifier=arn))
    return refused or "accepted"


def tags_of_ended_job(bench: Bench) -> str:
    arn = bench.failed()["jobArn"]
    refused, answer = attempt(lambda: bench.bedrock.list_tags_for_resource(resourceARN=arn))
    return refused or f"{len((answer or {})['tags'])} listed"


def end_time(bench: Bench) -> str:
    found = bench.failed()
    later = found["lastModifiedTime"] - found["endTime"]
    return (
        "endTime is lastModifiedTime" if later == timedelta(0) else f"endTime is {later.total_seconds():.3f} s earlier"
    )


def token_in_get(bench: Bench) -> str:
    arn = bench.create(bench.request(records="few.jsonl", clientRequestToken=f"{bench.lab.run}-{bench.name}"))
    return "shown" if bench.get(arn).get("clientRequestToken") else "absent"


def spelling_of_places(bench: Bench) -> str:
    """Send one place with a slash at its end, and one without."""
    sent = bench.request(records="few.jsonl")
    folder = sent["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    with_slash = bench.request(records="folder/")["inputDataConfig"]
    found = bench.get(bench.create({**sent, "inputDataConfig": with_slash}))
    read = found["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]
    written = found["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    kept = {(True, True): "as sent", (True, False): "each with a slash", (False, True): "none with a slash"}
    return kept.get((read.endswith("/"), written == folder), "otherwise")


def new_job_in_get(bench: Bench) -> str:
    arn = bench.create(bench.request(records="few.jsonl"))
    refused, _ = attempt(lambda: bench.get(arn))
    return refused or "known at once"


def new_job_in_list(bench: Bench) -> str:
    request = bench.request(records="few.jsonl")
    bench.create(request)
    listed = bench.bedrock.list_model_invocation_jobs(nameContains=request["jobName"])["invocationJobSummaries"]
    return "known at once" if listed else "not known at once"


def regions_of_profile(bench: Bench) -> str:
    """Ask where a profile routes to, as ``profile_regions`` has it."""
    profile = profile_of(bench)
    answer = bench.bedrock.get_inference_profile(inferenceProfileIdentifier=profile)
    regions = sorted({model["modelArn"].split(":")[3] for model in answer["models"]} - {""})
    return f"{profile.partition('.')[0]}:{','.join(regions)}"


def key_of_profile(bench: Bench) -> str:
    """Run a job through a profile with a role that may invoke models through profiles only."""
    return bench.outcome(role="OnlyByProfile", modelId=profile_of(bench))


def profile_of(bench: Bench) -> str:
    """Return the profile of the model's that is for the geography of the Region."""
    area = bench.lab.world.account.region.partition("-")[0]
    return f"{'apac' if area == 'ap' else area}.{bench.lab.model}"


def young_role(bench: Bench) -> str:
    """Make a role, and jobs with it until one is accepted, and until one gets past its validation."""
    since = time.monotonic()
    arn = _new_role(bench)
    accepted: float | None = None
    failed = 0.0
    while time.monotonic() - since < _ROLE_SECONDS:
        age = time.monotonic() - since
        refused, made = attempt(lambda: bench.create(bench.request(role=arn)))
        if made:
            accepted = age if accepted is None else accepted
            if bench.past(made, *_BEFORE_WORK)["status"] != "Failed":
                attempt(partial(bench.bedrock.stop_model_invocation_job, jobIdentifier=made))
                return f"accepted {accepted:.3g} s after it was made; jobs failed until it was {failed:.3g} s old"
            failed = age
        bench.lab.sleep(0.5)
    return f"no job got past its validation in {_ROLE_SECONDS} s: {refused or 'all failed'}"


def _new_role(bench: Bench) -> str:
    iam, world = bench.lab.world.account.client("iam"), bench.lab.world
    name = f"{PREFIX}Young-{bench.lab.run}-{bench.name}"[:64]
    arn = f"arn:{world.partition}:s3:::{world.bucket}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust()), Tags=own_tags(world.account))
    may = json.dumps(policy(arn, f"{arn}/*"))
    iam.put_role_policy(RoleName=name, PolicyName="May", PolicyDocument=may)
    return str(made["Role"]["Arn"])


def events(bench: Bench) -> str:
    """Say of which states of a job EventBridge tells, and how it writes their time."""
    name = bench.failed()["jobName"]

    def last() -> list[dict[str, Any]]:
        found = bench.lab.events.of(name)
        return found if any(event["detail"]["status"] == "Failed" for event in found) else []

    found = bench.until(last, f"the event of the end of {name}", _SIGNAL_SECONDS)
    form = "ISO 8601" if found[0]["time"][:4].isdigit() else "words"
    return f"{', '.join(event['detail']['status'] for event in found)}; time in {form}"


def rules_without_targets(bench: Bench) -> str:
    """Compare the metrics of two rules with one pattern."""
    bench.failed()
    bench.until(lambda: _matched(bench, "Rule"), "a metric of the rule", _SIGNAL_SECONDS)
    return "counted" if _matched(bench, "RuleWithoutTarget") else "uncounted"


def _matched(bench: Bench, rule: str) -> float:
    now = bench.get(bench.failed()["jobArn"])["lastModifiedTime"]
    answer = bench.lab.world.account.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Events",
        MetricName="MatchedEvents",
        Dimensions=[{"Name": "RuleName", "Value": bench.lab.world.made[rule]}],
        StartTime=now - timedelta(hours=3),
        EndTime=now + timedelta(hours=1),
        Period=3600,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in answer["Datapoints"]))
