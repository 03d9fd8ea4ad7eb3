"""A path that leads nowhere: for ministack it leads to null.

Seen in ministack 1.5.33. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html,
https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.services import stepfunctions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEEDS = (
    "services.stepfunctions._evaluate_intrinsic",
    "services.stepfunctions._evaluate_rule",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._parse_jsonpath_tokens",
    "services.stepfunctions._resolve_params_obj",
    "services.stepfunctions._resolve_path",
    "services.stepfunctions._resolve_path_or_ctx",
)

_RUNTIME = "States.Runtime"
_PARAMETER = "States.ParameterPathFailure"
_INTRINSIC = "States.IntrinsicFailure"
_PRESENT = "IsPresent"

Json = Any


def refuse_wrong_paths() -> None:
    """Fail a state whose path leads nowhere, and say which."""
    stepfunctions._resolve_path = _resolving(stepfunctions._resolve_path)  # noqa: SLF001 -- no public way in
    stepfunctions._resolve_params_obj = _as_parameters(stepfunctions._resolve_params_obj)  # noqa: SLF001 -- the same
    stepfunctions._evaluate_rule = _allowing_presence(stepfunctions._evaluate_rule)  # noqa: SLF001 -- the same
    stepfunctions._evaluate_intrinsic = _failing(stepfunctions._evaluate_intrinsic)  # noqa: SLF001 -- the same


def _resolving(resolve: Callable[[str, Json], Json]) -> Callable[[str, Json], Json]:
    def resolve_path(path: str, data: Json) -> Json:
        found = resolve(path, data)
        if found is None and not _leads_somewhere(path, data):
            told = f"Invalid path '{path}': it could not be found in the input '{json.dumps(data)}'"
            raise stepfunctions._ExecutionError(_RUNTIME, told)  # noqa: SLF001 -- no public way in
        return found

    return resolve_path


def _leads_somewhere(path: str, data: Json) -> bool:
    """Tell a null that is there from what is not."""
    tokens = stepfunctions._parse_jsonpath_tokens(path)  # noqa: SLF001 -- no public way in
    if tokens is None:
        return False
    for kind, name in tokens:
        if not isinstance(data, dict if kind == "field" else list):
            return False
        if name not in (data if kind == "field" else range(len(data))):
            return False
        data = data[name]
    return True


def _as_parameters(resolve: Callable[..., Json]) -> Callable[..., Json]:
    def resolve_params_obj(template: Json, data: Json, context: Json = None) -> Json:
        try:
            return resolve(template, data, context)
        except stepfunctions._ExecutionError as error:  # noqa: SLF001 -- no public way in
            if error.error != _RUNTIME:
                raise
            raise stepfunctions._ExecutionError(_PARAMETER, error.cause) from None  # noqa: SLF001 -- the same

    return resolve_params_obj


def _allowing_presence(evaluate: Callable[..., bool]) -> Callable[..., bool]:
    def evaluate_rule(rule: Mapping[str, Json], data: Json, context: Json = None) -> bool:
        if _PRESENT not in rule:
            return evaluate(rule, data, context)
        try:
            stepfunctions._resolve_path_or_ctx(rule["Variable"], data, context)  # noqa: SLF001 -- no public way in
        except stepfunctions._ExecutionError:  # noqa: SLF001 -- the same
            return not rule[_PRESENT]
        return bool(rule[_PRESENT])

    return evaluate_rule


def _failing(evaluate: Callable[..., Json]) -> Callable[..., Json]:
    def evaluate_intrinsic(expression: str, data: Json, context: Json) -> Json:
        try:
            return evaluate(expression, data, context)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise stepfunctions._ExecutionError(_INTRINSIC, f"{expression}: {error}") from None  # noqa: SLF001 -- no public way in

    return evaluate_intrinsic
