"""IAM's simulation counts the organization's policies, whose text nobody else may read."""

from dataclasses import dataclass
from typing import Any

import pytest

from bedrock_batch.diagnosis.account import Account
from bedrock_batch.diagnosis.declared import Declared
from bedrock_batch.diagnosis.need import Need
from bedrock_batch.diagnosis.policies.context import Context
from bedrock_batch.diagnosis.policies.principals import Role
from bedrock_batch.diagnosis.policies.truth import Truth
from bedrock_batch.diagnosis.role import RoleFacts
from bedrock_batch.diagnosis.simulation import OwnPolicies, Simulation
from tests.diagnosis.world import World, untold, wrong

ROLE = "arn:aws:iam::111122223333:role/job"
NEED = Need("s3:GetObject", "arn:aws:s3:::b/a.jsonl", Context(absent=("aws:username",)), "the input")


@dataclass(frozen=True)
class Pages:
    """The only page of what IAM lists."""

    page: dict[str, Any]

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [self.page]


@dataclass(frozen=True)
class Iam:
    """Answers as IAM does for a role with one policy."""

    policy: dict[str, Any]
    result: dict[str, Any]

    def get_paginator(self, operation: str) -> Pages:
        pages = {
            "simulate_principal_policy": {"EvaluationResults": [self.result]},
            "list_role_policies": {"PolicyNames": ["p"]},
            "list_attached_role_policies": {"AttachedPolicies": []},
        }
        return Pages(pages[operation])

    def get_role_policy(self, **_: Any) -> dict[str, Any]:
        return {"PolicyDocument": self.policy}


def asked(statement: dict[str, Any], *missing: str, **result: Any) -> OwnPolicies:
    answer = {"EvalDecision": "allowed", "MissingContextValues": list(missing), **result}
    iam = Iam({"Statement": [statement]}, answer)
    facts = RoleFacts(Role(ROLE), bounded=False)
    return Simulation(Account(lambda _: iam), facts, Declared()).ask(NEED)


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **elements}


MEMBER = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": True}}
OF_ORGANIZATION = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}


@pytest.mark.parametrize(
    ("statement", "missing", "result", "allowed"),
    [
        (allow(), [], MEMBER, True),
        (allow(), ["aws:username"], MEMBER, True),
        # No statement of the role asks for it: one of the organization does.
        (allow(), ["aws:SourceVpc"], MEMBER, None),
        (allow(), ["aws:SourceVpc"], {}, None),
        (allow(**OF_ORGANIZATION), ["aws:PrincipalOrgID"], {}, None),
        # One of the role does, about something else; that one of the organization's may, too, a line of its own says.
        ({**allow(**OF_ORGANIZATION), "Action": "ec2:*"}, ["aws:PrincipalOrgID"], {}, True),
        ({**allow(**OF_ORGANIZATION), "Action": "ec2:*"}, ["aws:PrincipalOrgID"], MEMBER, True),
        # A variable asks for a key, too.
        (allow(Resource="arn:aws:s3:::c/${aws:PrincipalOrgID}*"), ["aws:PrincipalOrgID"], {}, True),
        (
            allow(Resource=["arn:aws:s3:::b/*", "arn:aws:s3:::c/${aws:PrincipalOrgID}"]),
            ["aws:PrincipalOrgID"],
            {},
            None,
        ),
        (allow(), [], {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}, False),
    ],
)
def test_what_an_organization_may_ask_for_is_left_open(
    statement: dict[str, Any], missing: list[str], result: dict[str, Any], allowed: Truth
) -> None:
    found = asked(statement, *missing, **result)
    assert found.opinion.allowed is allowed
    if allowed is None:
        assert missing[0] in found.opinion.says


def test_of_an_account_in_an_organization_not_everything_can_be_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Simulation._results  # noqa: SLF001 - the local AWS has no organizations
    monkeypatch.setattr(Simulation, "_results", lambda self, need: ({**each, **MEMBER} for each in told(self, need)))
    diagnosis = world.diagnose(world.run(world.role()))
    assert (wrong(diagnosis), [each.check for each in untold(diagnosis)]) == ([], ["the organization"])
