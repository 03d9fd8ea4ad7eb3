"""Ctrl-C while AWS is slow: nothing half-written is left in it or here, no process, no traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import RecordFile
from tests.local_aws.conftest import records
from tests.toolkit_cli.gate import Gate, gate
from tests.toolkit_cli.interruption import Interruptible, interruptible
from tests.toolkit_cli.jobs.conftest import World, id_of

JOB = "GET /model-invocation-job/"
#: Of 8 MiB, of an object of 20 MB.
PARTS = 3


@contextmanager
def held(
    world: World, request: str, folder: Path, *arguments: str | Path, first: int = 0
) -> Iterator[tuple[Interruptible, Gate]]:
    """Run a command until it sends a request, which waits; the first few like it do not."""
    with (
        gate(world.aws.url, request, first) as door,
        interruptible(*arguments, folder=folder, **world.environment | {"AWS_ENDPOINT_URL": door.url}) as running,
    ):
        running.go()
        door.wait()
        yield running, door


@pytest.fixture
def bucket(world: World) -> str:
    return world.aws.bucket({"in/a.jsonl": records(100), "in/b.jsonl": records(100)})


@pytest.fixture(scope="module")
def cut(world: World) -> str:
    """A job that was stopped before its first record."""
    with world.faults.hold("Scheduled", "cut-job"):
        arn = world.start("in.jsonl", jobName="cut-job")
        world.aws.reach(arn, {"Scheduled"})
        world.aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
        world.aws.end(arn)
    return arn


@pytest.mark.parametrize(
    ("awaited", "command"),
    [
        ("GET /model-invocation-jobs", "list"),
        (JOB, "status JOB"),
        (JOB, "watch JOB"),
        (JOB, "stop JOB --wait"),
        ("GET /b-.*/in.jsonl", "check s3://BUCKET/in.jsonl"),
    ],
    ids=["list", "status", "watch", "stop", "check"],
)
def test_waiting_for_a_slow_service_ends_at_once(
    world: World, done: str, tmp_path: Path, awaited: str, command: str
) -> None:
    words = command.replace("JOB", done).replace("BUCKET", world.bucket).split()
    with held(world, awaited, tmp_path, *words) as (running, _):
        running.interrupt()
        running.assert_interrupted()


def test_watch_between_two_looks_ends_at_once(world: World, tmp_path: Path) -> None:
    with world.faults.hold("Scheduled", "looked-at"):
        arn = world.start("in.jsonl", jobName="looked-at")
        world.aws.reach(arn, {"Scheduled"})
        with interruptible("watch", arn, folder=tmp_path, **world.environment) as running:
            running.go()
            assert "Scheduled" in running.process.stdout.readline()
            running.interrupt()
            running.assert_interrupted()


def test_a_split_to_a_folder_leaves_whole_files_only(world: World, bucket: str, tmp_path: Path) -> None:
    limits = ("--limit", "records_per_file=60", "--limit", "min_records_per_job=1")
    command = ("split", f"s3://{bucket}/in/", "--to", "parts", *limits)
    # All is read once before a file is written.
    with held(world, f"GET /{bucket}/in/b.jsonl", tmp_path, *command, first=1) as (running, _):
        half, *whole = sorted(path.name for path in (tmp_path / "parts").iterdir())
        assert whole == ["records-00001.jsonl", "records-00002.jsonl"]
        assert half.startswith(".records-00003.jsonl.")
        running.interrupt()
        running.assert_interrupted()
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == whole
    again = world.command(*command, folder=tmp_path)
    assert "there already, and the same: 2 files" in again.stdout, again.stderr


def test_a_split_to_s3_leaves_no_open_upload(
    world: World, bucket: str, record_file: RecordFile, tmp_path: Path
) -> None:
    file = record_file(100, text="x" * 200_000)
    with held(world, "PUT .*partNumber=", tmp_path, "split", file, "--to", f"s3://{bucket}/parts/") as (running, door):
        # While threads start, Linux may give a signal to one of them, and the command hears of it later.
        door.wait(PARTS - 1)
        running.interrupt()
        door.open()
        running.assert_interrupted()
        assert [request for request in door.passed if request.startswith("DELETE ")]
    found = world.aws.client("s3").list_objects_v2(Bucket=bucket, Prefix="parts/")
    assert "Contents" not in found
    assert "Uploads" not in world.aws.client("s3").list_multipart_uploads(Bucket=bucket)


@pytest.mark.parametrize("command", ["results", "report", "retry"])
def test_half_a_download_is_not_left(world: World, done: str, tmp_path: Path, command: str) -> None:
    output = f"GET /{world.bucket}/out/{id_of(done)}/in.jsonl.out"
    with held(world, output, tmp_path, command, done, "--output", "new.jsonl") as (running, door):
        assert list(running.temporary.iterdir())
        running.interrupt()
        door.open()
        running.assert_interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]


def test_half_an_input_of_another_try_is_not_left(world: World, cut: str, tmp_path: Path) -> None:
    with (
        interruptible("retry", cut, "--output", "again.jsonl", folder=tmp_path, **world.environment) as running,
        running.slow_file(tmp_path / "again.jsonl") as file,
    ):
        running.go()
        file.wait()
        running.interrupt()
        file.drain()
        running.assert_interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]


def test_a_resubmission_that_is_interrupted_is_found_by_the_next(world: World, cut: str, tmp_path: Path) -> None:
    submit = ("retry", cut, "--submit", "--output", "again.jsonl")
    with held(world, "POST /model-invocation-job", tmp_path, *submit) as (running, door):
        running.interrupt()
        running.assert_interrupted()
        door.open()
    assert (tmp_path / "again.jsonl").read_bytes() == records(120)
    again = world.command(*submit, folder=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "not created again" in again.stdout
