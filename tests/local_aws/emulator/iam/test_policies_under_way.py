import json
from typing import Any

import pytest
from ministack.core import iam_evaluator
from ministack.core.responses import AccountScopedDict
from ministack.services import iam

from bedrock_local.emulator.iam.young_roles import remember_changes

POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.mark.parametrize("kind", ["inline", "attached"])
def test_a_policy_comes_or_goes_while_somebody_looks_at_the_role(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    for name in ("_roles", "_policies"):
        monkeypatch.setattr(iam, name, AccountScopedDict())
    remember_changes()
    arns = [f"arn:aws:iam::000000000000:policy/{name}" for name in "ab"]
    role = {"InlinePolicies": {}, "AttachedPolicies": []} | (
        {"InlinePolicies": {"a": POLICY, "b": POLICY}} if kind == "inline" else {"AttachedPolicies": arns}
    )
    iam._roles["busy"] = role  # noqa: SLF001 -- no public way in
    looked = []

    def look(document: Any) -> list[str]:
        looked.append(document)
        there = iam._roles["busy"]  # noqa: SLF001 -- the same
        if kind == "inline":
            there["InlinePolicies"][f"new {len(looked)}"] = POLICY
        elif len(looked) == 1:
            there["AttachedPolicies"].remove(arns[0])
        return ["statement"]

    monkeypatch.setattr(iam_evaluator, "parse_policy_document", look)
    monkeypatch.setattr(iam_evaluator, "_resolve_managed_policy_document", lambda arn, _account: arn)
    assert len(iam_evaluator._gather_role_policies("busy", "000000000000")) == 2  # noqa: SLF001 -- the same
