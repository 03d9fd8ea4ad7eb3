"""What becomes of the result of a state: ministack finds nothing of the context object for a ``ResultSelector``.

Seen in ministack 1.5.33. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import stepfunctions

if TYPE_CHECKING:
    from bedrock_local.emulator.machines.walks import Context, State

NEEDS = (
    "services.stepfunctions._apply_jsonata_output",
    "services.stepfunctions._apply_output_path",
    "services.stepfunctions._apply_result_path",
    "services.stepfunctions._apply_state_assign",
    "services.stepfunctions._next_or_end",
    "services.stepfunctions._resolve_params_obj",
    "services.stepfunctions._state_query_language",
)


def leave(state: State, given: Any, result: Any, context: Context) -> tuple[Any, str | None]:  # noqa: ANN401 -- any JSON
    """Leave a Task or a Map that has succeeded.

    Parameters
    ----------
    state
        Its definition.
    given, result
        Its input, and what it did.
    context
        The context object.

    Returns
    -------
    tuple
        Its output, and the name of the state that follows; None if it is the last.
    """
    if stepfunctions._state_query_language(state, context) == "JSONata":  # noqa: SLF001 -- no public way in
        output = stepfunctions._apply_jsonata_output(state, given, context, result=result, default=result)  # noqa: SLF001 -- the same
        stepfunctions._apply_state_assign(state, given, context, result=result)  # noqa: SLF001 -- the same
    else:
        selector = state.get("ResultSelector")
        taken = stepfunctions._resolve_params_obj(selector, result, context) if selector else result  # noqa: SLF001 -- the same
        placed = stepfunctions._apply_result_path(state, given, taken)  # noqa: SLF001 -- the same
        output = stepfunctions._apply_output_path(state, placed, context)  # noqa: SLF001 -- the same
    return output, stepfunctions._next_or_end(state)  # noqa: SLF001 -- the same
