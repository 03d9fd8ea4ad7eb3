"""Accounts that were bootstrapped with a KMS key: the function reads what it stages, and nothing else with the key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import CliCredentialsStackSynthesizer, DefaultStackSynthesizer, IStackSynthesizer, Stack

from bedrock_local.running import RunningAws

from .conftest import Deployments, app
from .function_policies import policies
from .stacks import StackFailedError, Stacks

RecordFile = Callable[..., Path]
Synthesizer = Callable[[str], IStackSynthesizer]

CUSTOMER, GIVEN = "customer", "given"
SYNTHESIZERS: dict[str, Synthesizer] = {
    "as usual": lambda qualifier: DefaultStackSynthesizer(qualifier=qualifier),
    "by the CLI": lambda qualifier: CliCredentialsStackSynthesizer(qualifier=qualifier),
}


@pytest.fixture(scope="module")
def bootstraps(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The keys of two bootstraps by their qualifiers: one that it makes, and one whose policy trusts IAM alone."""
    deployments = Deployments(aws, tmp_path_factory.mktemp("bootstraps"))
    own = aws.client("kms").create_key()["KeyMetadata"]
    for qualifier, option in {
        CUSTOMER: ["--bootstrap-customer-key"],
        GIVEN: ["--bootstrap-kms-key-id", own["KeyId"]],
    }.items():
        names = ["--qualifier", qualifier, "--toolkit-stack-name", f"Toolkit-{qualifier}"]
        deployments.run("bootstrap", f"aws://{aws.account}/{aws.region}", *names, *option)
    alias = aws.client("kms").describe_key(KeyId=f"alias/cdk-{CUSTOMER}-assets-key")
    return {CUSTOMER: alias["KeyMetadata"]["Arn"], GIVEN: own["Arn"]}


@pytest.mark.parametrize("bootstrap", [(CUSTOMER, "as usual"), (GIVEN, "as usual"), (GIVEN, "by the CLI")], ids=str)
def test_a_job_of_local_records_is_deployed(
    bootstraps: dict[str, str],
    deployments: Deployments,
    aws: RunningAws,
    record_file: RecordFile,
    bootstrap: tuple[str, str],
) -> None:
    qualifier, kind = bootstrap
    name, synthesizer = f"Keyed{qualifier}{kind[-3:]}", SYNTHESIZERS[kind](qualifier)
    build = app(record_file(text=name))
    deployments.deploy_app(lambda app: build(Stack(app, name, synthesizer=synthesizer)), name=name)
    assert len(deployments.jobs(name)) == 1
    bucket, client = f"cdk-{qualifier}-assets-{aws.account}-{aws.region}", aws.client("s3")
    keys = [each["Key"] for each in client.list_objects_v2(Bucket=bucket)["Contents"]]
    with_keys = {client.head_object(Bucket=bucket, Key=key)["SSEKMSKeyId"] for key in keys}
    assert with_keys == {bootstraps[qualifier]}


def test_objects_of_another_bucket_cannot_be_decrypted(keyed_stacks: Stacks, record_file: RecordFile) -> None:
    template = keyed_stacks.synthesize(app(record_file()), "WrongKey")
    documents = policies(template).values()
    statements = [each for document in documents for each in document["Statement"] if each["Action"] == "kms:Decrypt"]
    (condition,) = (each["Condition"]["StringLike"] for each in statements)
    elsewhere = f"arn:aws:s3:::not-{keyed_stacks.assets}"
    condition["kms:EncryptionContext:aws:s3:arn"] = [elsewhere, f"{elsewhere}/*"]
    with pytest.raises(StackFailedError, match="not authorized to perform: kms:Decrypt"):
        keyed_stacks.put(template, "WrongKey")
