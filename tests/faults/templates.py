"""What stacks are deployed with: one job, the same stack with one of other results, and with one of another timeout."""

from .aws import properties

OLD, NEW = {"Job": properties()}, {"Job": properties(modelId="amazon.nova-pro-v1:0")}
LONGER = {"Job": properties(timeoutDurationInHours=48)}
