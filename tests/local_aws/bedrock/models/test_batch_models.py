"""Models that have batch inference, or not, or not there, or through a profile only; and those that nobody knows."""

import logging
import re
from pathlib import Path

import pytest

from bedrock_local.bedrock.models.batch_models import BatchModels, _read
from bedrock_local.bedrock.models.geographies import GEOGRAPHIES
from bedrock_local.bedrock.models.model import Model, resolve
from bedrock_local.bedrock.service_model.errors import ValidationException
from bedrock_local.local_aws import LocalAws as StartedAws
from bedrock_local.names.place import Place
from tests.local_aws.conftest import MODEL, MODEL_ARN, LocalAws, serve
from tests.local_aws.program import bedrock_local

NO_BATCH = r"Batch inference is not supported for the requested model$"
# What a user adds to the table.
TOLD = ["zai.glm-9=us-east-1", "us.anthropic.claude-sonnet-5=*", "amazon.nova-micro-v1:0=", "zai.glm-4.7=eu-west-3"]


class Catalogue:
    def profile_regions(self, geography: str) -> tuple[str, ...]:  # noqa: ARG002 -- see `ModelCatalogue`
        return ("us-east-1",)

    def profile_models(self, profile_id: str) -> tuple[str, ...]:
        return (MODEL_ARN.replace("us-east-1", "us-west-2"),) if profile_id == "team" else ()

    def has_custom_model(self, arn: str) -> bool:  # noqa: ARG002 -- the same
        return True


def model(model_id: str, region: str = "us-east-1") -> tuple[Model, Place]:
    place = Place("aws", region, "123456789012")
    return resolve(model_id, place, Catalogue()), place


def elsewhere(name: str, region: str) -> str:
    return f"{re.escape(f'Batch inference is not supported for model {name} in region {region}')}$"


@pytest.mark.parametrize(
    ("name", "region"),
    [
        (MODEL, "us-east-1"),
        (MODEL, "us-gov-west-1"),
        (f"us.{MODEL}", "us-west-2"),
        ("anthropic.claude-sonnet-4-6", "eu-west-2"),
        ("us.anthropic.claude-sonnet-4-6", "us-east-1"),
        ("global.anthropic.claude-opus-5", "sa-east-1"),
        ("global.amazon.nova-2-lite-v1:0", "ap-south-1"),
        (f"eu.{MODEL}", "il-central-1"),
        ("us.meta.llama4-scout-17b-instruct-v1:0", "us-east-1"),
        ("deepseek.v3.2", "ap-southeast-3"),
    ],
)
def test_what_is_known_to_have_batch_inference_there_is_taken_in_silence(
    name: str, region: str, caplog: pytest.LogCaptureFixture
) -> None:
    BatchModels(strict=True).require(*model(name, region))
    assert not caplog.messages


@pytest.mark.parametrize(
    "name",
    ["anthropic.claude-sonnet-5", "us.anthropic.claude-sonnet-5", "openai.gpt-5.6-sol", "amazon.nova-canvas-v1:0"],
)
def test_a_model_without_batch_inference_is_refused_with_its_source_in_the_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValidationException, match=NO_BATCH):
        BatchModels().require(*model(name))
    (line,) = caplog.messages
    assert re.search(rf"{name} is refused in us-east-1 .*: it has no batch inference \((seen|documented): ", line)
    assert f"--batch-model {name}=us-east-1" in line


@pytest.mark.parametrize(
    ("name", "region", "where"),
    [
        (MODEL, "us-west-2", "jobs in this Region name an inference profile of it"),
        ("anthropic.claude-sonnet-4-6", "us-east-1", "jobs in this Region name an inference profile of it"),
        ("meta.llama4-scout-17b-instruct-v1:0", "us-east-1", "jobs in this Region name an inference profile of it"),
        ("meta.llama3-1-405b-instruct-v1:0", "us-east-1", "jobs name it so in us-west-2"),
        ("us.amazon.nova-premier-v1:0", "us-west-1", "jobs name it so in us-east-1, us-east-2, us-west-2"),
        ("us.meta.llama3-1-405b-instruct-v1:0", "us-west-2", "jobs name it so in no Region"),
    ],
)
def test_elsewhere_and_without_a_needed_profile_it_is_refused_in_the_services_words(
    name: str, region: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValidationException, match=elsewhere(name, region)):
        BatchModels().require(*model(name, region))
    assert f"{where} (documented: https://docs.aws.amazon.com/" in caplog.messages[0]


@pytest.mark.parametrize("foundation_id", [MODEL, "meta.llama4-scout-17b-instruct-v1:0", "zai.glm-4.7"])
def test_a_global_profile_that_is_not_there_is_refused(foundation_id: str, caplog: pytest.LogCaptureFixture) -> None:
    name = f"global.{foundation_id}"
    with pytest.raises(ValidationException, match=r"The provided model identifier is invalid$"):
        BatchModels().require(*model(name))
    assert "there is no global profile of it (documented: on the models' own pages, https" in caplog.messages[0]
    BatchModels.parse([f"{name}=us-east-1"]).require(*model(name))


def test_an_application_profile_is_judged_as_what_it_was_made_from() -> None:
    profile = "arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/team"
    with pytest.raises(ValidationException, match=elsewhere(MODEL, "us-west-2")):
        BatchModels().require(*model(profile, "us-west-2"))


def test_a_custom_model_is_not_judged() -> None:
    arn = f"arn:aws:bedrock:us-west-2:123456789012:custom-model/{MODEL}/abcdefghijkl"
    BatchModels(strict=True).require(*model(arn, "us-west-2"))


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("amazon.nova-lite-v9:0", "; near names: amazon.nova-lite-v1:0, "),
        ("us.amazon.nova-lite-v9:0", "; near names: us.amazon.nova-lite-v1:0, "),
        ("anthropic.claude-sonet-4-6", "; near names: anthropic.claude-sonnet-4-6"),
        ("anthropic.claude-haiku-4-5", "; near names: anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("us.anthropic.claude-sonnet-4-5", "; near names: us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("openai.gpt-oss-20b", "; near names: openai.gpt-oss-20b-1:0"),
        ("nobody.new-model", ""),
    ],
)
def test_an_unknown_model_is_taken_with_a_line_and_refused_if_that_is_asked_for(
    name: str, near: str, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = f"nothing is known of batch inference with {name}{near}"
    BatchModels().require(*model(name))
    (line,) = caplog.messages
    assert unknown in line
    assert "--strict-models refuses it" in line
    with pytest.raises(ValidationException, match=rf"The provided model identifier is invalid: {re.escape(unknown)}"):
        BatchModels(strict=True).require(*model(name))


def test_who_knows_better_than_the_table_says_so() -> None:
    models = BatchModels.parse(TOLD, strict=True)
    models.require(*model("zai.glm-9"))
    models.require(*model("us.anthropic.claude-sonnet-5"))
    models.require(*model("zai.glm-4.7", "eu-west-3"))
    for name, words in (
        ("amazon.nova-micro-v1:0", NO_BATCH),
        ("zai.glm-4.7", elsewhere("zai.glm-4.7", "us-east-1")),
        ("anthropic.claude-sonnet-5", NO_BATCH),
        ("us.zai.glm-9", "nothing is known"),
    ):
        with pytest.raises(ValidationException, match=words):
            models.require(*model(name))


@pytest.mark.parametrize("setting", ["zai.glm-9", "zai.glm-9=usa", "=us-east-1", "zai.glm-9=us-east-1,", "a b=*", ""])
def test_what_is_no_batch_model_is_refused_with_an_example(setting: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"=us-east-1,us-west-2; got '{setting}'")):
        BatchModels.parse([setting])


def test_a_model_that_is_told_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"told once, with all its Regions; got 'zai\.glm-9=eu-west-1' besides"):
        BatchModels.parse(["zai.glm-9=us-east-1", "zai.glm-9=eu-west-1"])


def test_the_table_names_regions_models_and_sources() -> None:
    table = _read()
    for model_id in (*table.alone, *table.without):
        assert resolve(model_id, Place("aws", "us-east-1", "123456789012"), Catalogue()).foundation_id == model_id
    assert not table.alone.keys() & table.without.keys()
    regions = frozenset().union(*table.alone.values(), *table.profile.values())
    assert all(re.fullmatch(r"[a-z]{2}(-gov)?-[a-z]+-\d", region) for region in regions)
    assert all(table.alone[each] | table.profile[each] for each in table.alone)
    assert table.worldwide <= {each for each in table.profile if table.profile[each]}
    assert all(
        re.match("documented: .*https://|seen: ", source)
        for source in (*table.without.values(), table.source, table.cards)
    )


def test_where_a_job_may_name_a_profile_there_is_one() -> None:
    table = _read()
    near = {name: geography for name, geography in GEOGRAPHIES.items() if name != "global"}
    for model_id, regions in table.profile.items():
        for region in regions:
            found = [name for name, geography in near.items() if region.startswith(geography.sources)]
            assert found or model_id in table.worldwide, (model_id, region)


def test_a_permission_is_asked_for_before_the_model_is_judged(aws: LocalAws) -> None:
    bedrock = aws.client("bedrock", aws.user())
    with pytest.raises(bedrock.exceptions.AccessDeniedException):
        bedrock.create_model_invocation_job(**aws.request(modelId="anthropic.claude-sonnet-5"))
    with pytest.raises(aws.bedrock.exceptions.ValidationException, match=NO_BATCH):
        aws.bedrock.create_model_invocation_job(**aws.request(modelId="anthropic.claude-sonnet-5"))


def test_the_server_can_be_strict() -> None:
    with serve(batch_models="BatchModels(strict=True)") as aws:
        assert aws.bedrock.create_model_invocation_job(**aws.request())["jobArn"]
        with pytest.raises(aws.bedrock.exceptions.ValidationException, match=r"near names: amazon\.nova-lite-v1:0"):
            aws.bedrock.create_model_invocation_job(**aws.request(modelId="amazon.nova-lite-v9:0"))


def test_the_command_and_the_library_take_them(tmp_path: Path) -> None:
    refused = bedrock_local("up", "--model", "echo", "--batch-model", "nonsense", folder=tmp_path)
    assert (refused.returncode, "ID=REGION,REGION" in refused.stderr) == (2, True)
    told = {"zai.glm-9": "us-east-1"}
    with StartedAws(model="echo", directory=tmp_path, batch_models=told, strict_models=True) as running:
        aws = LocalAws(running.endpoint_url, running.secret)
        assert aws.bedrock.create_model_invocation_job(**aws.request(modelId="zai.glm-9"))["jobArn"]
        with pytest.raises(aws.bedrock.exceptions.ValidationException, match="nothing is known"):
            aws.bedrock.create_model_invocation_job(**aws.request(modelId="zai.glm-8"))
        late = bedrock_local("deploy", "--dir", str(tmp_path), "--strict-models", folder=tmp_path)
        assert (late.returncode, "--strict-models is for a local AWS that starts" in late.stderr) == (2, True)


def test_the_line_is_in_the_servers_log(tmp_path: Path) -> None:
    with StartedAws(model="echo", directory=tmp_path, behaviours={"role_propagation": 0}) as running:
        aws = LocalAws(running.endpoint_url, running.secret)
        aws.bedrock.create_model_invocation_job(**aws.request(modelId="zai.glm-8"))
    assert "nothing is known of batch inference with zai.glm-8" in (tmp_path / "local-aws.log").read_text()


def test_whatever_else_is_logged_these_lines_are() -> None:
    assert logging.getLogger("bedrock_local.bedrock.models.batch_models").level == logging.WARNING
