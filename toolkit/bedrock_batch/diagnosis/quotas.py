"""How many jobs of a model an account may have at once, and how many it has.

Sources: "Quotas for Amazon Bedrock": those that are in progress or submitted count, by base model; "ListServiceQuotas"
in the Service Quotas API reference. What a quota calls a model is near to what GetFoundationModel does, and no more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, cannot_tell, right, wrong
from bedrock_batch.jobs.job import list_jobs

if TYPE_CHECKING:
    from bedrock_batch.diagnosis.subject import Subject

_QUOTA = "the quota of jobs"
_BEGINNING = "Sum of in-progress and submitted batch inference jobs using a base model"
_FIRST_VERSION = "v1"
#: Of how many jobs it is asked whether they have ended: those of some days, newest first.
_LOOKED_AT = 1000


def look_at_quota(account: Account, subject: Subject) -> Finding:
    """Say whether one more job of the model may be made."""
    model = subject.model.rpartition("/")[2]
    try:
        most = _most(account, subject)
        live = _live(account, model)
    except UntoldError as error:
        return cannot_tell(_QUOTA, f"{model}: {error}")
    except AbsentError:
        return cannot_tell(_QUOTA, f"{model}: Bedrock tells no name of it by which Service Quotas calls it")
    if most is None:
        return cannot_tell(_QUOTA, f"{model}: Service Quotas has none of a name that is near to the model's")
    said = f"{live} of {most} jobs of {model} have not ended"
    if live < most:
        return right(_QUOTA, said)
    return wrong(_QUOTA, said, f'wait for one to end, or ask Service Quotas for more of "{_BEGINNING} …"')


def _most(account: Account, subject: Subject) -> int | None:
    bedrock, quotas = account.client("bedrock"), account.client("service-quotas")
    base = re.sub(r"^.*/(?:(?:us|us-gov|eu|apac|au|ca|jp|global)\.)?", "", subject.model)
    name = account.ask(
        "bedrock:GetFoundationModel",
        lambda: str(bedrock.get_foundation_model(modelIdentifier=base)["modelDetails"]["modelName"]),
        absent=("ResourceNotFoundException", "ValidationException"),
    )
    found = account.ask(
        "servicequotas:ListServiceQuotas",
        lambda: [
            float(each["Value"])
            for page in quotas.get_paginator("list_service_quotas").paginate(ServiceCode="bedrock")
            for each in page["Quotas"]
            if _is_of(each["QuotaName"], name)
        ],
    )
    return int(min(found)) if found else None


def _live(account: Account, model: str) -> int:
    bedrock = account.client("bedrock")

    def count() -> int:
        listed = zip(range(_LOOKED_AT), list_jobs(bedrock), strict=False)
        return sum(not job.ended and job.model.endswith(model) for _, job in listed)

    return account.ask("bedrock:ListModelInvocationJobs", count)


def _is_of(quota: str, model: str) -> bool:
    """Whether a quota is a model's: that of "Nova Lite" ends in "Nova Lite V1", of "gpt-oss-20b" in "GPT OSS 20b"."""
    words = _words(model)
    return quota.startswith(_BEGINNING) and bool(words) and _words(quota)[-len(words) :] == words


def _words(name: str) -> list[str]:
    words = re.findall(r"[a-z0-9.]+", name.lower())
    return words[:-1] if words[-1:] == [_FIRST_VERSION] else words
