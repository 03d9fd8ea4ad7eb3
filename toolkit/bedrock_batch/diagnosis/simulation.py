"""What the role's own policies say: IAM is asked, with what is known of the request.

Source: "SimulatePrincipalPolicy" in the IAM API reference. It takes the role's identity policies, its permissions
boundary and the organization's service control policies into account, and no resource's policy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, cannot_tell
from bedrock_batch.diagnosis.policies.context import Missing
from bedrock_batch.diagnosis.policies.document import Request
from bedrock_batch.diagnosis.policies.opinion import Opinion, opinion, unknown
from bedrock_batch.diagnosis.policies.truth import both, opposite
from bedrock_batch.diagnosis.role_policies import RolePolicies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bedrock_batch.diagnosis.declared import Declared, DeclaredRole
    from bedrock_batch.diagnosis.need import Need
    from bedrock_batch.diagnosis.policies.principals import Role
    from bedrock_batch.diagnosis.policies.truth import Truth
    from bedrock_batch.diagnosis.role import RoleFacts

_PERMISSION = "iam:SimulatePrincipalPolicy"
_SEVERAL = 2
#: How a variable begins, and what stands for a value of a template that is not known.
_OPEN = "${"
#: Whose statement decides, if it is none of the limits'.
ROLE = "a policy of the role"
BOUNDARY = "the role's permissions boundary"
#: The keys with a type of their own; all others are texts.
_TYPES = {
    "aws:CurrentTime": "date",
    "aws:EpochTime": "numeric",
    "aws:PrincipalIsAWSService": "boolean",
    "aws:SecureTransport": "boolean",
    "aws:ViaAWSService": "boolean",
}
#: Those that may have several values, and are a list also with one.
_LISTS = ("aws:TagKeys", "kms:EncryptionContextKeys", "kms:ResourceAliases")


@dataclass(frozen=True)
class OwnPolicies:
    """What the policies of the role say to a need.

    Attributes
    ----------
    opinion : Opinion
        Of all of them.
    within : bool or None
        Whether its boundary and its organization leave it what a resource's policy allows; None if that is not known.
    where : str
        Whose statement is missing: the role's policies, or the boundary, or the organization's.
    """

    opinion: Opinion
    within: Truth
    where: str = ROLE


class Simulation:
    """Asks IAM for a role.

    Parameters
    ----------
    account : Account
        Of the role.
    role : RoleFacts
        The role.
    declared : Declared
        What is not made yet: the role itself, or policies of it.
    """

    def __init__(self, account: Account, role: RoleFacts, declared: Declared) -> None:
        self._account, self._role = account, role
        self._made = declared.roles.get(role.asker.arn)
        #: Whether the account is in an organization, as far as an answer has told.
        self._in_organization = False
        added = declared.documents.get(role.asker.name, [])
        self._policies, self._more = RolePolicies(account, role, added), [json.dumps(each) for each in added]

    def ask(self, need: Need) -> OwnPolicies:
        """Say what the role's policies say to a need; what nobody may ask is not known."""
        if self._made:
            return _declared(self._made, need, self._role.asker)
        if any(_OPEN in each for each in self._more):
            return OwnPolicies(unknown("one in the template has what only a deployment knows"), None)
        try:
            found = self._account.ask(
                _PERMISSION, lambda: list(self._results(need)), absent=("NoSuchEntity", "NoSuchEntityException")
            )
        except UntoldError as error:
            return OwnPolicies(unknown(str(error)), None)
        except AbsentError:
            return OwnPolicies(unknown("IAM knows no such role"), None)
        if len(found) != 1:
            return OwnPolicies(unknown(f"{_PERMISSION} answered {len(found)} results for one question"), None)
        return self._read(found[0], need)

    def findings(self) -> Iterator[Finding]:
        """Say what no answer so far was about."""
        if self._in_organization:
            limits = "its resource control policies, which bind S3, KMS and STS"
            keys = "what its service control policies make of a key that the role's policies ask for, too"
            yield cannot_tell("the organization", f"no call tells {limits}, nor {keys}")

    def _results(self, need: Need) -> Iterator[Mapping[str, Any]]:
        pages = (
            self._account.client("iam")
            .get_paginator("simulate_principal_policy")
            .paginate(
                PolicySourceArn=self._role.asker.arn,
                ActionNames=[need.action],
                ResourceArns=[need.resource],
                **({"PolicyInputList": self._more} if self._more else {}),
                ContextEntries=[_entry(key, values) for key, values in need.context.known.items() if values],
            )
        )
        for page in pages:
            yield from page["EvaluationResults"]

    def _read(self, result: Mapping[str, Any], need: Need) -> OwnPolicies:
        specific = [
            each for each in result.get("ResourceSpecificResults", []) if each["EvalResourceName"] == need.resource
        ]
        decision = specific[0]["EvalResourceDecision"] if specific else result["EvalDecision"]
        missing = [key for each in (result, *specific) for key in each.get("MissingContextValues", [])]
        within, where = self._limits((result, *specific))
        open_keys = sorted({key for key in missing if need.context.value(key) is not Missing.ABSENT})
        self._in_organization |= any(each.get("OrganizationsDecisionDetail") for each in (result, *specific))
        if open_keys and (hanging := self._hanging(need, open_keys)):
            return OwnPolicies(unknown(hanging), within, where)
        across = any(each.get("EvalDecisionDetails") for each in (result, *specific))
        if across and decision != "allowed":
            # "EvaluationResult" in the API reference: IAM counts the policy of the other account, and is given none.
            return OwnPolicies(
                unknown("IAM judges what is of another account with that account's policy"), within, where
            )
        denied = decision == "explicitDeny"
        says = self._denying(need, result) if denied else ""
        allowed = {"allowed": within is not False, "implicitDeny": False, "explicitDeny": False}.get(decision)
        return OwnPolicies(Opinion(denied, allowed, allowed, says), within, where)

    def _denying(self, need: Need, result: Mapping[str, Any]) -> str:
        """Name the statement that denies; or as IAM does, only its policy."""
        try:
            named = self._policies.denying(need)
        except UntoldError:
            named = []
        told = [str(each.get("SourcePolicyId", "")) for each in result.get("MatchedStatements", [])]
        return ", ".join(named or filter(None, told))

    def _hanging(self, need: Need, keys: list[str]) -> str:
        try:
            found = self._policies.open_to(need, keys)
            # The text of the organization's policies only its management account may read.
            if (others := self._policies.unasked(keys)) and not found:
                found = [f"a service control policy may ask for {', '.join(others)}, which Bedrock may or may not send"]
            return "; ".join(found)
        except UntoldError as error:
            asked = f"they ask for {', '.join(keys)}, which Bedrock may or may not send"
            return f"{asked}; whether this hangs on it cannot be told: {error}"

    def _limits(self, results: Sequence[Mapping[str, Any]]) -> tuple[Truth, str]:
        boundaries = [
            each["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"]
            for each in results
            if each.get("PermissionsBoundaryDecisionDetail")
        ]
        organizations = [
            each["OrganizationsDecisionDetail"]["AllowedByOrganizations"]
            for each in results
            if each.get("OrganizationsDecisionDetail")
        ]
        if False in organizations:
            return False, "a service control policy of the organization"
        if False in boundaries:
            return False, BOUNDARY
        unsaid = self._role.bounded is not False and not boundaries
        return (None if unsaid else True), ROLE


def _declared(role: DeclaredRole, need: Need, asker: Role) -> OwnPolicies:
    request = Request(need.action, need.resource, asker, need.context)
    said = opinion({"Statement": role.statements}, request, of_identity=True)
    if role.boundary is not None:
        limit = opinion({"Statement": role.boundary}, request, of_identity=True)
        within = both([limit.allowed, opposite(limit.denied)])
        if within is not True:
            return OwnPolicies(Opinion(limit.denied, limit.allowed, limit.allowed, limit.says), within, BOUNDARY)
    if role.complete or said.denied:
        return OwnPolicies(said, within=True)
    more = "it has a boundary or policies that are attached by ARN and that no template declares"
    return OwnPolicies(Opinion(None, said.allowed or None, None, said.says or more), within=None)


def _entry(key: str, values: tuple[str, ...]) -> dict[str, Any]:
    kind = _TYPES.get(key, "string")
    several = len(values) >= _SEVERAL or key in _LISTS
    return {
        "ContextKeyName": key,
        "ContextKeyValues": list(values),
        "ContextKeyType": f"{kind}List" if several else kind,
    }
