"""What a job that goes on after a failed deployment needs: places, keys and a role that the roll-back leaves.

Role and policies that are the job's own stay then (DeletionPolicy), and the function removes them when the job is over
and gone from the stack: nobody else would.
"""

from dataclasses import dataclass

from aws_cdk import aws_iam as iam

from cdk_bedrock_batch._access.job_role import Permitted
from cdk_bedrock_batch._access.statements import Statement, allow


@dataclass(frozen=True)
class LeftBehind:
    """What stays for a job that goes on, although the stack that made it does not.

    Attributes
    ----------
    own_role
        Whether the role was made for this job alone.
    """

    role: iam.IRole
    own_role: bool
    policies: list[iam.Policy]
    managed_policies: list[iam.ManagedPolicy]

    @classmethod
    def of(cls, role: iam.IRole, permitted: Permitted, *, own_role: bool) -> "LeftBehind | None":
        """Return what the job's role and policies leave; None if that is nothing, as of a role that is not changed."""
        if not permitted.policies and not own_role:
            return None
        return cls(
            role,
            own_role,
            [each for each in permitted.policies if isinstance(each, iam.Policy)],
            [each for each in permitted.policies if isinstance(each, iam.ManagedPolicy)],
        )

    def rendered(self) -> dict[str, object]:
        """Return it as the function is told of it."""
        return {
            "RoleName": self.role.role_name,
            "DeleteRole": self.own_role,
            "Policies": [each.policy_name for each in self.policies],
            "ManagedPolicies": [each.managed_policy_arn for each in self.managed_policies],
        }

    def removing(self) -> list[Statement]:
        """Return what it takes to remove it, and nothing else."""
        # A role has the policies of its earlier jobs as well, as far as these went on.
        actions = ["iam:DeleteRole", "iam:ListRolePolicies"] if self.own_role else []
        actions += ["iam:DeleteRolePolicy"] if self.own_role or self.policies else []
        actions += ["iam:DetachRolePolicy"] if self.managed_policies else []
        managed = [each.managed_policy_arn for each in self.managed_policies]
        return [allow(actions, self.role.role_arn), *([allow("iam:DeletePolicy", managed)] if managed else [])]
