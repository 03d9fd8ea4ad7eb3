"""More files than travel one by one: a job answers them all, and stays the same when they come to travel otherwise."""

import json
from pathlib import Path

from aws_cdk import Stack

from cdk_bedrock_batch import InputData

from .gallery import job
from .jobs import Jobs, objects
from .stacks import Stacks, Template

FILES = 60


def paths(folder: Path, files: int) -> list[Path]:
    """Files of two records each."""
    found = [folder / f"{file:03}.jsonl" for file in range(files)]
    for file, path in enumerate(found):
        body = {"messages": [{"role": "user", "content": [{"text": f"Say hello to {file}"}]}]}
        lines = ({"recordId": f"{file}-{line}", "modelInput": body} for line in range(2))
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return found


def test_files_in_an_archive_are_answered_and_a_stack_with_fewer_makes_no_other_job(
    stacks: Stacks, jobs: Jobs, tmp_path: Path
) -> None:
    data = InputData.from_files(paths(tmp_path, FILES))

    def build(stack: Stack, *names: str) -> None:
        for name in names:
            job(stack, name, input_data=data)

    first = stacks.synthesize(lambda stack: build(stack, "Alone", "Archived"), "ManyFiles")
    deployed = stacks.put(first, "ManyFiles")
    arn = deployed.jobs["Archived"]
    described = jobs.ended(arn)
    assert described["status"] == "Completed"
    results = f"{described['outputDataConfig']['s3OutputDataConfig']['s3Uri']}{arn.rpartition('/')[2]}/"
    names = [f"{path.name}.out" for path in sorted(tmp_path.iterdir())]
    assert sorted(objects(stacks.s3, results)) == [*names, "manifest.json.out"]
    # Without the other these are few, and copied one by one.
    second = stacks.synthesize(lambda stack: build(stack, "Archived"), "ManyFiles")
    staged = [_staged(template, "Archived") for template in (first, second)]
    assert staged == [1, FILES]
    assert stacks.put(second, "ManyFiles").jobs == {"Archived": arn}


def _staged(template: Template, id: str) -> int:
    (properties,) = (
        resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "Custom::BedrockModelInvocationJob" and name.startswith(id)
    )
    return len(properties["StagedInput"])
