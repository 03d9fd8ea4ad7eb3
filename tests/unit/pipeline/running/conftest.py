import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bedrock_local.local_aws import LocalAws
from tests.faults.bedrock import ACCOUNT, REGION, Bedrock
from tests.faults.front import Front, serving

from .world import PIPELINE, World


@pytest.fixture(scope="session")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws"), admin=True) as running:
        yield running.client("dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> Iterator[Any]:
    keys = [{"AttributeName": "Run", "KeyType": "HASH"}, {"AttributeName": "Item", "KeyType": "RANGE"}]
    dynamodb.create_table(
        TableName=PIPELINE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": key["AttributeName"], "AttributeType": "S"} for key in keys],
    )
    yield dynamodb
    dynamodb.delete_table(TableName=PIPELINE)


@pytest.fixture
def world(table: Any, request: pytest.FixtureRequest) -> Iterator[World]:
    """A pipeline with one run at a time, unless a test is parametrized with what it has instead."""
    bedrock, front = Bedrock(), Front()
    front.reset({"bedrock": bedrock})
    with serving(front):
        client = boto3.client(
            "bedrock",
            endpoint_url=front.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=os.urandom(4).hex(),
            config=Config(retries={"total_max_attempts": 1}),
        )
        yield World(table, client, bedrock, front, **getattr(request, "param", {}))
    bedrock.close()
