"""``cdk synth --no-staging``: assets are published from where they are, when the app's process has ended."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import RecordFile

APP = """
import json, sys
from pathlib import Path
from aws_cdk import App, Stack
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
folder, out = Path(sys.argv[1]), sys.argv[2]
app = App(outdir=out, context={"aws:cdk:disable-asset-staging": True})
stack, model = Stack(app, "Stack"), BatchModel.foundation_model("amazon.nova-lite-v1:0")
lines = (folder / "prompts.jsonl").read_text().splitlines()
(folder / "many").mkdir(exist_ok=True)
request = {"method": "POST", "url": "/v1/chat/completions", "body": {"messages": [{"role": "user", "content": "Hi"}]}}
(folder / "batch.jsonl").write_text("".join(json.dumps({"custom_id": str(n), **request}) + "\\n" for n in range(100)))
paths = [folder / "many" / f"{number}.jsonl" for number in range(101)]
for path, line in zip(paths, [*lines, lines[0].replace('"recordId": "', '"recordId": "other')]):
    path.write_text(line)
given = {
    "Records": InputData.from_records(map(json.loads, lines)),
    "Many": InputData.from_files(paths),
    "OpenAI": InputData.from_openai_batch(folder / "batch.jsonl"),
}
for name, data in given.items():
    ModelInvocationJob(stack, name, model=model, input_data=data)
app.synth()
"""


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_made_for_the_deployment_is_there_when_it_comes(
    record_file: RecordFile, tmp_path: Path, times: int
) -> None:
    """The function's code, records from Python and files in an archive; twice makes them once."""
    record_file()
    out = tmp_path / "cdk.out"
    for _ in range(times):
        subprocess.run([sys.executable, "-c", APP, tmp_path, out], check=True)
    manifest = json.loads((out / "Stack.assets.json").read_text())
    sources = [out / each["source"]["path"] for each in manifest["files"].values()]
    assert len(sources) == 5
    assert all(source.exists() for source in sources)
    assert len(list(out.glob("bedrock-batch.*/*"))) == 4
