"""ARNs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html."""

from dataclasses import dataclass, replace

_PREFIX = "arn"
_PARTS = 6


@dataclass(frozen=True)
class Arn:
    """The name of a resource.

    Parameters
    ----------
    partition, service, region, account
        Where it is. Some services leave the Region out, some the account.
    resource
        Its type and name, as the service writes them.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def find(cls, text: str) -> "Arn | None":
        """Read a text that may be an ARN.

        Parameters
        ----------
        text
            The text.

        Returns
        -------
        Arn or None
            None if it is something else.
        """
        parts = text.split(":", _PARTS - 1)
        return cls(*parts[1:]) if len(parts) == _PARTS and parts[0] == _PREFIX else None

    @classmethod
    def parse(cls, text: str) -> "Arn":
        """Read an ARN.

        Parameters
        ----------
        text
            The ARN.

        Returns
        -------
        Arn
            Its parts.

        Raises
        ------
        ValueError
            If it is none.
        """
        found = cls.find(text)
        if found is None:
            raise ValueError(f"an ARN must be arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, got {text!r}")
        return found

    @property
    def name(self) -> str:
        """What stands after the last slash: of a role its name without the path, of a job its id."""
        return self.resource.rpartition("/")[2]

    @property
    def above(self) -> "Arn":
        """What it is below: of a Map's machine the one that has the Map; of what is below nothing, itself."""
        return replace(self, resource=self.resource.partition("/")[0])

    def __str__(self) -> str:
        return ":".join((_PREFIX, self.partition, self.service, self.region, self.account, self.resource))
