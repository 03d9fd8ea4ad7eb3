"""How much one job may read: the service's quotas for batch inference."""

from dataclasses import asdict, dataclass

#: What the quotas call "GB", in bytes; the larger reading never refuses a file that the service would take.
GIGABYTE = 1024**3


@dataclass(frozen=True, kw_only=True)
class RecordLimits:
    """How many records and bytes a job's input may have.

    The defaults are the ones that AWS publishes for most models in "Amazon Bedrock endpoints and quotas"
    (https://docs.aws.amazon.com/general/latest/gr/bedrock.html). They differ between models (Llama 4 Scout starts
    at 50 records) and some can be raised for an account, so each can be set here.

    Attributes
    ----------
    min_records_per_job : int
        Quota "Minimum number of records per batch inference job". Default: 100.
    records_per_file : int
        Quota "Records per input file per batch inference job". Default: 50,000.
    records_per_job : int
        Quota "Records per batch inference job". Default: 50,000.
    bytes_per_file : int
        Quota "Batch inference input file size (in GB)", in bytes. Default: 1 GB.
    bytes_per_job : int
        Quota "Batch inference job size (in GB)", in bytes. Default: 5 GB.
    bytes_per_record : int
        The longest line, in bytes: a record holds a request body of InvokeModel, whose API reference gives `body` a
        maximum length. Default: 25,000,000 bytes, that maximum.

    Raises
    ------
    ValueError
        If a limit is not a whole number of at least 1.

    Examples
    --------
    >>> RecordLimits(min_records_per_job=50).records_per_job
    50000
    """

    min_records_per_job: int = 100
    records_per_file: int = 50_000
    records_per_job: int = 50_000
    bytes_per_file: int = 1 * GIGABYTE
    bytes_per_job: int = 5 * GIGABYTE
    bytes_per_record: int = 25_000_000

    def __post_init__(self) -> None:
        for name, limit in asdict(self).items():
            if type(limit) is not int or limit < 1:
                raise ValueError(
                    f"'{name}' must be a whole number of at least 1, got {limit!r}; leave it out for AWS's"
                )

    @classmethod
    def of_model(cls, model: str | None) -> "RecordLimits":
        """Return the published quotas of a model.

        Parameters
        ----------
        model : str or None
            The id or ARN of a model or inference profile; None or one that is not in the tables has the defaults.
        """
        fewest = next((count for name, count in _FEWEST_RECORDS.items() if model and name in model), None)
        return cls() if fewest is None else cls(min_records_per_job=fewest)


def written(**limits: int) -> str:
    """Write limits as a command line says them, and as Python does."""
    named = [f"{name}={limit}" for name, limit in limits.items()]
    return f"--limit {' --limit '.join(named)} (in Python, limits=RecordLimits({', '.join(named)}))"


#: Models whose quota "Minimum number of records per batch inference job" is not that of the others.
_FEWEST_RECORDS = {"meta.llama4-scout": 50}
