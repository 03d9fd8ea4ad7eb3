"""The situations in which a pipeline's permissions matter: each tells what goes wrong, or nothing."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.places import Place

from .pipeline_roles import MARK
from .pipeline_trials import DENIED, FUNCTIONS, Trial

#: Of the account, which the local AWS is told.
QUOTA = 1000


def whole_run(trial: Trial) -> str:
    """Jobs of objects as they are and of what was cut, questions on demand, and the summary."""
    return trial.outcome(trial.pipeline.start(trial.run))


def quota(trial: Trial) -> str:
    """As many jobs may run at once as the account's quota says."""
    execution = trial.pipeline.start(trial.run)
    trial.pipeline.ended(execution)
    states = trial.pipeline.states
    runs = states.list_map_runs(executionArn=execution)["mapRuns"]
    most = {states.describe_map_run(mapRunArn=run["mapRunArn"])["maxConcurrency"] for run in runs}
    return "" if QUOTA in most else trial.told(execution)


def logs(trial: Trial) -> str:
    """Each function says in its log what it does."""
    began = time.time()
    trial.pipeline.run(trial.run)
    return ", ".join(name for name in FUNCTIONS if not trial.comes(lambda name=name: trial.log(name, began)))


def job_ends(trial: Trial) -> str:
    """A job that is over is told of at once, not by the next look."""
    execution = trial.pipeline.start(trial.run)
    states = trial.pipeline.states
    if trial.comes(lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING"):
        return ""
    states.stop_execution(executionArn=execution)
    return "nobody told"


def stopped_run(trial: Trial) -> str:
    """A run that is stopped has its jobs stopped, and nothing of it goes on."""
    _, told = _stopped(trial)
    return told


def _stopped(trial: Trial) -> tuple[str, str]:
    with trial.pipeline.aws.faults.hold("InProgress", job_name="-r1-"):
        execution, jobs = trial.held("InProgress", trial.run)
        trial.pipeline.states.stop_execution(executionArn=execution)
        if not jobs:
            return execution, f"there are no jobs: {trial.told(execution)}"
        if any(child["status"] == "RUNNING" for child in trial.pipeline.children(execution)):
            return execution, "the children run on"

        def over() -> bool:
            return all(job["status"] == "Stopped" for job in trial.pipeline.jobs_of(trial.run))

        trial.comes(lambda: over() or DENIED in trial.told(execution))
        return execution, "" if over() else f"the jobs run on: {trial.told(execution)}"


def redriven_run(trial: Trial) -> str:
    """A run that was stopped goes on when it is redriven."""
    execution, _ = _stopped(trial)
    trial.pipeline.states.redrive_execution(executionArn=execution)
    return trial.outcome(execution)


def second_run(trial: Trial) -> str:
    """A second run is told which one goes on."""
    with trial.pipeline.aws.faults.hold("InProgress", job_name="-r1-"):
        # It is refused itself where a run before it was not closed.
        first, jobs = trial.held("InProgress", f"{trial.run}-first")
        told = trial.outcome(trial.pipeline.start(trial.run) if jobs else first)
    trial.pipeline.ended(first)
    return "" if f"the run {trial.run}-first of this pipeline goes on" in told else told


def stopped_job(trial: Trial) -> str:
    """A shard whose job somebody stops has another one at once."""
    with trial.pipeline.aws.faults.hold("Scheduled", job_name="-a1"):
        execution, jobs = trial.held("Scheduled", trial.run)
        trial.pipeline.aws.client("bedrock").stop_model_invocation_job(jobIdentifier=jobs[0]["jobArn"])
    return trial.outcome(execution)


def upload(trial: Trial) -> str:
    """A run begins when an upload is over."""
    states, machine = trial.pipeline.states, {"stateMachineArn": trial.pipeline.machine}
    before = len(states.list_executions(**machine)["executions"])
    trial.pipeline.s3.put_object(Bucket=trial.pipeline.bucket("Articles"), Key=MARK)
    if not trial.comes(lambda: len(states.list_executions(**machine)["executions"]) > before):
        return "no run begins"
    return trial.outcome(states.list_executions(**machine)["executions"][0]["executionArn"])


def look(trial: Trial) -> str:
    """What looks at runs calls the function; nobody's run is over."""
    deployed = trial.pipeline.deployed
    machine = deployed.of_type("AWS::StepFunctions::StateMachine", "BedrockBatchProviderLooks")
    function = deployed.of_type("AWS::Lambda::Function", "NightlyFunctionsResourcesJobs")
    arn = trial.pipeline.aws.client("lambda").get_function(FunctionName=function)["Configuration"]["FunctionArn"]
    order = {"function": arn, "look": {"Run": "nobody", "Until": 0}, "seconds": 1, "over": False}
    began = trial.pipeline.states.start_execution(stateMachineArn=machine, name=trial.run, input=json.dumps(order))
    return trial.outcome(began["executionArn"])


def broken_shard(trial: Trial) -> str:
    """Of a shard that is given up no part stays, which would be paid."""
    upload = Upload(trial.role.client("s3"), Place(trial.pipeline.bucket("Summaries"), "nightly/runs/broken/shard"), {})
    upload.add(bytes(Upload.PART))
    upload.abort()
    return _parts(trial)


def broken_answers(trial: Trial) -> str:
    """Nor of answers on demand, in the run's folder or among the results."""
    objects = Objects(trial.role.client("s3"))
    for folder in ("runs", "results"):
        with suppress(ConnectionError):
            objects.write(Place(trial.pipeline.bucket("Summaries"), f"nightly/{folder}/broken/answers"), _breaking())
    return _parts(trial)


def _breaking() -> Iterator[bytes]:
    yield bytes(2 * Upload.PART)
    raise ConnectionError


def _parts(trial: Trial) -> str:
    s3, bucket = trial.pipeline.s3, trial.pipeline.bucket("Summaries")
    left = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    for each in left:
        s3.abort_multipart_upload(Bucket=bucket, Key=each["Key"], UploadId=each["UploadId"])
    return ", ".join(each["Key"] for each in left)
