"""A function that does what its property ``Script`` says, behind our answers: for what our own handlers never do.

Runs in the function's process. The script is Python; it finds ``event``, ``context`` and ``helper``, and what it
leaves in ``answer`` is what the handler returns.
"""

from collections.abc import Mapping
from typing import Any

from model_invocation_job.answers.answer import SafeCfnResource
from model_invocation_job.logs import configure

formatter = configure()
helper = SafeCfnResource()


def handler(event: Mapping[str, Any], context: Any) -> None:
    formatter.about(event)
    helper(event, context)


@helper.create
@helper.update
@helper.delete
def act(event: Mapping[str, Any], context: Any) -> Any:
    scope = {"event": event, "context": context, "helper": helper}
    exec(event["ResourceProperties"].get("Script", ""), scope)  # noqa: S102 (the test's own)
    return scope.get("answer")
