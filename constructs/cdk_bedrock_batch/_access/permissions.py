"""What a role may do, as it grows with the jobs of a stack."""

from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam
from constructs import IDependable

from cdk_bedrock_batch._access.statements import Statement, kind_of, resources_of

#: CDK splits a policy that is too long for IAM between its statements, so these must be short enough to fill managed
#: policies of 6,144 characters well: with objects' ARNs of 140 characters three of them fit into one.
_MOST_RESOURCES = 12


@dataclass
class _Kind:
    """Statements that differ in their resources only, of which the last still takes some."""

    granted: set[str] = field(default_factory=set)
    last: iam.PolicyStatement | None = None
    room: int = 0


class Permissions:
    """The statements of one role.

    Each one given to CDK is a question to its own process, and the statements of a hundred jobs are more than a role
    can have: what differs in its resources only goes into one statement, and what was granted before into none.
    """

    def __init__(self, role: iam.IRole) -> None:
        self._role = role
        self._kinds: dict[str, _Kind] = {}
        self._policies: list[IDependable] = []

    @property
    def needed(self) -> list[IDependable]:
        """What must be there, beside the role, before it may do all this."""
        return self._policies

    def allow(self, statement: Statement) -> None:
        """Let the role do what it may not do yet."""
        kind = self._kinds.setdefault(kind_of(statement), _Kind())
        new = [resource for resource in resources_of(statement) if resource not in kind.granted]
        kind.granted.update(new)
        if not new:
            return
        if kind.last and len(new) <= kind.room:
            kind.last.add_resources(*new)
        else:
            kind.last, kind.room = self._add({**statement, "Resource": new}), _MOST_RESOURCES
        kind.room -= len(new)

    def _add(self, statement: Statement) -> iam.PolicyStatement:
        added = iam.PolicyStatement.from_json(statement)
        if isinstance(self._role, iam.Role):
            # Its policies are below it: who waits for the role waits for them.
            self._role.add_to_policy(added)
            return added
        policy = self._role.add_to_principal_policy(added).policy_dependable
        if policy and policy not in self._policies:
            self._policies.append(policy)
        return added
