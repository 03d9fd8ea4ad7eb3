"""Each rule has one definition in each package that needs it, and all of them judge as botocore's service model does.

The packages may not import each other, so a rule stands once in each. A further copy fails here, and so does a
definition that has gone.
"""

import re
from dataclasses import asdict
from pathlib import Path
from shutil import copytree

import pytest

from batch_inference_pipeline.cutting.as_it_is import is_nameable
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.places import Place as PipelinePlace
from bedrock_batch.files.s3_uri import LONGEST
from bedrock_batch.files.s3_uri import S3Uri as ToolkitS3Uri
from bedrock_batch.files.s3_uri import is_s3_uri as is_s3_uri_of_the_toolkit
from bedrock_batch.jobs import arn as toolkit_arn
from bedrock_batch.jobs import name as toolkit_name
from bedrock_batch.jobs.status import ENDED, JobStatus
from bedrock_batch.models.documented import documented
from bedrock_batch.records.checking.batch_models import BATCH_MODELS
from bedrock_batch.records.limits import RecordLimits
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.models.geographies import GEOGRAPHIES
from bedrock_local.names import job_arn as local_job_arn
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.names.s3_uri import S3Uri as LocalS3Uri
from cdk_bedrock_batch._api import arn as construct_arn
from cdk_bedrock_batch._api import profile as construct_profile
from cdk_bedrock_batch._api.job_events import COMPLETED, FAILED
from cdk_bedrock_batch._api.job_events import ENDED as HEARD_OF
from cdk_bedrock_batch._data import s3_uri as construct_s3_uri
from cdk_bedrock_batch._job.name import _LONGEST_PREFIX
from model_invocation_job import arn, s3_uri, status
from model_invocation_job.owner import identity

from . import corpus
from .copies import SHAPES, STATUSES, Rule, files_with
from .judges import JOB_ARNS, JOB_IDENTIFIERS, JOB_NAMES, S3_URIS, in_the_model, judged_alike, passes
from .places import CONSTRUCTS, COPIES, FUNCTION, LOCAL, NO_COPIES, PIPELINE, PLACES, TOOLKIT

ROOT = Path(__file__).parents[2]

each_rule = pytest.mark.parametrize("rule", PLACES, ids=lambda rule: rule.__name__)
each_package = pytest.mark.parametrize("package", [CONSTRUCTS, FUNCTION, PIPELINE, TOOLKIT, LOCAL])


@each_package
@each_rule
def test_a_rule_stands_in_its_one_file(rule: Rule, package: str) -> None:
    place = PLACES[rule].get(package)
    assert files_with(rule, ROOT / package) == ({place} if place else set())


@each_package
@each_rule
def test_a_further_copy_is_found_and_a_definition_that_has_gone_is_missed(
    rule: Rule, package: str, tmp_path: Path
) -> None:
    tree = tmp_path / "package"
    copytree(ROOT / package, tree)
    planted = {f"planted_{number}.py": line for number, line in enumerate(COPIES[rule])}
    for file, line in planted.items():
        (tree / file).write_text(f'"""A copy."""\n\n{line}\n', encoding="utf-8")
    if place := PLACES[rule].get(package):
        (tree / place).write_text("", encoding="utf-8")
    assert files_with(rule, tree) == set(planted)


@each_rule
def test_what_only_speaks_of_a_rule_is_no_copy(rule: Rule, tmp_path: Path) -> None:
    (tmp_path / "speaking.py").write_text(NO_COPIES, encoding="utf-8")
    assert files_with(rule, tmp_path) == set()


def test_s3_uris_are_those_of_the_api_and_are_taken_apart_alike() -> None:
    for uri in judged_alike("S3Uri", corpus.s3_uris(), S3_URIS):
        bucket, key = s3_uri.taken_apart(uri)
        assert (bucket, key) == ToolkitS3Uri.parse(uri)
        # The local AWS needs no slashes at the ends; the construct needs all that follows the scheme.
        assert LocalS3Uri.parse(uri) == LocalS3Uri(bucket, key.strip("/"))
        assert construct_s3_uri.taken_apart(uri) == (bucket, uri.removeprefix("s3://"))
        written = construct_s3_uri.s3_uri(f"{bucket}/{key}")
        assert written == str(ToolkitS3Uri(bucket, key)) == str(LocalS3Uri(bucket, key))
    assert SHAPES["S3Uri"]["max"] == LONGEST


def test_an_object_that_is_used_as_it_is_has_an_s3_uri_of_the_api() -> None:
    of_objects = [uri for uri in corpus.s3_uris() if re.fullmatch("s3://bucket/.*[^/]", uri, re.DOTALL)]
    judged_alike("S3Uri", of_objects, {PIPELINE: lambda uri: is_nameable(PipelinePlace.of(uri))})


@pytest.mark.parametrize("text", ["s3://bucket/key", "s3:/bucket", "S3://bucket", "media/a.png", ""])
def test_an_s3_uri_is_told_from_a_path_alike(text: str) -> None:
    told = {each(text) for each in (construct_s3_uri.is_s3_uri, s3_uri.is_s3_uri, is_s3_uri_of_the_toolkit)}
    assert told == {text == "s3://bucket/key"}


def test_job_names_are_those_of_the_api() -> None:
    judged_alike("ModelInvocationJobName", corpus.job_names(), JOB_NAMES)


@pytest.mark.parametrize("package", JOB_NAMES)
def test_a_job_name_that_python_would_match_for_years_is_refused_at_once(package: str) -> None:
    assert not passes(JOB_NAMES[package], "a" + "-" * 60 + "_")


def test_a_job_name_is_as_long_as_the_api_lets_it_be() -> None:
    assert SHAPES["ModelInvocationJobName"]["max"] == identity.MAX_NAME_LENGTH == toolkit_name.LONGEST
    assert identity.MAX_PREFIX_LENGTH == _LONGEST_PREFIX


def test_job_arns_are_those_of_the_api_and_are_taken_apart_alike() -> None:
    for text in judged_alike("ModelInvocationJobArn", corpus.job_arns(), JOB_ARNS):
        found, matched = Arn.parse(text), arn.JOB_ARN.fullmatch(text)
        assert matched
        assert matched.group(1, 2, "account") == (
            f"arn:{found.partition}",
            f"{found.region}:{found.account}",
            found.account,
        )
        assert toolkit_arn.region_of(text) == found.region
        ids = {each(text) for each in (construct_arn.id_of, arn.id_of, toolkit_arn.id_of, local_job_arn.job_id_of)}
        assert ids == {text[-12:]}


def test_what_names_a_job_is_as_in_the_api() -> None:
    judged_alike("ModelInvocationJobIdentifier", corpus.job_arns(), JOB_IDENTIFIERS)
    made = local_job_arn.job_arn(Place("aws", "us-east-1", "123456789012"), local_job_arn.new_job_id())
    assert in_the_model("ModelInvocationJobArn", made)


def test_statuses_are_those_of_the_api_and_end_alike() -> None:
    assert set(JobStatus) == STATUSES
    assert set(Status) == STATUSES
    ended = {str(each) for each in Status if each.ended}
    assert status.TERMINAL == ENDED == ended == {*COMPLETED, *FAILED, "Stopped"} == set(HEARD_OF)
    assert [status.COMPLETED] == COMPLETED
    assert {*FAILED, "Stopped"} == status.UNSUCCESSFUL
    assert {status.STOPPING, *status.UNVALIDATED} < STATUSES - ended


def test_a_profile_that_the_construct_refuses_is_refused_by_the_local_aws() -> None:
    assert construct_profile.GEOGRAPHIES.keys() == GEOGRAPHIES.keys()
    for name, geography in GEOGRAPHIES.items():
        # Of none there is nothing to refuse.
        near = construct_profile.GEOGRAPHIES[name] or ""
        assert all(source.startswith(near) for source in geography.sources), name
        assert all(region.startswith(near) for region in geography.regions), name


def test_the_models_that_are_named_as_near_are_those_that_the_local_aws_makes_jobs_with() -> None:
    assert list(BATCH_MODELS) == list(documented().alone)


@pytest.mark.parametrize("model", ["amazon.nova-lite-v1:0", "meta.llama4-scout-17b-instruct-v1:0"])
def test_the_limits_of_records_are_the_quotas_of_the_local_aws(model: str) -> None:
    limits, quotas = RecordLimits.of_model(model), Quotas().of(model)
    assert limits.min_records_per_job == quotas.min_records_per_job
    shared = ("records_per_file", "records_per_job", "bytes_per_file", "bytes_per_job")
    assert [getattr(limits, each) for each in shared] == [getattr(quotas, each) for each in shared]
    assert RecordLimits.of_model("another") == RecordLimits()


def test_the_limits_of_a_pipeline_are_those_of_the_toolkit() -> None:
    assert asdict(Limits()) == asdict(RecordLimits())
