"""KMS keys as S3 sees them.

https://docs.aws.amazon.com/kms/latest/developerguide/services-s3.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import responses
from ministack.services import kms

from bedrock_local.names.arn import Arn
from bedrock_local.services.iam import account_of, verified_caller

NEEDS = ("services.kms._resolve_key", "services.kms._aliases")


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
        The object's ARN; with an S3 Bucket Key, the bucket's.

    Returns
    -------
    dict
        ``kms:ViaService``, the encryption context and the algorithm.
    """
    via = {"kms:ViaService": f"s3.{region}.amazonaws.com", "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    return via | encryption_context({"aws:s3:arn": arn})


def encryption_context(pairs: Mapping[str, object]) -> dict[str, str | list[str]]:
    """Return the condition keys that tell an encryption context.

    Parameters
    ----------
    pairs
        The encryption context.

    Returns
    -------
    dict
        One for each pair, and one with all keys; nothing without a context.
    """
    context: dict[str, str | list[str]] = {f"kms:EncryptionContext:{key}": str(value) for key, value in pairs.items()}
    return context | ({"kms:EncryptionContextKeys": list(pairs)} if pairs else {})


def key_facts(arn: str) -> dict[str, str | list[str]]:
    """Return the condition keys that tell what a key is.

    Parameters
    ----------
    arn
        The key's ARN.

    Returns
    -------
    dict
        By what follows ``kms:``, in lower case; nothing if there is no such key.
    """
    key, place = _key(arn), Arn.find(arn)
    if key is None or place is None:
        return {}
    several = bool(key.get("MultiRegion"))
    facts = {
        **dict.fromkeys(("keyspec", "customermasterkeyspec"), str(key["KeySpec"])),
        **dict.fromkeys(("keyusage", "customermasterkeyusage"), str(key["KeyUsage"])),
        "keyorigin": str(key["Origin"]),
        "multiregion": str(several).lower(),
    }
    if several:
        facts["multiregionkeytype"] = str(key.get("_mrk_type", "PRIMARY"))
        facts["primaryregion"] = str(key.get("_mrk_primary_region", place.region))
    return facts | {"resourcealiases": _aliases(key, place)}


def _aliases(key: Mapping[str, Any], place: Arn) -> list[str]:
    with responses.request_scope(place.account, place.region):
        every = kms._aliases.items()  # noqa: SLF001 -- no public way in
        return [f"alias/{arn.partition(':alias/')[2]}" for arn, key_id in every if key_id == key["KeyId"]]


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
