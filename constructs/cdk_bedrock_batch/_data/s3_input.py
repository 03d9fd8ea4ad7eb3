"""Records that are in S3 already."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.input_source import BoundInput, Home
from cdk_bedrock_batch._data.location import warn_of_owners
from cdk_bedrock_batch._data.place import Place
from cdk_bedrock_batch._data.s3_uri import is_jsonl, is_prefix
from cdk_bedrock_batch.invocation_type import InvocationType


@dataclass(frozen=True)
class S3Input:
    """One JSONL object, or all JSONL objects below a prefix."""

    place: Place
    encryption_key: kms.IKey | None

    def check(
        self,
        stack: Stack,
        model_id: str,  # noqa: ARG002 (nothing in S3 can be seen at synth)
        invocation_type: InvocationType | None,  # noqa: ARG002 (as above)
    ) -> list[str]:
        """See `InputData.check`: of what is in S3 only the place can be seen."""
        self.place.check_region(stack)
        keys.check_region(self.encryption_key, stack)
        return []

    def bind(self, scope: Construct, home: Home) -> BoundInput:  # noqa: ARG002 (the data has its place)
        """See `InputData.bind`."""
        location = self.place.locate(scope, self.encryption_key)
        warn_of_owners(scope, "input_data", location, "s3:GetObject")
        return BoundInput(location, location)


def check_path(path: str) -> None:
    """Refuse a path that is neither of a JSONL file nor a prefix.

    Raises
    ------
    ValueError
        The text shows the path.
    """
    check_type("input_data", path, str, '"prompts/"')
    if not is_token(path) and path and not (is_jsonl(path) or is_prefix(path)):
        raise ValueError(f"'input_data' must be a key ending in .jsonl or a prefix ending in /, got {path!r}")
