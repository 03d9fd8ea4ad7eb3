"""What has happened, to be read when it should not have."""

from .aws import Aws


def story(aws: Aws) -> str:
    """What CloudFormation asked for, what it was told, and the jobs and stacks that there are."""
    jobs = [f"{job.name} {job.arn[-12:]} {job.timeout_hours}h {job.status}" for job in aws.bedrock.jobs]
    stacks = [f"{stack.name} {stack.status} {stack.reasons}" for stack in aws.stacks]
    looks = [f"{each.status} after {each.looks} looks: {each.input}" for each in aws.machine.executions]
    waits = [f"{item['Wait']} of {item['Job'][-12:]}" for item in aws.table.items]
    return "\n".join([*_requests(aws), *jobs, *stacks, *looks, *waits])


def _requests(aws: Aws) -> list[str]:
    lines = []
    for event in aws.cloudformation.requests:
        hours = event["ResourceProperties"].get("Job", {}).get("timeoutDurationInHours")
        name = f"{event['StackId'].split('/')[1]}.{event['LogicalResourceId']}"
        answers = aws.endpoint.answers(event["RequestId"])
        told = [f"{each['Status']} {each['PhysicalResourceId'][-12:]} {each.get('Reason', '')}" for each in answers]
        lines.append(f"{event['RequestType']} {name} {event.get('PhysicalResourceId', '')[-12:]} {hours}h: {told}")
    return lines
