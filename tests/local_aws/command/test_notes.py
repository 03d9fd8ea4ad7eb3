"""What the server notes of models is told to whoever deploys, also if the deployment fails."""

from pathlib import Path

import pytest

from bedrock_local.command.notes import notes
from bedrock_local.local_aws import LocalAws as StartedAws
from bedrock_local.log import log_file
from tests.local_aws.conftest import LocalAws


def test_what_was_noted_meanwhile_is_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    with StartedAws(model="echo", directory=tmp_path, behaviours={"role_propagation": 0}) as running:
        aws = LocalAws(running.endpoint_url, running.secret)

        def make(*models: str) -> None:
            for model in models:
                aws.bedrock.create_model_invocation_job(**aws.request(modelId=model))

        make("zai.glm-7")
        with pytest.raises(aws.bedrock.exceptions.ValidationException), notes(tmp_path, told.append):
            make("zai.glm-8", "zai.glm-8", "amazon.nova-lite-v1:0", "anthropic.claude-sonnet-5")
    unknown, refused = told
    assert unknown.startswith(
        "about the model: nothing is known of batch inference with zai.glm-8; near names: zai.glm-4"
    )
    assert refused.startswith("about the model: anthropic.claude-sonnet-5 is refused")


def test_a_log_that_was_removed_says_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    with notes(tmp_path, told.append):
        assert not log_file(tmp_path).exists()
    assert not told
