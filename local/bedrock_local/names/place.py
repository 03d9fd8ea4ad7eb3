"""Places: accounts in Regions."""

from dataclasses import dataclass

from bedrock_local.names.arn import Arn


@dataclass(frozen=True)
class Place:
    """An account in a Region.

    Parameters
    ----------
    partition, region, account
        As in ARNs.
    """

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, arn: str) -> "Place":
        """Return where a resource is.

        Parameters
        ----------
        arn
            Of the resource.

        Returns
        -------
        Place
            The place.

        Raises
        ------
        ValueError
            If it is no ARN.
        """
        parts = Arn.parse(arn)
        return cls(parts.partition, parts.region, parts.account)

    def arn(self, resource: str, service: str = "bedrock") -> str:
        """Return the ARN of a resource in this place.

        Parameters
        ----------
        resource
            Type and name: ``model-invocation-job/abcdefghwxyz``.
        service
            Whose resource it is. Default: Bedrock's.

        Returns
        -------
        str
            The ARN.
        """
        return str(Arn(self.partition, service, self.region, self.account, resource))
