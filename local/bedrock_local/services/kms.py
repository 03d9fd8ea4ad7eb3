"""KMS keys as S3 sees them.

https://docs.aws.amazon.com/kms/latest/developerguide/services-s3.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import responses
from ministack.services import kms

from bedrock_local.names.arn import Arn
from bedrock_local.services.iam import account_of, verified_caller

NEEDS = ("services.kms._resolve_key",)


def key_arn(key_id: str) -> str:
    """Return the ARN of a key.

    Parameters
    ----------
    key_id
        Its id or ARN, or those of an alias.

    Returns
    -------
    str
        The ARN; what was given if there is no such key.
    """
    key = _key(key_id)
    return str(key["Arn"]) if key else key_id


def unusable(key_id: str) -> str | None:
    """Say why a key can be used by nobody.

    Parameters
    ----------
    key_id
        As in `key_arn`.

    Returns
    -------
    str or None
        S3's name of the error; None if the key is there and enabled.
    """
    key = _key(key_id)
    if key is None:
        return "KMS.NotFoundException"
    return None if key["KeyState"] == "Enabled" else "KMS.DisabledException"


def key_context(region: str, arn: str) -> dict[str, str | list[str]]:
    """Return the condition keys of a request that S3 sends to KMS.

    Parameters
    ----------
    region
        The bucket's Region.
    arn
        The object's ARN.

    Returns
    -------
    dict
        ``kms:ViaService`` and the encryption context.
    """
    return {"kms:ViaService": f"s3.{region}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": arn}


def _key(key_id: str) -> Mapping[str, Any] | None:
    # Without an account in it, of whoever asks; not of the bucket's owner.
    arn, region = Arn.find(key_id), responses.get_region()
    # A bucket's key is of the bucket's Region.
    if arn and arn.region != region:
        return None
    account = arn.account if arn else account_of(verified_caller())
    with responses.request_scope(account, region):
        key: Mapping[str, Any] | None = kms._resolve_key(key_id)  # noqa: SLF001 -- no public way in
        return key
