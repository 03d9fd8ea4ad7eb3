"""What the stack's function may do, as it grows with the jobs of the stack, and where that stands."""

from collections.abc import Sequence

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from cdk_bedrock_batch._access.outliving import LeftBehind
from cdk_bedrock_batch._access.permissions import Permissions, length_of
from cdk_bedrock_batch._access.policies import BESIDE, beside, fixed, growing
from cdk_bedrock_batch._access.reported import is_reported
from cdk_bedrock_batch._access.statements import Statement, allow

_CIRCLE = (
    "The jobs of this stack use more roles, keys and inference profiles of the stack than the function can have "
    "policies for. If jobs wait for one another, CloudFormation may refuse the stack as a circle: let jobs share roles "
    "and keys, or put some of these into another stack"
)


class FunctionRole:
    """The role of the stack's function, which each job has allowed what it needs of the function."""

    def __init__(self, role: iam.Role) -> None:
        self._role = role
        self._permissions = Permissions(growing(role))
        self._about: dict[str, Permissions] = {}
        self._room = BESIDE
        self._seeing: list[IDependable] | None = None
        self._is_reported = is_reported(role)

    def allow(self, statement: Statement, about: Construct | None = None) -> list[IDependable]:
        """Allow something, and return what must be there, beside the function, before it can.

        Parameters
        ----------
        statement
            What.
        about
            A resource of the stack that it names and that somebody else made: it stands beside that, so that other jobs
            do not wait for it. Default: none.
        """
        permissions = self._permissions_about(about, statement) if about else self._permissions
        permissions.allow(statement)
        return [] if permissions is self._permissions else permissions.needed

    def allow_removing(self, job: Construct, left: LeftBehind) -> list[IDependable]:
        """Allow to remove what a job leaves behind, and return what must be there before the function can.

        The permission is a policy of its own: when the job is another one or is removed, CloudFormation takes it away
        after it has had the function remove what the job left.
        """
        return self._allow_to_the_end(job, "LeftBehindPolicy", left.removing())

    def allow_seeing_interfaces(self) -> list[IDependable]:
        """Allow to see what jobs have in their VPCs, and return what must be there before the function can.

        It is a policy of its own as well, of all jobs of the stack.
        """
        if self._seeing is None:
            # Describing has no resources of its own in the service authorization reference.
            describe = allow("ec2:DescribeNetworkInterfaces", "*")
            self._seeing = self._allow_to_the_end(self._role, "InterfacesPolicy", [describe])
        return self._seeing

    def _allow_to_the_end(self, scope: Construct, id: str, statements: Sequence[Statement]) -> list[IDependable]:
        length = sum(map(length_of, statements))
        if self._is_reported or length > self._room:
            return [each for statement in statements for each in self.allow(statement)]
        self._room -= length
        return [fixed(scope, id, self._role, statements, kept=False)]

    def _permissions_about(self, about: Construct, statement: Statement) -> Permissions:
        if self._is_reported:
            return self._permissions
        # Of a resource that CDK's own classes made, each question gives another object.
        path = about.node.path
        permissions = self._about.get(path) or Permissions(beside(about, self._role))
        length = permissions.length_with(statement)
        if length > self._room:
            Annotations.of(about).add_warning_v2("cdk-bedrock-batch:circle", _CIRCLE)
            return self._permissions
        self._room -= length
        self._about[path] = permissions
        return permissions
