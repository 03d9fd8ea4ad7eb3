"""ARNs of jobs and of stacks.

Source: botocore's service model, ``ModelInvocationJobArn``. Both have their place as group 1, the partition, and group
2, the Region and account.
"""

import re

_PLACE = r"(arn:aws(?:-[^:]+)?):{service}:([a-z0-9-]{{1,20}}:(?P<account>[0-9]{{12}}))"
JOB_ARN = re.compile(_PLACE.format(service="bedrock") + ":model-invocation-job/[a-z0-9]{12}")
STACK_ID = re.compile(_PLACE.format(service="cloudformation") + ":stack/.+")


def id_of(job_arn: str) -> str:
    """Return the id of a job: the last part of its ARN, twelve characters."""
    return job_arn.rpartition("/")[2]
