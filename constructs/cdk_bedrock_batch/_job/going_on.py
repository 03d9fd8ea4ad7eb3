"""A job that is not stopped with its stack: what of the stack it holds, and what it needs, until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Annotations

from cdk_bedrock_batch._access.staying import goes_with_the_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct, IConstruct

    from cdk_bedrock_batch._access.network import Network
    from cdk_bedrock_batch._data.location import Location


@dataclass(frozen=True)
class GoingOn:
    """What is to stay for a job that goes on.

    Attributes
    ----------
    held
        What cannot be deleted while the job runs.
    needed
        Without which it fails.
    """

    held: Sequence[IConstruct] = ()
    needed: Sequence[IConstruct] = ()

    @classmethod
    def of(cls, network: Network | None, *places: Location) -> GoingOn:
        """Return what a job in a network, with its data in places, is to find."""
        return cls(network.constructs if network else (), [each for place in places for each in place.constructs])

    def warn(self, job: Construct) -> None:
        """Have synth say what the deletion of the job's stack deletes of it."""
        if goes_with_the_stack(job, self.held):
            Annotations.of(job).add_warning_v2(
                "cdk-bedrock-batch:network:goes",
                "'stop_on_delete' is False, but subnets, security groups or the VPC of the job are deleted with the "
                "stack: while the job runs its network interfaces hold them, and the deletion of the stack fails "
                "(DELETE_FAILED); take a network of another stack, or acknowledge this and delete the stack again when "
                "the job has ended",
            )
        if going := goes_with_the_stack(job, self.needed):
            names = " and ".join(sorted({each.node.path for each in going}))
            Annotations.of(job).add_warning_v2(
                "cdk-bedrock-batch:data:goes",
                f"'stop_on_delete' is False, but {names} is deleted with the stack, and the job fails then: call "
                "apply_removal_policy(RemovalPolicy.RETAIN) of it",
            )
