"""Answers go to CloudFormation: to its own bucket in the function's Region, or to a local AWS."""

import json
from importlib.resources import files

import pytest

from model_invocation_job.answers.address import check_address
from model_invocation_job.errors import UndeliverableAnswerError

from .answering import Context, event, helper_that
from .response_endpoint import ResponseEndpoint

BUCKET = "cloudformation-custom-resource-response"
PARTITIONS = json.loads(files("botocore").joinpath("data/partitions.json").read_text())["partitions"]
#: Every Region that botocore knows, with its partition's DNS suffix.
REGIONS = {
    region: partition["outputs"]["dnsSuffix"]
    for partition in PARTITIONS
    for region in partition["regions"]
    if not region.endswith("-global")
}
#: What somebody can have before ``amazonaws.com``: buckets, accelerated ones, load balancers, APIs, and other Regions.
LIKE_S3 = [
    "s3-mine.s3",
    "s3-mine.s3.us-east-1",
    "s3-mine.s3-us-east-1",
    "s3-fips-mine.s3",
    "s3-external-1.s3",
    "s3.mine.s3",
    "s3-mine.s3-accelerate",
    "s3-mine.us-east-1.elb",
    "s3-mine.execute-api.us-east-1",
    "s3-website-us-east-1",
    "s3-accesspoint.us-east-1",
    "s3.eu-west-1",
]


def taken(url: str) -> bool:
    try:
        check_address(url)
    except UndeliverableAnswerError:
        return False
    return True


def of(region: str) -> str:
    return f"{BUCKET}-{region.replace('-', '')}"


@pytest.mark.parametrize(
    ("region", "host"),
    [
        # Seen in events that others have recorded.
        ("us-east-1", "cloudformation-custom-resource-response-useast1.s3.amazonaws.com"),
        ("eu-west-1", "cloudformation-custom-resource-response-euwest1.s3-eu-west-1.amazonaws.com"),
        ("us-east-2", "cloudformation-custom-resource-response-useast2.s3.us-east-2.amazonaws.com"),
        ("cn-north-1", "cloudformation-custom-resource-response-cnnorth1.s3.cn-north-1.amazonaws.com.cn"),
        # Other endpoints of S3's.
        ("us-east-1", "cloudformation-custom-resource-response-useast1.s3-external-1.amazonaws.com"),
        ("us-gov-west-1", "cloudformation-custom-resource-response-usgovwest1.s3-fips.us-gov-west-1.amazonaws.com"),
        ("eu-west-1", "cloudformation-custom-resource-response-euwest1.s3.dualstack.eu-west-1.amazonaws.com"),
        ("us-east-1", "cloudformation-custom-resource-response-useast1.s3-fips.dualstack.us-east-1.amazonaws.com"),
        ("us-east-1", "cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com:443"),
    ],
)
def test_an_address_of_cloudformations_is_taken(monkeypatch: pytest.MonkeyPatch, region: str, host: str) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    assert taken(f"https://{host}/arn%3Aaws%3Astack/guid%7CJob%7Cid?AWSAccessKeyId=A&Signature=s%3D")


@pytest.mark.parametrize("region", REGIONS)
def test_in_every_region_that_botocore_knows(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    host = f"s3.{region}.{REGIONS[region]}"
    assert taken(f"https://{of(region)}.{host}/key?Signature=s")
    assert taken(f"https://{host}/{of(region)}/key?Signature=s")
    elsewhere = next(suffix for suffix in REGIONS.values() if suffix != REGIONS[region])
    assert not taken(f"https://{of(region)}.s3.{region}.{elsewhere}/key")


@pytest.mark.parametrize(
    "url",
    [
        # Buckets that anybody may have made.
        "https://cloudformation-custom-resource-response-useast2.s3.us-east-1.amazonaws.com/",
        "https://cloudformation-custom-resource-response-mine.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1x.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1-mine.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-us-east-1.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-.s3.amazonaws.com/",
        "https://mine.cloudformation-custom-resource-response-useast1.s3.amazonaws.com/",
        "https://mine.s3.amazonaws.com/cloudformation-custom-resource-response-useast1/",
        "https://s3.amazonaws.com/mine/cloudformation-custom-resource-response-useast1/key",
        "https://s3.amazonaws.com/cloudformation-custom-resource-response-useast1x/key",
        # Their names may begin as S3's endpoints do.
        *(f"https://{host}.amazonaws.com/{BUCKET}-useast1/key" for host in LIKE_S3),
        *(f"https://{BUCKET}-useast1.{host}.amazonaws.com/key" for host in LIKE_S3),
        # Other hosts.
        "https://example.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com@evil.example/",
        "https://evil.example@cloudformation-custom-resource-response-useast1.s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.a.b.c.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1-s3.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1.s3xamazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com:8443/",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com:99999/",
        # What could not be sent as it is.
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a b",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a\r\nHost: evil.example",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/ä",
        "http://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1",
        "no url",
        "",
    ],
)
def test_an_answer_goes_to_cloudformation_only(endpoint: ResponseEndpoint, url: str) -> None:
    asked = event(endpoint, ResponseURL=url or " ")
    with pytest.raises(UndeliverableAnswerError, match="not CloudFormation's") as refused:
        helper_that(lambda *_: "job-arn")(asked, Context())
    assert len(str(refused.value)) < 250
    assert not endpoint.bodies


def test_without_a_region_nothing_is_cloudformations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    assert not taken(f"https://{BUCKET}-.s3.amazonaws.com/")
    assert not taken(f"https://{BUCKET}-useast1.s3.amazonaws.com/")


def test_loopback_is_refused_where_aws_is_not_local(
    endpoint: ResponseEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    with pytest.raises(UndeliverableAnswerError, match="not CloudFormation's"):
        helper_that(lambda *_: "job-arn")(event(endpoint), Context())
    assert not endpoint.bodies


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:4566", "[::1]:4566"])
def test_a_local_aws_is_answered_by_each_of_its_names(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    assert taken(f"http://{host}/_ministack/response/token")
    assert not taken(f"http://evil.example@{host}/")
