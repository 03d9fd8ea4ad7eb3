"""KMS keys as S3 sees them.

https://docs.aws.amazon.com/kms/latest/developerguide/services-s3.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import responses
from ministack.core.iam_evaluator import find_iam_access_key_account
from ministack.services import kms

from bedrock_local.services.iam import verified_caller


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


def account_of(access_key: str) -> str:
    """Return the account that an access key belongs to.

    Parameters
    ----------
    access_key
        Of a user or session; empty for a root user.

    Returns
    -------
    str
        The account; for a root user that of the request.
    """
    session: str | None = responses._account_from_sts_session(access_key)  # noqa: SLF001 -- no public way in
    return session or find_iam_access_key_account(access_key) or responses.get_account_id()


def _key(key_id: str) -> Mapping[str, Any] | None:
    # Without an account in it, of whoever asks; not of the bucket's owner.
    account, region = account_of(verified_caller()), responses.get_region()
    if key_id.startswith("arn:"):
        _, _, _, key_region, account, _ = key_id.split(":", 5)
        # A bucket's key is of the bucket's Region.
        if key_region != region:
            return None
    with responses.request_scope(account, region):
        key: Mapping[str, Any] | None = kms._resolve_key(key_id)  # noqa: SLF001 -- no public way in
        return key
