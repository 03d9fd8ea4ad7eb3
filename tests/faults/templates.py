"""What stacks are deployed with: one job, and the same stack with another one."""

from .aws import properties

OLD, NEW = {"Job": properties()}, {"Job": properties(timeoutDurationInHours=48)}
