"""Why a job has failed, or would fail again: its message, then its account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.access import Access, ResourcePolicy, summed_up
from bedrock_batch.diagnosis.account import Account, UntoldError
from bedrock_batch.diagnosis.buckets import Buckets
from bedrock_batch.diagnosis.data import Data
from bedrock_batch.diagnosis.declared import Declared
from bedrock_batch.diagnosis.finding import Diagnosis, Finding
from bedrock_batch.diagnosis.keys import Keys
from bedrock_batch.diagnosis.message import cause_first, of_message, of_records
from bedrock_batch.diagnosis.models import look_at_model
from bedrock_batch.diagnosis.network import Network, needs_in_vpc
from bedrock_batch.diagnosis.objects import expected_objects, look_at_objects
from bedrock_batch.diagnosis.policies.document import Request
from bedrock_batch.diagnosis.policies.opinion import Opinion, opinion, unknown
from bedrock_batch.diagnosis.role import look_at_role
from bedrock_batch.diagnosis.simulation import Simulation
from bedrock_batch.diagnosis.subject import Subject
from bedrock_batch.jobs.arn import Arn
from bedrock_batch.records.limits import RecordLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bedrock_batch.diagnosis.need import Need
    from bedrock_batch.diagnosis.policies.principals import Role
    from bedrock_batch.diagnosis.role import RoleFacts
    from bedrock_batch.jobs.job import Job


def diagnose(job: Job, client: Callable[[str], Any], *, removed: Collection[str] = ()) -> Diagnosis:
    """Say why a job has failed, or would.

    The account is asked as it is now. Where a question has no answer, because the caller may not ask it or because
    Bedrock does not document what a request of its says, the answer is "cannot tell", never "right".

    Parameters
    ----------
    job : Job
        As GetModelInvocationJob tells it; one that List told has no message.
    client : callable
        Makes a boto3 client of a service by its name, for the account and Region of the job.
    removed : collection of str
        The names of roles and buckets that went when the stack of the job rolled back, which is not why it failed.
        Default: none are known to have.

    Returns
    -------
    Diagnosis
        What was found, the cause first.

    Examples
    --------
    >>> def of_session(name):
    ...     return boto3.client(name, region_name="us-east-1")
    >>> diagnosis = diagnose(get_job(of_session("bedrock"), "abcdefghwxyz"), of_session)  # doctest: +SKIP
    """
    subject = Subject.of(job)
    findings = list(findings_of(subject, Account(client), Declared(removed=frozenset(removed))))
    findings += [*of_message(subject, job.message, findings), *of_records(job)]
    return Diagnosis(job.arn, job.status, job.message, tuple(cause_first(findings, job.message)))


def findings_of(subject: Subject, account: Account, declared: Declared) -> Iterator[Finding]:
    """Go through what is found, in the order in which it is asked.

    Parameters
    ----------
    subject : Subject
        The job.
    account : Account
        That of the job.
    declared : Declared
        What is not made yet.
    """
    role = look_at_role(account, subject, declared)
    buckets, keys = Buckets(account, subject, declared), Keys(account, subject, declared)
    if buckets.is_declared(subject.input.uri.bucket):
        objects = expected_objects(subject)
    else:
        objects = look_at_objects(account, subject, RecordLimits.of_model(subject.model))
    network = Network(account, subject)
    yield from role.findings
    yield from buckets.findings()
    yield objects.finding
    models, needs = look_at_model(account, subject, role)
    data = Data(account, subject, role, buckets, keys, objects)
    needs += [*data.needs(), *needs_in_vpc(subject, role)]
    yield from (key.finding for key in keys.all)
    yield from models
    yield from network.findings
    yield from data.findings
    if role.there:
        simulation = Simulation(account, role, declared)
        judge = _Judge(subject, role, simulation, buckets, keys, network)
        yield from summed_up([judge.access(need) for need in needs if need.bucket not in buckets.gone])
        yield from simulation.findings()


class _Judge:
    """Hears all policies to a need."""

    def __init__(  # noqa: PLR0917 - those who are heard
        self,
        subject: Subject,
        role: RoleFacts,
        simulation: Simulation,
        buckets: Buckets,
        keys: Keys,
        network: Network,
    ) -> None:
        self._subject, self._role, self._simulation = subject, role, simulation
        self._buckets, self._keys, self._network = buckets, keys, network

    def access(self, need: Need) -> Access:
        own = self._simulation.ask(need)
        if need.bucket:
            return Access(need, own, self._of_bucket(need), tuple(self._of_endpoints(need)))
        return Access(need, own, self._of_key(need) if need.key else None)

    def _of_bucket(self, need: Need) -> ResourcePolicy:
        name = f"the bucket policy of {need.bucket}"
        owner = need.context.known["aws:ResourceAccount"][0]
        foreign = owner != self._subject.role_account
        try:
            policy = self._buckets.policy(need.bucket)
        except UntoldError as error:
            return ResourcePolicy(name, unknown(str(error)), foreign)
        return ResourcePolicy(name, _opinion(policy, need, self._role.asker), foreign)

    def _of_key(self, need: Need) -> ResourcePolicy:
        key = self._keys.get(need.key)
        foreign = Arn.of(key.arn).account != self._subject.role_account if key.told else None
        said = self._keys.opinion(key, need, self._role.asker)
        return ResourcePolicy(f"the key policy of {key.arn}", said, foreign, required=True)

    def _of_endpoints(self, need: Need) -> Iterator[ResourcePolicy]:
        for name, policy in self._network.endpoints:
            said = opinion(policy, _request(need, self._role.asker)) if policy else unknown("its policy is not told")
            if said.allowed and not said.directly:
                # Of an account, that of a gateway endpoint means the root user only: "Gateway endpoints" in the guide.
                said = Opinion(said.denied, None, None, "it names the account, not the role")
            yield ResourcePolicy(f"the policy of {name}", said)


def _opinion(policy: object, need: Need, asker: Role) -> Opinion:
    if policy is None:
        return Opinion(denied=False, allowed=False, directly=False)
    return opinion(policy, _request(need, asker))


def _request(need: Need, asker: Role) -> Request:
    return Request(need.action, need.resource, asker, need.context)
