"""How a request says which operation of a service it is for.

https://smithy.io/2.0/aws/protocols/index.html
"""

from ministack.core.router import SERVICE_PATTERNS

#: Services, by the emulator's names, that take the operation and its parameters as ``Action=...&...``.
_QUERY = frozenset(
    (
        *("autoscaling", "cloudformation", "ec2", "elasticache", "elasticloadbalancing", "iam"),
        *("monitoring", "rds", "ses", "sns", "sqs", "sts"),
    )
)


def takes_action(service: str) -> bool:
    """Say whether the parameter ``Action`` names an operation of a service.

    Parameters
    ----------
    service
        By the emulator's name.
    """
    return service in _QUERY


def takes_target(service: str) -> bool:
    """Say whether the header ``X-Amz-Target`` names an operation of a service.

    Parameters
    ----------
    service
        By the emulator's name.
    """
    return bool(SERVICE_PATTERNS.get(service, {}).get("target_prefixes"))


def is_target(target: str) -> bool:
    """Say whether a value of ``X-Amz-Target`` is an operation's of any service there is here."""
    prefixes = (prefix for patterns in SERVICE_PATTERNS.values() for prefix in patterns.get("target_prefixes", ()))
    return target.startswith(tuple(prefixes))
