"""`bedrock-batch models`, against the models, profiles and quotas that the local AWS has."""

import json

import pytest

from tests.local_aws.conftest import allow
from tests.toolkit_cli.in_process import answer_of
from tests.toolkit_cli.jobs.conftest import World


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("here")
def test_models_and_profiles_of_the_region_have_their_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "models")
    assert answer.code == 0, answer.err
    head, *rows = answer.out.decode().splitlines()
    assert head.split("  ")[0] == "MODEL OR PROFILE"
    cells = {row.split()[0]: row.split()[1:] for row in rows}
    assert cells["amazon.nova-lite-v1:0"] == ["documented", "100", "50,000", "50,000", "1", "GB", "5", "GB", "20"]
    assert cells["us.meta.llama4-scout-17b-instruct-v1:0"][:2] == ["documented", "50"]
    # No quota of it is known by name.
    assert cells["us.anthropic.claude-opus-5"] == ["documented", *"??????"]
    assert {row.split()[1] for row in rows} == {"documented"}
    assert " more in us-east-1; --all has them" in answer.err


@pytest.mark.usefixtures("here")
def test_a_text_finds_also_what_takes_no_jobs_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "models", "NOVA-PREMIER", "--json")
    found = {model["id"]: model for model in json.loads(answer.out)["models"]}
    assert found["us.amazon.nova-premier-v1:0"]["batch"] == "documented"
    assert found["amazon.nova-premier-v1:0"]["why"] == "jobs in this Region name an inference profile of it"
    nothing = answer_of(monkeypatch, "models", "no-such-model")
    assert (nothing.code, nothing.out) == (0, b"")
    assert nothing.err == 'no model or profile in us-east-1 called so: "no-such-model"\n'


@pytest.mark.usefixtures("here")
def test_another_region_has_others(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "models", "nova-lite", "--region", "eu-central-1", "--json")
    content = json.loads(answer.out)
    assert content["region"] == "eu-central-1"
    found = {model["id"]: model["batch"] for model in content["models"]}
    assert found == {"eu.amazon.nova-lite-v1:0": "documented"} | {"amazon.nova-lite-v1:0": "no"}


@pytest.mark.usefixtures("here")
def test_who_may_not_ask_for_quotas_sees_the_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key, secret = world.aws.user(allow(["bedrock:ListFoundationModels", "bedrock:ListInferenceProfiles"], "*"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    answer = answer_of(monkeypatch, "models", "amazon.nova-micro")
    assert answer.code == 0, answer.err
    first = answer.out.decode().splitlines()[1]
    assert first.split() == ["amazon.nova-micro-v1:0", "documented", *"??????"]
    assert "not known: servicequotas:ListServiceQuotas is denied" in answer.err.splitlines()


@pytest.mark.usefixtures("here")
def test_an_applications_own_profile_is_found_by_its_name_and_its_model(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    made = world.aws.bedrock.create_inference_profile(
        inferenceProfileName="team-blue", modelSource={"copyFrom": model}
    )["inferenceProfileArn"]
    try:
        for text in ("TEAM", "nova-lite"):
            rows = answer_of(monkeypatch, "models", text).out.decode().splitlines()
            (own,) = [row for row in rows if row.startswith(made)]
            assert own.endswith("team-blue, of amazon.nova-lite-v1:0")
    finally:
        world.aws.bedrock.delete_inference_profile(inferenceProfileIdentifier=made.rpartition("/")[2])
