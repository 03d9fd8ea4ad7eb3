"""Independent judges look at every example: what they object to is put right, or acknowledged with a reason."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.judges import parliament
from tests.judges.acknowledgement import Acknowledgement
from tests.judges.acknowledgements import ACKNOWLEDGEMENTS
from tests.judges.finding import Finding
from tests.judges.judges import JUDGES

ENTRIES = [(entry, rule, where) for entry in ACKNOWLEDGEMENTS for rule in entry.rules for where in entry.where]


def is_meant(finding: Finding, rule: str, where: str) -> bool:
    return finding.rule == rule and fnmatchcase(finding.where, where)


@pytest.mark.parametrize("judge", JUDGES)
def test_what_a_judge_objects_to_is_acknowledged(judge: str, findings: list[Finding]) -> None:
    raised = {finding for finding in findings if finding.judge == judge}
    assert raised, f"{judge} has found nothing at all: does it run?"
    new = {finding for finding in raised if not any(is_meant(finding, rule, where) for _, rule, where in ENTRIES)}
    assert new == set(), "put it right, or say in acknowledgements.py why it stands"


@pytest.mark.parametrize("entry", ACKNOWLEDGEMENTS, ids=lambda entry: entry.rules[0])
def test_what_is_acknowledged_is_still_objected_to(entry: Acknowledgement, findings: list[Finding]) -> None:
    raised = [finding for finding in findings if finding.rule in entry.rules]
    gone = {
        rule
        for rule in entry.rules
        if not any(is_meant(finding, rule, where) for finding in raised for where in entry.where)
    }
    gone |= {where for where in entry.where if not any(fnmatchcase(finding.where, where) for finding in raised)}
    assert gone == set(), "take it out of acknowledgements.py"


def test_each_acknowledgement_says_why() -> None:
    assert all(len(entry.reason.split()) > 5 and entry.reason.endswith(".") for entry in ACKNOWLEDGEMENTS)


def test_every_template_is_judged_by_cdk_nag(assemblies: list[Path]) -> None:
    assert len(assemblies) > 5
    assert all((assembly / "validation-report.json").exists() for assembly in assemblies)


@pytest.mark.parametrize(
    ("action", "resource", "rule"),
    [
        ("s3:GetObjekt", "arn:aws:s3:::bucket/*", "UNKNOWN_ACTION"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH[s3:GetObject]"),
        ("s3:GetObject", "*", "RESOURCE_STAR[s3:GetObject]"),
    ],
)
def test_a_wrong_policy_is_objected_to(action: str, resource: str, rule: str) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}
    assert [found for found, _ in parliament.objections(policy)] == [rule]


def test_a_wrong_trust_policy_is_objected_to() -> None:
    principal = {"Service": "bedrock.amazonaws.com"}
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoll", "Principal": principal}],
    }
    assert [found for found, _ in parliament.objections(policy)] == ["UNKNOWN_ACTION"]
