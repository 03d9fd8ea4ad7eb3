"""Where an answer may go: to CloudFormation's own bucket in the function's Region, wherever S3 serves that.

Sure is the bucket: ``cloudformation-custom-resource-response-`` and the Region without its hyphens (CloudFormation user
guide, "Access CloudFormation using an interface endpoint"), and that a stack and its function are in one Region (API
reference, ``ServiceToken``). A bucket of that name is CloudFormation's, for names are taken once in a partition. Not
told is by which of S3's endpoints it is addressed. Seen were ``s3.amazonaws.com``, ``s3-REGION.amazonaws.com``,
``s3.REGION.amazonaws.com`` and ``s3.REGION.amazonaws.com.cn``, so any of S3's in the Region will do; but none that only
begins like one, for a bucket may be called ``s3-mine``, and then ``s3-mine.s3.amazonaws.com`` is somebody else's.
"""

import os
import re
from urllib.parse import SplitResult, urlsplit

from model_invocation_job.errors import UndeliverableAnswerError

_BUCKET = "cloudformation-custom-resource-response-"
#: The DNS suffixes of partitions, by how their Regions begin. Source: botocore's ``partitions.json``.
_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "eu-isoe-": "cloud.adc-e.uk",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
}
_USUAL_SUFFIX = "amazonaws.com"
#: An endpoint of S3's before the suffix, with or without a Region, FIPS or dual-stack.
_S3 = r"s3(-external-1|(-fips)?(-|(\.dualstack)?\.){region})?"
_HTTPS_PORTS = (None, 443)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: What an address is made of; anything else could not be sent as it is.
_VISIBLE = re.compile("[!-~]+")
_SHOWN = 100


def check_address(url: str) -> SplitResult:
    """Return the parts of an address of CloudFormation, or of a local AWS where AWS is local.

    A forged event must not make the function write to an address of the forger's choice.

    Raises
    ------
    UndeliverableAnswerError
        The address is somebody else's.
    """
    try:
        target = urlsplit(url)
        host, port = target.hostname or "", target.port
    except ValueError:
        raise UndeliverableAnswerError("the answer's address is not CloudFormation's: it is none at all") from None
    region = os.environ.get("AWS_REGION", "")
    is_plain = bool(_VISIBLE.fullmatch(url)) and target.username is None
    if is_plain and target.scheme == "https" and port in _HTTPS_PORTS and _is_cloudformation(host, target.path, region):
        return target
    local = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname in _LOOPBACK
    if is_plain and local and host in _LOOPBACK and target.scheme in ("http", "https"):
        return target
    shown = f"{target.scheme}://{host}"[:_SHOWN]
    raise UndeliverableAnswerError(f"the answer's address is not CloudFormation's in {region or 'any Region'}: {shown}")


def _is_cloudformation(host: str, path: str, region: str) -> bool:
    bucket = _BUCKET + region.replace("-", "")
    # S3 knows a bucket by its host or, in the older form, by the beginning of the path.
    named = "" if path.startswith(f"/{bucket}/") else re.escape(f"{bucket}.")
    s3 = _S3.format(region=re.escape(region))
    return bool(region) and bool(re.fullmatch(rf"{named}{s3}\.{re.escape(_suffix(region))}", host))


def _suffix(region: str) -> str:
    return next((suffix for start, suffix in _SUFFIXES.items() if region.startswith(start)), _USUAL_SUFFIX)
