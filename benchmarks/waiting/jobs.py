"""The jobs that are waited for: alike, of three kinds."""

from collections.abc import Mapping

FINISHED, CRHELPER, MACHINE = "FINISHED", "crhelper", "state machine"
#: How many jobs there are, by who waits for them.
COUNTS = {FINISHED: 50, CRHELPER: 10, MACHINE: 10}

BUCKET, MODEL = "benchmark", "amazon.nova-lite-v1:0"
INPUT, OUTPUT = f"s3://{BUCKET}/in.jsonl", f"s3://{BUCKET}/out/"
RECORD = {"recordId": "r1", "modelInput": {"messages": [{"role": "user", "content": [{"text": "Say hello"}]}]}}


def names(kind: str) -> list[str]:
    """Return how the names of the jobs of a kind begin."""
    return [f"{kind.replace(' ', '-')}-{number:02}" for number in range(COUNTS[kind])]


def job(name: str, role: str) -> Mapping[str, object]:
    """Return what CreateModelInvocationJob is called with."""
    return {
        "jobName": name,
        "roleArn": role,
        "modelId": MODEL,
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": INPUT}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": OUTPUT}},
    }


def id_of(arn: str) -> str:
    """Return a job's id."""
    return arn.rpartition("/")[2]
