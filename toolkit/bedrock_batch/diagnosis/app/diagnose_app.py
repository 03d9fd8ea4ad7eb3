"""Whether the jobs of an app would fail: its templates, and the account into which they go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bedrock_batch.assembly import read_assembly
from bedrock_batch.diagnosis.account import Account
from bedrock_batch.diagnosis.app.gathering import DeclaredJob, gather, has_new_network, is_known
from bedrock_batch.diagnosis.diagnose import findings_of
from bedrock_batch.diagnosis.finding import Diagnosis, Finding, cannot_tell
from bedrock_batch.diagnosis.message import cause_first
from bedrock_batch.diagnosis.quotas import look_at_quota
from bedrock_batch.diagnosis.subject import Subject
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.jobs.arn import Arn, job_arn
from bedrock_batch.jobs.job import Job
from bedrock_batch.jobs.stack import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bedrock_batch.diagnosis.declared import Declared

#: Stands for the id that a job gets.
_ID = "000000000000"
_PROFILE = re.compile(r"(?:us|us-gov|eu|apac|au|ca|jp|global)\.")


def diagnose_app(folder: Path, client: Callable[[str], Any], *, names: Sequence[str] = ()) -> list[Diagnosis]:
    """Say whether the jobs of an app would fail, before it is deployed.

    What the templates declare is judged as they have it; what they only name is asked of the account. The values that
    only a deployment knows leave it open.

    Parameters
    ----------
    folder : Path
        What ``cdk synth`` writes.
    client : callable
        As `diagnose` takes it.
    names : sequence of str
        Logical ids of jobs, or their beginnings. Default: all jobs.

    Returns
    -------
    list of Diagnosis
        One for each job, named by its stack and its logical id.

    Raises
    ------
    BedrockBatchError
        If the folder is none of ``cdk synth``, has no job or none of a name, or is meant for another account or Region.
    """
    found, account = read_assembly(folder), Account(client)
    identity = account.client("sts").get_caller_identity()
    partition, region = Arn.of(identity["Arn"]).partition, str(account.client("sts").meta.region_name)
    gathered = gather(found, identity["Account"], region, partition)
    jobs = _chosen({job.name: job for job in gathered.jobs}, names)
    for job in jobs:
        _require_here(job, identity["Account"], region)
    return [_diagnosis(job, account, gathered.declared) for job in jobs]


def _chosen(jobs: dict[str, DeclaredJob], names: Sequence[str]) -> list[DeclaredJob]:
    if not jobs:
        raise BedrockBatchError("the app has no job (Custom::BedrockModelInvocationJob); name the folder of another")
    found = [called(jobs, name) for name in names]
    if [] in found:
        name = names[found.index([])]
        raise BedrockBatchError(
            f"the app has no job whose logical id starts with {name}; name one of {', '.join(jobs)}"
        )
    return [jobs[each] for each in dict.fromkeys(name for some in found for name in some)] or list(jobs.values())


def _require_here(job: DeclaredJob, account: str, region: str) -> None:
    if (job.account, job.region) != (account, region):
        raise BedrockBatchError(
            f"{job.name} goes to account {job.account} in {job.region}, and these credentials are of {account} in "
            f"{region}; choose others with --profile and --region"
        )


def _diagnosis(job: DeclaredJob, account: Account, declared: Declared) -> Diagnosis:
    if not is_known(job):
        what = cannot_tell("the job", "what it reads, writes or runs as is known only when the stack is there")
        return Diagnosis(job.name, "", "", (what,))
    subject = _subject(job)
    findings = [*findings_of(subject, account, declared), *_before(subject, account)]
    if has_new_network(job):
        findings.append(cannot_tell("the VPC", "its subnets or security groups are made with the stack"))
    return Diagnosis(job.name, "", "", tuple(cause_first(findings, "")))


def _before(subject: Subject, account: Account) -> Iterator[Finding]:
    said = f"whether {subject.model} has batch inference in {subject.region}, Bedrock says when the job is made"
    yield cannot_tell("batch support", said)
    yield look_at_quota(account, subject)


def _subject(job: DeclaredJob) -> Subject:
    model = str(job.call["modelId"])
    if not Arn.of(model).service:
        kind, account = ("inference-profile", job.account) if _PROFILE.match(model) else ("foundation-model", "")
        model = str(Arn(job.partition, "bedrock", job.region, account, f"{kind}/{model}"))
    arn = job_arn(job.partition, job.region, job.account, _ID)
    known = {**job.call, "jobArn": arn, "modelId": model} | ({"vpcConfig": None} if has_new_network(job) else {})
    return Subject.of(Job(known))
