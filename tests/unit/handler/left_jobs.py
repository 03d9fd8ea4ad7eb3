"""A job that a stack has left running, and the stack that is made again."""

from model_invocation_job.owner.left_running import TAG

from .function import FINISHED, Function
from .room import REQUEST

#: The id of that stack.
MADE_AGAIN = REQUEST.stack_id.replace("guid", "another")
OWNED = {**FINISHED, "JobNamePrefix": "Words-0123abcd"}


def delete(function: Function, job: str, **changes: object) -> None:
    function.send(
        RequestType="Delete",
        RequestId="delete",
        **{"PhysicalResourceId": job, "ResourceProperties": FINISHED, **changes},
    )


def left(function: Function, status: str = "InProgress", **properties: object) -> str:
    """Have a job left running by a stack that is gone by now."""
    job = function.finish(**{**OWNED, **properties})
    function.jobs.tagged[job] = {TAG: "Stack"}
    function.jobs.set_status(job, status)
    function.waits.items.clear()
    function.jobs.tag_calls.clear()
    return job


def make_again(function: Function, request: str = "again", **properties: object) -> None:
    function.send(StackId=MADE_AGAIN, RequestId=request, ResourceProperties={**OWNED, **properties})
