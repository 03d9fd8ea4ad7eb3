"""What IAM answers who asks whether somebody may do something: SimulatePrincipalPolicy.

ministack answers for the first resource only, without the condition keys of the question, the permissions boundary, the
keys that it had no value for, or pages; and for a principal that does not exist. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator, responses
from ministack.core.iam_evaluator import EvalContext, ParsedStatement
from ministack.services import iam

from bedrock_local.names.arn import Arn

NEEDS = (
    "services.iam._IAM_HANDLERS",
    "services.iam._error",
    "services.iam._p",
    "services.iam._roles",
    "services.iam._users",
    "services.iam._xml",
    "core.iam_evaluator._first_match",
    "core.iam_evaluator._gather_role_policies",
    "core.iam_evaluator._gather_user_policies",
    "core.iam_evaluator._permissions_boundary",
    "core.iam_evaluator._resolve_condition_key",
)

_OPERATION = "SimulatePrincipalPolicy"
_MOST = 100
_DECISIONS = {"Allow": "allowed", "Deny": "explicitDeny", "ImplicitDeny": "implicitDeny"}

Parameters = Mapping[str, Any]
Response = tuple[int, dict[str, str], bytes]
Layer = list[list[ParsedStatement]]


class _Asked(EvalContext):  # type: ignore[misc]  # ministack has no types
    """A request that is only asked about: of its condition keys it has those of the question, and no others."""


@dataclass(frozen=True)
class _Principal:
    """Whose policies are asked, and what bounds them; None without a boundary."""

    arn: str
    policies: Layer
    boundary: Layer | None


def simulate_policies() -> None:
    """Let IAM answer with all that it is told and asked."""
    resolve = iam_evaluator._resolve_condition_key  # noqa: SLF001 -- no public way in

    def resolve_condition_key(key: str, request: EvalContext) -> Any:  # noqa: ANN401 -- ministack's
        return request.service_context.get(key.lower()) if isinstance(request, _Asked) else resolve(key, request)

    iam_evaluator._resolve_condition_key = resolve_condition_key  # noqa: SLF001 -- no public way in
    iam._IAM_HANDLERS[_OPERATION] = _simulate  # noqa: SLF001 -- the same


def _simulate(params: Parameters) -> Response:
    arn = _text(params, "PolicySourceArn")
    principal = _principal(arn, params)
    if principal is None:
        return iam._error(404, "NoSuchEntity", f"The entity {arn} cannot be found.", ns="iam")  # type: ignore[no-any-return]  # noqa: SLF001 -- ministack's
    context = {
        _text(params, f"{entry}.ContextKeyName").lower(): _value(params, entry)
        for entry in _members(params, "ContextEntries", ".ContextKeyName")
    }
    resources = _list(params, "ResourceArns") or ["*"]
    asked = [(action, resource) for action in _list(params, "ActionNames") for resource in resources]
    begin, most = int(_text(params, "Marker") or 0), int(_text(params, "MaxItems") or _MOST)
    page = asked[begin : begin + most]
    results = "".join(_result(principal, *each, context) for each in page)
    more = begin + most < len(asked)
    rest = f"<IsTruncated>{str(more).lower()}</IsTruncated>" + (f"<Marker>{begin + most}</Marker>" if more else "")
    inner = f"<{_OPERATION}Result><EvaluationResults>{results}</EvaluationResults>{rest}</{_OPERATION}Result>"
    return iam._xml(200, f"{_OPERATION}Response", inner, ns="iam")  # type: ignore[no-any-return]  # noqa: SLF001 -- ministack's


def _principal(arn: str, params: Parameters) -> _Principal | None:
    parsed = Arn.find(arn)
    if parsed is None:
        return None
    kind, account, name = parsed.resource.partition("/")[0], parsed.account, parsed.name
    store = {"role": iam._roles, "user": iam._users}.get(kind)  # noqa: SLF001 -- no public way in
    found = store.get_scoped(account, None, name) if store is not None else None
    if store is None or found is None or found["Arn"] != arn or account != responses.get_account_id():
        return None
    gather = {"role": iam_evaluator._gather_role_policies, "user": iam_evaluator._gather_user_policies}[kind]  # noqa: SLF001 -- the same
    policies = [*gather(name, account), *_documents(params, "PolicyInputList")]
    own = iam_evaluator._permissions_boundary(store, name, account)  # noqa: SLF001 -- the same
    given = _documents(params, "PermissionsBoundaryPolicyInputList")
    return _Principal(arn, policies, given or (own[0] if own else None))


def _result(principal: _Principal, action: str, resource: str, context: Mapping[str, Any]) -> str:
    request = _Asked(principal.arn, "User", Arn.parse(principal.arn).account, action, resource, responses.get_region())
    request.service_context = dict(context)
    limits = [principal.boundary] if principal.boundary is not None else []
    decision = _DECISIONS[iam_evaluator.evaluate(request, principal.policies, *limits).decision]
    missing = "".join(f"<member>{escape(key)}</member>" for key in _missing([principal.policies, *limits], context))
    detail = _detail(principal.boundary, request)
    matched = "<MatchedStatements/>"
    general = (
        f"<EvalActionName>{escape(action)}</EvalActionName><EvalResourceName>{escape(resource)}</EvalResourceName>"
    )
    result = f"{general}<EvalDecision>{decision}</EvalDecision>{matched}{detail}"
    if resource == "*":
        return f"<member>{result}<MissingContextValues>{missing}</MissingContextValues></member>"
    # "If you include a list of resources, then any missing context values are instead included" there.
    specific = (
        f"<EvalResourceName>{escape(resource)}</EvalResourceName><EvalResourceDecision>{decision}</EvalResourceDecision>"
        f"{matched}{detail}<MissingContextValues>{missing}</MissingContextValues>"
    )
    return f"<member>{result}<ResourceSpecificResults><member>{specific}</member></ResourceSpecificResults></member>"


def _detail(boundary: Layer | None, request: EvalContext) -> str:
    if boundary is None:
        return ""
    statements = [statement for document in boundary for statement in document]
    allowed = bool(iam_evaluator._first_match(request, statements, "Allow"))  # noqa: SLF001 -- no public way in
    denied = bool(iam_evaluator._first_match(request, statements, "Deny"))  # noqa: SLF001 -- the same
    said = str(allowed and not denied).lower()
    inner = f"<AllowedByPermissionsBoundary>{said}</AllowedByPermissionsBoundary>"
    return f"<PermissionsBoundaryDecisionDetail>{inner}</PermissionsBoundaryDecisionDetail>"


def _missing(layers: Sequence[Layer], context: Mapping[str, Any]) -> list[str]:
    """List the keys that the policies ask for, whatever each of their statements is about, and the question lacks."""
    asked = {
        key
        for layer in layers
        for document in layer
        for statement in document
        for keys in statement.conditions.values()
        for key in keys
    }
    return sorted(key for key in asked if key.lower() not in context)


def _documents(params: Parameters, name: str) -> Layer:
    return [iam_evaluator.parse_policy_document(document) for document in _list(params, name)]


def _value(params: Parameters, entry: str) -> str | list[str]:
    values = _list(params, f"{entry}.ContextKeyValues")
    return values if _text(params, f"{entry}.ContextKeyType").endswith("List") else "".join(values[:1])


def _list(params: Parameters, name: str) -> list[str]:
    return [_text(params, member) for member in _members(params, name)]


def _members(params: Parameters, name: str, part: str = "") -> Iterator[str]:
    for number in count(1):
        member = f"{name}.member.{number}"
        if f"{member}{part}" not in params:
            return
        yield member


def _text(params: Parameters, name: str) -> str:
    return str(iam._p(params, name))  # noqa: SLF001 -- no public way in
