"""Service Quotas: what this Bedrock keeps to is what it tells, by the names that AWS has."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, MODEL, LocalAws, allow, records, serve

JOBS = "Sum of in-progress and submitted batch inference jobs using a base model for Nova Lite V1"


def listed(aws: LocalAws, **asked: Any) -> dict[str, Any]:
    pages = aws.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="bedrock", **asked)
    return {quota["QuotaName"]: quota for page in pages for quota in page["Quotas"]}


@pytest.fixture(scope="module")
def limited() -> Iterator[LocalAws]:
    with serve(quotas=f"Quotas.parse(['jobs_per_model=7', '{MODEL}/records_per_job=120'])") as aws:
        yield aws


def test_the_quotas_of_batch_inference_are_told_by_their_names(aws: LocalAws) -> None:
    told = {name: quota["Value"] for name, quota in listed(aws).items()}
    assert told[JOBS] == 20
    assert told["Minimum number of records per batch inference job for Claude 3.5 Sonnet v2"] == 100
    assert told["Minimum number of records per batch inference job for Llama 4 Scout"] == 50
    assert told["Records per input file per batch inference job for Llama 3.3 70B Instruct"] == 50_000
    assert told["Batch inference input file size (in GB) for Nova Pro V1"] == 1
    assert told["Batch inference job size for Qwen3 32B (in GB)"] == 5


def test_a_quota_is_told_as_it_is_kept_to(limited: LocalAws) -> None:
    told = listed(limited)
    assert told[JOBS]["Value"] == 7
    name = "Records per batch inference job for {}"
    assert (told[name.format("Nova Lite V1")]["Value"], told[name.format("Nova Pro V1")]["Value"]) == (120, 50_000)
    job = limited.end(limited.start(limited.bucket({"in.jsonl": records(121)})))
    assert (job["status"], "120" in job["message"]) == ("Failed", True)


def test_the_defaults_are_awss_own_whatever_was_raised(limited: LocalAws) -> None:
    client = limited.client("service-quotas")
    pages = client.get_paginator("list_aws_default_service_quotas").paginate(ServiceCode="bedrock")
    told = {quota["QuotaName"]: quota["Value"] for page in pages for quota in page["Quotas"]}
    assert told[JOBS] == 20
    assert told.keys() == listed(limited).keys()


def test_a_quota_has_all_that_the_api_says_and_is_found_by_its_code(aws: LocalAws) -> None:
    quota = listed(aws)[JOBS]
    code = quota["QuotaCode"]
    assert quota == {
        "ServiceCode": "bedrock",
        "ServiceName": "Amazon Bedrock",
        "QuotaArn": f"arn:aws:servicequotas:us-east-1:{ACCOUNT}:bedrock/{code}",
        "QuotaCode": code,
        "QuotaName": JOBS,
        "Value": 20.0,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
    assert aws.client("service-quotas").get_service_quota(ServiceCode="bedrock", QuotaCode=code)["Quota"] == quota
    assert listed(aws, QuotaCode=code) == {JOBS: quota}
    assert listed(aws, QuotaAppliedAtLevel="RESOURCE") == {}


def test_each_quota_has_a_code_of_its_own_and_is_on_one_page(aws: LocalAws) -> None:
    client = aws.client("service-quotas")
    first = client.list_service_quotas(ServiceCode="bedrock")
    assert (len(first["Quotas"]), "NextToken" in first) == (100, True)
    told = listed(aws, PaginationConfig={"PageSize": 7})
    assert list(told) == list(listed(aws))
    assert len({quota["QuotaCode"] for quota in told.values()}) == len(told) == 6 * 32


@pytest.mark.parametrize(
    ("operation", "asked", "code", "words"),
    [
        ("list_service_quotas", {"ServiceCode": "ec2"}, "NoSuchResourceException", "There is no service ec2"),
        (
            "get_service_quota",
            {"ServiceCode": "bedrock", "QuotaCode": "L-00000000"},
            "NoSuchResourceException",
            "There is no quota L-00000000",
        ),
        ("list_service_quotas", {}, "IllegalArgumentException", "Value null at 'ServiceCode'"),
        ("list_service_quotas", {"ServiceCode": "bedrock", "MaxResults": 101}, "IllegalArgumentException", "101"),
        (
            "list_service_quotas",
            {"ServiceCode": "bedrock", "NextToken": "abc"},
            "InvalidPaginationTokenException",
            "NextToken",
        ),
        ("list_services", {}, "UnknownOperationException", "ListServices is not offered here; ask ListServiceQuotas"),
    ],
)
def test_what_is_not_there_is_refused(
    aws: LocalAws, operation: str, asked: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(aws.client("service-quotas"), operation)(**asked)
    assert error.value.response["Error"]["Code"] == code
    assert words in error.value.response["Error"]["Message"]


def test_a_caller_needs_the_right_to_each_operation(aws: LocalAws) -> None:
    listing = aws.client("service-quotas", aws.user(allow("servicequotas:ListServiceQuotas", "*")))
    code = listing.list_service_quotas(ServiceCode="bedrock")["Quotas"][0]["QuotaCode"]
    with pytest.raises(ClientError, match="is not authorized to perform: servicequotas:GetServiceQuota") as error:
        listing.get_service_quota(ServiceCode="bedrock", QuotaCode=code)
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"
    others = aws.client("service-quotas", aws.user(allow(["bedrock:*", "servicequotas:GetServiceQuota"], "*")))
    with pytest.raises(ClientError, match="is not authorized to perform: servicequotas:ListServiceQuotas"):
        others.list_service_quotas(ServiceCode="bedrock")
    assert others.get_service_quota(ServiceCode="bedrock", QuotaCode=code)["Quota"]["QuotaCode"] == code
