"""The text of a role's policies: read where IAM denies, or says that it was not told a condition key.

Which statement that is IAM does not say; one that asks for the key may be about something else.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import Account, UntoldError
from bedrock_batch.diagnosis.policies.document import Request, Statement, statements_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bedrock_batch.diagnosis.need import Need
    from bedrock_batch.diagnosis.role import RoleFacts


class RolePolicies:
    """The policies of a role, read when they are needed first.

    Parameters
    ----------
    account : Account
        Of the role.
    role : RoleFacts
        The role.
    added : sequence
        Documents that the template adds to it.
    """

    def __init__(self, account: Account, role: RoleFacts, added: Sequence[object]) -> None:
        self._account, self._role, self._added = account, role, added
        self._iam = account.client("iam")
        self._name = role.asker.name

    def open_to(self, need: Need, keys: Collection[str]) -> list[str]:
        """List what hangs on some condition keys in the statements that are about a need.

        Raises
        ------
        UntoldError
            The caller may not read a policy.
        """
        request = self._request(need)
        wanted = {key.lower() for key in keys}
        return [
            f"{each.name} has {', '.join(each.untold(request))}"
            for each in self._statements
            if wanted & {key.lower() for key in each.keys} and each.applies(request) is None
        ]

    def unasked(self, keys: Collection[str]) -> list[str]:
        """List those of some condition keys that no statement asks for.

        Raises
        ------
        UntoldError
            The caller may not read a policy.
        """
        asked = {key.lower() for each in self._statements for key in each.keys}
        return [key for key in keys if key.lower() not in asked]

    def denying(self, need: Need) -> list[str]:
        """Name the statements that deny a need.

        Raises
        ------
        UntoldError
            The caller may not read a policy.
        """
        return [each.name for each in self._statements if each.denies and each.applies(self._request(need))]

    def _request(self, need: Need) -> Request:
        return Request(need.action, need.resource, self._role.asker, need.context)

    @cached_property
    def _statements(self) -> list[Statement]:
        found: list[Statement] = []
        for name, document in self._documents():
            statements = statements_of(document)
            if statements is None:
                raise UntoldError(f"policy {name} cannot be read")
            found += [Statement(f"{each.name} of {name}", each.content) for each in statements]
        return found

    def _documents(self) -> Iterator[tuple[str, object]]:
        yield from (("a policy in the template", each) for each in self._added)
        for name in self._listed("list_role_policies", "iam:ListRolePolicies", "PolicyNames"):
            yield name, self._inline(name)
        attached = self._listed("list_attached_role_policies", "iam:ListAttachedRolePolicies", "AttachedPolicies")
        arns = [str(each["PolicyArn"]) for each in attached]
        for arn in [*arns, *([self._role.boundary] if self._role.boundary else [])]:
            yield arn, self._managed(arn)

    def _listed(self, operation: str, permission: str, member: str) -> list[Any]:
        pages = self._iam.get_paginator(operation).paginate(RoleName=self._name)
        return self._account.ask(permission, lambda: [each for page in pages for each in page[member]])

    def _inline(self, name: str) -> object:
        return self._account.ask(
            "iam:GetRolePolicy",
            lambda: self._iam.get_role_policy(RoleName=self._name, PolicyName=name)["PolicyDocument"],
        )

    def _managed(self, arn: str) -> object:
        version = self._account.ask(
            "iam:GetPolicy", lambda: self._iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        )
        return self._account.ask(
            "iam:GetPolicyVersion",
            lambda: self._iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"],
        )
