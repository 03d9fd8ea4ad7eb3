"""EventBridge hears of an execution that ends, how it ended, and whether it can be redriven."""

import json
import time
import uuid

from tests.local_aws.conftest import LocalAws
from tests.local_aws.emulator.machines.workshop import PATIENCE_SECONDS, Workshop, definition, distributed, names


def test_each_change_of_a_status_is_an_event(aws: LocalAws, workshop: Workshop) -> None:
    machine = workshop.machine({"Map": distributed({"Wait": workshop.task(waits=True)})})
    queue, rule = aws.client("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"], uuid.uuid4().hex
    arn = aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.states"], "detail": {"stateMachineArn": [{"prefix": machine}]}}
    aws.client("events").put_rule(Name=rule, EventPattern=json.dumps(pattern))
    aws.client("events").put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
    (item,) = names(1)
    execution = workshop.start(machine, [item])
    workshop.calls(item["name"], least=1)
    workshop.states.stop_execution(executionArn=execution)
    workshop.states.redrive_execution(executionArn=execution)
    workshop.calls(item["name"], least=2)
    wait = {"Type": "Wait", "Seconds": 3600, "End": True}
    workshop.states.update_state_machine(
        stateMachineArn=machine, definition=definition({"Wait": wait}, TimeoutSeconds=1)
    )
    late = workshop.start(machine, {})
    workshop.end(late)
    heard: list[tuple[str, str, str, int]] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(heard) < 5 and time.monotonic() < deadline:
        for message in aws.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            detail = json.loads(message["Body"])["detail"]
            about = ("executionArn", "status", "redriveStatus", "redriveCount")
            heard.append(tuple(detail[name] for name in about))
            aws.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    workshop.states.stop_execution(executionArn=execution)
    assert sorted(heard) == sorted(
        [
            (execution, "RUNNING", "NOT_REDRIVABLE", 0),
            (execution, "ABORTED", "REDRIVABLE", 0),
            (execution, "RUNNING", "NOT_REDRIVABLE", 1),
            (late, "RUNNING", "NOT_REDRIVABLE", 0),
            (late, "TIMED_OUT", "REDRIVABLE", 0),
        ]
    )
