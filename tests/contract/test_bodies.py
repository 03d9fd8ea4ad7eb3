"""The check and the local Bedrock agree on bodies: what the one calls good, the other answers."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.bedrock.models.backends.echo import Echo
from bedrock_local.bedrock.models.families import family_of
from bedrock_local.bedrock.models.invocation import RefusedError

_FOLDER = Path(__file__).parents[1] / "unit" / "toolkit" / "records" / "bodies"
ROWS = {
    f"{file.stem}: {row['name']}": row
    for file in sorted(_FOLDER.glob("*.jsonl"))
    for row in map(json.loads, file.read_text().splitlines())
}
GOOD = {name: row for name, row in ROWS.items() if not {"refused", "warned"} & row.keys()}
#: What the local Bedrock has no answers for: media that become vectors, videos, and DeepSeek's older form.
UNANSWERED = re.compile(r"embeddings: (Nova|Marengo|Embed [34] of)|prompts: (Pegasus|DeepSeek)")
#: Faults that it knows too: they are those that people met.
NAMED = (
    *("claude: role system", "claude: length of 0", "claude: temperature of 7", "claude: temperature and top_p"),
    *("claude: a model id in the body", "claude: no version", "nova: role system", "nova: OpenAI's content"),
    *("nova: OpenAI's parts", "nova: OpenAI's image", "nova: OpenAI's length", "nova: length as a text"),
    *("nova: max_tokens among the parameters", "nova: temperature of 7", "converse: tools", "converse: length of 0"),
    *("converse: max_tokens among the parameters", "converse: length as a text", "converse: temperature of 2"),
    *("embeddings: Titan V2 with 300 dimensions", "embeddings: Titan V2 with an empty text"),
    *("prompts: Titan with an empty text", "prompts: Llama with a temperature of 7", "chat: temperature of 7"),
)


def answer(row: dict[str, Any]) -> object:
    model = re.sub(r"^(us|eu|apac|global)\.", "", row["model"].rsplit("/", 1)[-1])
    return family_of(model, row.get("invocation_type", "InvokeModel"))(row["body"], Echo(), model)


@pytest.mark.parametrize("name", [name for name in GOOD if not UNANSWERED.match(name)])
def test_a_good_body_is_answered(name: str) -> None:
    assert answer(GOOD[name])


@pytest.mark.parametrize("name", NAMED)
def test_a_fault_that_people_met_fails_its_record(name: str) -> None:
    assert "refused" in ROWS[name]
    with pytest.raises(RefusedError):
        answer(ROWS[name])
