"""One objection that stands, and how the judges call it."""

from dataclasses import dataclass

#: Findings of cdk-nag about a permission.
IAM5 = "AwsSolutions-IAM5[Resource::{}]"
ACTION = "AwsSolutions-IAM5[Action::s3:{}*]"


@dataclass(frozen=True)
class Acknowledgement:
    """One objection, by the ids that the judges give it.

    Attributes
    ----------
    where
        Patterns of construct paths below the stack, or of a logical id where a template has no path; `*` stands for
        anything.
    """

    rules: tuple[str, ...]
    where: tuple[str, ...]
    reason: str


def both(*rules: str) -> tuple[str, ...]:
    """Return rules as the two packs of cdk-nag call them that have the same."""
    return tuple(f"{pack}-{rule}" for pack in ("HIPAA.Security", "NIST.800.53.R5") for rule in rules)
